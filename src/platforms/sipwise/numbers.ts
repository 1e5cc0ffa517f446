import type { PhoneNumber } from '../port.ts';
import type { Item } from './client.ts';
import { textOrNull } from './lookup.ts';

/** A number as the platform takes it. An empty `ac` is left out: it is stored as null and read back as "" (§8.3). */
export function platformNumber(number: PhoneNumber): { cc: string; ac?: string; sn: string } {
  return number.ac === '' ? { cc: number.cc, sn: number.sn } : { cc: number.cc, ac: number.ac, sn: number.sn };
}

export const digitsOf = (number: PhoneNumber): string => `${number.cc}${number.ac}${number.sn}`;

/** Digits of a number as read: `cc` comes as a JSON number, `ac` may be "" or null (§8.3). */
export function readDigits(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const { cc, ac, sn } = value as Item;
  const digits = `${textOrNull(cc) ?? ''}${textOrNull(ac) ?? ''}${textOrNull(sn) ?? ''}`;
  return digits === '' ? null : digits;
}

/** Digits of the aliases of a subscriber as read, sorted. */
export function readAliases(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value
    .map(readDigits)
    .filter((digits) => digits !== null)
    .toSorted();
}
