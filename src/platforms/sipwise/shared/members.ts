import type { Json } from '../../port.ts';
import { textOrNull } from '../lookup.ts';
import type { Item, PatchOperation } from '../types.ts';

/** Members of an object of the platform and their values; null = unset. */
export type Members = { readonly [member: string]: Json };

/** Booleans come as true or 1; absent, null and the empty string are the same. */
function plain(value: unknown): string | null {
  if (typeof value === 'boolean') return value ? '1' : '0';
  return textOrNull(value);
}

const isSame = (wanted: unknown, found: unknown): boolean => plain(wanted) === plain(found);

/** The members that the object has otherwise than wanted, as it has them: what undo brings back. */
export function imageOf(wanted: Members, found: Item): Members {
  const image: { [member: string]: Json } = {};
  for (const [member, value] of Object.entries(wanted)) {
    if (!isSame(value, found[member])) image[member] = (found[member] ?? null) as Json;
  }
  return image;
}

/** @param op `add` where the resource takes it: `replace` needs the member to be there (sipwise-ngcp.md §6) */
export function memberOperations(members: Members, op: 'add' | 'replace'): PatchOperation[] {
  return Object.entries(members).map(([member, value]) => ({ op, path: `/${member}`, value }));
}

/** The wanted values of the members that an image names. */
export const wantedOf = (image: Members, wanted: Members): Members =>
  Object.fromEntries(Object.keys(image).map((member) => [member, wanted[member] ?? null]));
