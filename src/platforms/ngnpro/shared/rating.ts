import { isFault } from '../fault.ts';
import type { Item, NgnproClient, SipId } from '../types.ts';
import { accountName } from './kinds.ts';
import { itemOf, textOrNull } from './read.ts';

/** How RatingPort names an account (ngnpro.md, "Dns, Rating, Network, Presence"). */
export const entityOf = (sipId: SipId): string => `subscriber://${accountName(sipId)}`;

/** The rating profiles of an entity; null where it has none of its own. */
export async function findProfiles(client: NgnproClient, entity: string): Promise<Item | null> {
  try {
    return itemOf(await client.call('RatingPort', 'getEntityProfiles', { entity }));
  } catch (error) {
    if (isFault(error, 'profileUnknown')) return null;
    throw error;
  }
}

/** One rate plan for the whole week. */
export const profilesFor = (client: Pick<NgnproClient, 'defaults'>, entity: string, plan: string): Item => ({
  entity,
  profileWeekday: plan,
  profileWeekend: plan,
  timezone: client.defaults.timezone,
});

export const hasPlan = (profiles: Item, plan: string): boolean =>
  textOrNull(profiles['profileWeekday']) === plan && textOrNull(profiles['profileWeekend']) === plan;

export async function setProfiles(client: NgnproClient, profiles: Item): Promise<void> {
  await client.call('RatingPort', 'setEntityProfiles', { profiles });
}
