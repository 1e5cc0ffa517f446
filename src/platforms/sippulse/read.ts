import type { Item, Reply } from './types.ts';

/** A list of an answer; npm soap gives `null` for an empty one (sippulse.md, "npm soap"). */
export function itemsOf(reply: Reply, element: string): Item[] {
  const found = reply?.[element];
  if (found === undefined || found === null) return [];
  const all: unknown[] = Array.isArray(found) ? found : [found];
  return all.filter((one): one is Item => typeof one === 'object' && one !== null);
}

/** An object of an answer, or null. */
export function itemOf(reply: Reply, element: string): Item | null {
  const found = reply?.[element];
  return typeof found === 'object' && found !== null && !Array.isArray(found) ? (found as Item) : null;
}

export function numberOrNull(value: unknown): number | null {
  if (value === null || value === undefined || value === '') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

/** Absent, null and the empty text are the same to the platform. */
export function textOrNull(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

export const sameValue = (one: unknown, other: unknown): boolean => textOrNull(one) === textOrNull(other);
