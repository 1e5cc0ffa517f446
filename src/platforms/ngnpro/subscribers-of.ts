import type { SubscriberName } from '../port.ts';
import { findCustomer, idOf } from './shared/customers.ts';
import { accountsOwnedBy, sipIdIn } from './shared/lists.ts';
import type { NgnproClient } from './types.ts';

/** All SIP accounts that a customer owns, by the CRM's number. */
export async function subscribersOf(client: NgnproClient, externalId: string): Promise<readonly SubscriberName[]> {
  const found = await findCustomer(client, { externalId, native: {} });
  return found ? (await accountsOwnedBy(client, idOf(found))).map(sipIdIn) : [];
}
