import type { Item, SipwiseClient } from '../client.ts';
import { idOf, list, literal, numberOrNull } from '../lookup.ts';
import { isGone } from '../refusal.ts';

export interface LiveCustomer {
  readonly customer: Item;
  /** Null when it cannot be seen. */
  readonly contact: Item | null;
}

/**
 * Live customers of exactly this external id in the target's reseller. The platform allows several (sipwise-ngcp.md
 * §8.2); its filter also finds terminated ones and ignores letter case. Only the contact tells the reseller, and tells
 * it only to an administrator: a filter by reseller would hide everything from a login of another reseller, and what is
 * hidden would be made twice.
 */
export async function liveCustomers(client: SipwiseClient, externalId: string): Promise<LiveCustomer[]> {
  const hits = await list(client, {
    collection: 'customers',
    filter: { external_id: literal(externalId), not_status: 'terminated' },
  });
  const live: LiveCustomer[] = [];
  for (const customer of hits) {
    if (customer['external_id'] !== externalId || customer['status'] === 'terminated') continue;
    const contact = await contactOf(client, customer);
    const reseller = numberOrNull(contact?.['reseller_id']);
    if (reseller === null || reseller === client.resellerId) live.push({ customer, contact });
  }
  return live;
}

async function contactOf(client: SipwiseClient, customer: Item): Promise<Item | null> {
  try {
    return await client.get(`/api/customercontacts/${idOf(customer, 'contact_id')}`);
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

/** Terminates a customer with all that hangs on it; repeating it would be an error of the platform (§8.2). */
export async function terminateCustomer(client: SipwiseClient, id: number): Promise<void> {
  const path = `/api/customers/${id}`;
  try {
    const customer = await client.get(path);
    if (customer['status'] === 'terminated') return;
    await client.patch(path, [{ op: 'replace', path: '/status', value: 'terminated' }]);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}
