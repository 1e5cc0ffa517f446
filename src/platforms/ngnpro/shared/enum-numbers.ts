import { isFault } from '../fault.ts';
import type { Item, NgnproClient, SipId } from '../types.ts';
import { accountName } from './kinds.ts';
import { itemOf, itemsOf, sameName } from './read.ts';

/** A number's key in the target's ENUM tree. */
export const enumIdOf = ({ defaults }: Pick<NgnproClient, 'defaults'>, number: string): Item => ({
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

export const sipUriOf = (sipId: SipId): string => `sip:${accountName(sipId)}`;

/** Whether calls to a published number go to an account. */
export const leadsTo = (found: Item, sipId: SipId): boolean =>
  itemsOf(found['mappings']).some((one) => sameName(one['mapto'], sipUriOf(sipId)));

/** Vendor defaults (ngnpro.md, EnumNumber). */
export const mappingTo = (sipId: SipId): Item => ({ type: 'sip', mapto: sipUriOf(sipId), priority: 5, ttl: 3600 });

export async function deleteNumber(client: NgnproClient, number: string): Promise<void> {
  try {
    await client.call('EnumPort', 'deleteNumber', { enumId: enumIdOf(client, number) });
  } catch (error) {
    if (!isFault(error, 'numberUnknown')) throw error;
  }
}
