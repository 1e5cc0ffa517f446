import { without } from '../../operations/items.ts';
import { isFault } from '../fault.ts';
import { isSame } from '../operations/values.ts';
import type { Item, NgnproClient, SipId } from '../types.ts';
import { accountName, type Context } from './kinds.ts';
import { itemOf, itemsOf, sameName, textOrNull } from './read.ts';

/** A number's key in the target's ENUM tree. */
const enumIdOf = ({ defaults }: Pick<NgnproClient, 'defaults'>, number: string): Item => ({
  number,
  tld: defaults.enumTld,
});

/** A published number; null when there is none. */
export async function findNumber(client: NgnproClient, number: string): Promise<Item | null> {
  try {
    return itemOf(await client.call('EnumPort', 'getNumber', { enumId: enumIdOf(client, number) }));
  } catch (error) {
    if (isFault(error, 'numberUnknown')) return null;
    throw error;
  }
}

/** Whether a number is published that bears the order's key. */
export async function isMarked({ client, key }: Pick<Context, 'client' | 'key'>, number: string): Promise<boolean> {
  const found = await findNumber(client, number);
  return textOrNull(found?.['info']) === key;
}

export const sipUriOf = (sipId: SipId): string => `sip:${accountName(sipId)}`;

/** Whether calls to a published number go to an account. */
export const leadsTo = (found: Item, sipId: SipId): boolean =>
  itemsOf(found['mappings']).some((one) => sameName(one['mapto'], sipUriOf(sipId)));

/** Vendor defaults (ngnpro.md, EnumNumber). */
export const mappingTo = (sipId: SipId): Item => ({ type: 'sip', mapto: sipUriOf(sipId), priority: 5, ttl: 3600 });

/** Its key, digits without plus. */
export const numberIn = (found: Item): string => textOrNull(itemOf(found['id'])?.['number']) ?? '';

interface Published {
  readonly owner: number;
  readonly info: string;
  readonly mappings: readonly object[];
}

export async function addNumber(client: NgnproClient, number: string, published: Published): Promise<void> {
  await client.call('EnumPort', 'addNumber', { number: { id: enumIdOf(client, number), ...published } });
}

/** The platform makes ids of mappings, and takes the customer from the range. */
const MADE = ['customer', 'reseller', 'changeDate'];

/** Publishes a number again as it was. */
export async function restoreNumber(client: NgnproClient, before: Item): Promise<void> {
  await client.call('EnumPort', 'addNumber', { number: { ...without(before, MADE), mappings: mappingsOf(before) } });
}

/** A published number with those of its mappings that led to one account leading to another. */
export const movedMappings = (found: Item, from: SipId, to: SipId, owner: number): Item => ({
  ...found,
  owner,
  mappings: itemsOf(found['mappings']).map((mapping) =>
    sameName(mapping['mapto'], sipUriOf(from)) ? { ...mapping, mapto: sipUriOf(to) } : mapping,
  ),
});

const mappingsOf = (number: Item): object[] => itemsOf(number['mappings']).map((mapping) => without(mapping, ['id']));

/** The platform gives mappings new ids whenever they are set. */
export const isPublishedAs = (found: Item, wanted: Item): boolean =>
  found['owner'] === wanted['owner'] && isSame(mappingsOf(found), mappingsOf(wanted));

export async function updateNumber(client: NgnproClient, number: Item): Promise<void> {
  await client.call('EnumPort', 'updateNumber', { number: without(number, MADE) });
}
