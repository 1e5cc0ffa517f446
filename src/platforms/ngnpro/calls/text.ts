const ENCODED = /(?:=[0-9A-F]{2})+/gi;

/** Several strings of a call arrive quoted-printable (ngnpro.md, CallsQuery; RFC 2045, §6.7). */
export function quotedPrintable(text: string): string {
  return text
    .replaceAll(/=\r?\n/g, '')
    .replaceAll(ENCODED, (run) => Buffer.from(run.replaceAll('=', ''), 'hex').toString('utf8'));
}

const LOCAL = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})$/;

/** Unix seconds, or a date and time of UTC; null for anything else. Which of them the platform sends is not public. */
export function secondsOf(value: unknown): number | null {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
  if (/^\d{1,11}$/.test(text)) return text === '0' ? null : Number(text);
  const [, date, time] = LOCAL.exec(text) ?? [];
  const ms = Date.parse(date === undefined ? text : `${date}T${time ?? ''}Z`);
  return text === '' || Number.isNaN(ms) ? null : Math.floor(ms / 1000);
}
