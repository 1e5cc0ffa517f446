import { satisfies } from '../operations/values.ts';
import type { Json } from '../../port.ts';
import type { Item } from '../types.ts';

/** Members of an object as an order wants them; null clears one. */
export type Members = { readonly [member: string]: Json };

export const isEmpty = (members: object): boolean => Object.keys(members).length === 0;

/** The members of `wanted` that an object has otherwise, as it has them. */
export function otherThan(wanted: Members, found: Item): { [member: string]: Json } {
  const names = Object.keys(wanted).filter((name) => !satisfies(wanted[name], found[name]));
  return Object.fromEntries(names.map((name) => [name, found[name] ?? null]));
}
