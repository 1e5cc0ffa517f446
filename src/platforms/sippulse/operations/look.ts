import { itemsOf, sameValue } from '../read.ts';
import type { Args, Item, SippulseClient } from '../types.ts';

export { imageOf, pick, unknownReference, without } from '../../operations/items.ts';

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

/** An object with other members, null taking one away. */
export const merged = (found: Item, members: Item): Item =>
  Object.fromEntries(
    Object.entries({ ...found, ...members }).filter(([, value]) => value !== null && value !== undefined),
  );
