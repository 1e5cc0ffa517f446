/** Markup that is known to be safe; everything else is escaped when it goes into a page. */
export interface Html {
  readonly markup: string;
}

type Part = Html | string | number | null | false | readonly Part[];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function render(part: Part): string {
  if (part === null || part === false) return '';
  if (Array.isArray(part)) return part.map(render).join('');
  if (typeof part === 'object') return (part as Html).markup;
  return String(part).replaceAll(/[&<>"']/g, (char) => ESCAPES[char]!);
}

/** A template tag: texts that are put in are escaped, other templates are not. */
export function html(texts: TemplateStringsArray, ...parts: Part[]): Html {
  return { markup: texts.map((text, at) => text + (at < parts.length ? render(parts[at]!) : '')).join('') };
}
