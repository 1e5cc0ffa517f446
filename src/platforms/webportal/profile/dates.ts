/*
 * Dates as a profile writes them: the letters of its manual's pattern, text in quotes. Without an offset in the pattern
 * a time is UTC.
 */

const TOKEN = /yyyy|MM|dd|HH|mm|ss|SSS|XXX|'(?:[^']|'')*'|[^A-Za-z']/g;

const DIGITS: Readonly<Record<string, number>> = { yyyy: 4, MM: 2, dd: 2, HH: 2, mm: 2, ss: 2, SSS: 3 };

const tokensOf = (pattern: string): string[] => pattern.match(TOKEN) ?? [];

const literalOf = (token: string): string => (token.startsWith("'") ? token.slice(1, -1).replaceAll("''", "'") : token);

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);

/** What is wrong with a pattern, or null. */
export function datePatternFault(pattern: string): string | null {
  const tokens = tokensOf(pattern);
  if (tokens.join('') !== pattern) return "may hold yyyy, MM, dd, HH, mm, ss, SSS, XXX and text in ' quotes";
  const missing = ['yyyy', 'MM', 'dd'].filter((token) => !tokens.includes(token));
  return missing.length > 0 ? `lacks ${missing.join(', ')}` : null;
}

/** A UTC time in ISO 8601 by the pattern. */
export function writeDate(iso: string, pattern: string): string {
  const [year = '', month = '', day = '', hour = '', minute = '', second = '', milli = ''] = new Date(iso)
    .toISOString()
    .split(/\D/);
  const parts: Record<string, string> = {
    yyyy: year,
    MM: month,
    dd: day,
    HH: hour,
    mm: minute,
    ss: second,
    SSS: milli,
  };
  return tokensOf(pattern)
    .map((token) => (token === 'XXX' ? 'Z' : (parts[token] ?? literalOf(token))))
    .join('');
}

/** The time in UTC, ISO 8601; null where the text is none by the pattern. */
export function readDate(text: string, pattern: string): string | null {
  const tokens = tokensOf(pattern);
  const source = tokens.map((token) => {
    if (token === 'XXX') return String.raw`(Z|[+-]\d\d:\d\d)`;
    const digits = DIGITS[token];
    return digits === undefined ? escaped(literalOf(token)) : String.raw`(\d{${digits}})`;
  });
  const values = new RegExp(`^${source.join('')}$`).exec(text)?.slice(1);
  if (!values) return null;
  const named = new Map(
    tokens.filter((token) => token === 'XXX' || token in DIGITS).map((token, at) => [token, values[at]]),
  );
  const of = (token: string, otherwise: string): string => named.get(token) ?? otherwise;
  const date = `${of('yyyy', '')}-${of('MM', '')}-${of('dd', '')}`;
  const time = `${of('HH', '00')}:${of('mm', '00')}:${of('ss', '00')}.${of('SSS', '000')}`;
  const ms = Date.parse(`${date}T${time}${of('XXX', 'Z')}`);
  if (Number.isNaN(ms)) return null;
  const iso = new Date(ms).toISOString();
  // Date.parse takes 31 February for 3 March.
  return named.has('XXX') || iso.startsWith(date) ? iso : null;
}
