import { TurnupError } from '../../../errors/index.ts';
import { itemsOf, sameValue } from '../read.ts';
import type { Args, Item, SippulseClient } from '../types.ts';

export interface Listing {
  readonly service: string;
  readonly operation: string;
  /** Element of the answer that holds the objects. */
  readonly element: string;
  /** Arguments, from an object to be found or from an operation's arguments. */
  args(item: Item): Args;
}

export async function list(client: SippulseClient, { service, operation, element, args }: Listing, item: Item) {
  return itemsOf(await client.read(service, operation, args(item)), element);
}

/** Members that are wanted otherwise than they are. */
export const differing = (wanted: Item, found: Item): string[] =>
  Object.keys(wanted).filter((member) => wanted[member] !== undefined && !sameValue(wanted[member], found[member]));

export const pick = (item: Item, members: readonly string[]): Item =>
  Object.fromEntries(members.filter((member) => item[member] !== undefined).map((member) => [member, item[member]]));

export const without = (item: Item, members: readonly string[]): Item =>
  Object.fromEntries(Object.entries(item).filter(([member]) => !members.includes(member)));

/** What `members` of an object are now, with null for those it does not have: a before-image. */
export const imageOf = (found: Item, members: readonly string[]): Item =>
  Object.fromEntries(members.map((member) => [member, found[member] ?? null]));

/** An object with other members, null taking one away. */
export const merged = (found: Item, members: Item): Item =>
  Object.fromEntries(
    Object.entries({ ...found, ...members }).filter(([, value]) => value !== null && value !== undefined),
  );

export function unknownReference(detail: string): TurnupError {
  return new TurnupError('TURNUP_REFERENCE_UNKNOWN', { detail });
}
