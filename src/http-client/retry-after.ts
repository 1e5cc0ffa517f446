/** A target that asks for a longer rest than this is asked again after it all the same. */
const LONGEST_MS = 3_600_000;

/**
 * How long a `Retry-After` header (RFC 9110 §10.2.3: seconds or an HTTP date) asks to wait.
 * @returns ms, at most an hour; undefined when the header is absent or unreadable.
 */
export function parseRetryAfter(value: string | string[] | undefined, now = Date.now()): number | undefined {
  const text = (Array.isArray(value) ? value[0] : value)?.trim();
  if (!text) return undefined;
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, LONGEST_MS);
  // Date.parse also reads "-5" or "2030": only the three forms of an HTTP date begin with the name of a day.
  if (!/^(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?,? /.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.min(Math.max(0, at - now), LONGEST_MS);
}
