import type { JsonValue } from './refusal.ts';

/** How Perl shows a hash where a text is due. */
export const REFERENCE = 'HASH(0x5594c0de2a10)';

/** How the server shows an input in an error text. */
export function echo(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (Array.isArray(value)) return 'ARRAY(0x5594c0de2a28)';
  if (typeof value === 'object') return REFERENCE;
  return String(value);
}

/** Length as the server counts it: by characters, not by UTF-16 units. */
export function characters(text: string): number {
  return Array.from(text).length;
}
