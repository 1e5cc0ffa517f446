import type { Item, Plain } from '../types.ts';

export const isItem = (value: Plain | undefined): value is Item =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An answer that is one object, or null. */
export const itemOf = (value: Plain | undefined): Item | null => (isItem(value) ? value : null);

export const itemsOf = (value: Plain | undefined): Item[] => (Array.isArray(value) ? value.filter(isItem) : []);

export const textsOf = (value: Plain | undefined): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string' && one !== '') : [];

/** Absent, null and the empty text are the same to the platform. */
export function textOrNull(value: Plain | undefined): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

/** 0 stands for none (ngnpro.md, "Types"). */
export const idOrNull = (value: Plain | undefined): number | null =>
  typeof value === 'number' && value > 0 ? value : null;

export const sameName = (one: Plain | undefined, other: string): boolean =>
  typeof one === 'string' && one.toLowerCase() === other.toLowerCase();
