const STARS = '*****';

const XML = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' } as const;

const inXml = (characters: RegExp) => (text: string) =>
  text.replaceAll(characters, (one) => XML[one as keyof typeof XML]);

const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);

/** How a value looks in what is sent and answered. Some writers of JSON escape more than they must, some of XML less. */
const FORMS: readonly ((text: string) => string)[] = [
  (text) => text,
  escaped,
  (text) => escaped(text).replaceAll('/', String.raw`\/`),
  (text) =>
    escaped(text)
      .replaceAll('/', String.raw`\/`)
      .replaceAll(/[^ -~]/g, (one) => String.raw`\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`),
  inXml(/[&<>]/g),
  inXml(/[&<>"]/g),
  inXml(/[&<>"']/g),
  (text) => encodeURIComponent(text.toWellFormed()),
  (text) => new URLSearchParams([['', text]]).toString().slice(1),
];

/** A text with stars where one of the values stood, as it is or as JSON, XML, URLs and forms write it. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const forms = new Set(
    secrets.filter((secret) => secret !== '').flatMap((secret) => FORMS.map((form) => form(secret))),
  );
  // The longest first: one may be a part of another.
  const sorted = [...forms].toSorted((a, b) => b.length - a.length);
  return sorted.reduce((clean, form) => clean.replaceAll(form, STARS), text);
}
