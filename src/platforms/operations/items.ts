import { TurnupError } from '../../errors/index.ts';
import type { Item } from './spec.ts';

export const pick = (item: Item, members: readonly string[]): Item =>
  Object.fromEntries(members.filter((member) => item[member] !== undefined).map((member) => [member, item[member]]));

export const without = (item: Item, members: readonly string[]): Item =>
  Object.fromEntries(Object.entries(item).filter(([member]) => !members.includes(member)));

/** What `members` of an object are now, with null for those it does not have: a before-image. */
export const imageOf = (found: Item, members: readonly string[]): Item =>
  Object.fromEntries(members.map((member) => [member, found[member] ?? null]));

export function unknownReference(detail: string): TurnupError {
  return new TurnupError('TURNUP_REFERENCE_UNKNOWN', { detail });
}
