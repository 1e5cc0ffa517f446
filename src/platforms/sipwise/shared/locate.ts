import { TurnupError } from '../../../errors/index.ts';
import type { SubscriberName } from '../../port.ts';
import { idOf, list, literal, numberOrNull, sameName } from '../lookup.ts';
import { liveCustomers, type LiveCustomer } from '../steps/customers.ts';
import type { Item, SipwiseClient } from '../types.ts';

/** Subscribers of one customer; beyond them the filter is taken for ignored. */
const MOST_SUBSCRIBERS = 100_000;

/**
 * The live customer of exactly this external id, or null.
 * @throws TurnupError `TURNUP_OBJECT_AMBIGUOUS`
 */
export async function findCustomer(client: SipwiseClient, externalId: string): Promise<LiveCustomer | null> {
  const live = await liveCustomers(client, externalId);
  if (live.length < 2) return live[0] ?? null;
  const ids = live.map(({ customer }) => idOf(customer)).join(', ');
  throw new TurnupError('TURNUP_OBJECT_AMBIGUOUS', {
    detail: `${live.length} live customers have external_id "${externalId}": ${ids}`,
  });
}

/** @throws TurnupError `TURNUP_OBJECT_MISSING`, `TURNUP_OBJECT_AMBIGUOUS` */
export async function existingCustomer(client: SipwiseClient, externalId: string): Promise<LiveCustomer> {
  const found = await findCustomer(client, externalId);
  if (found) return found;
  throw missing(`there is no live customer with external_id "${externalId}"`);
}

/** The live subscriber of that name, whosever it is. */
export async function findSubscriber(client: SipwiseClient, name: SubscriberName): Promise<Item | null> {
  const { username, domain } = name;
  const hits = await list(client, { collection: 'subscribers', filter: { username: literal(username), domain } });
  return hits.find((hit) => sameName(hit['username'], username) && sameName(hit['domain'], domain)) ?? null;
}

/**
 * The subscriber of that name, which must be the customer's; null when there is none.
 * @throws TurnupError `TURNUP_SUBSCRIBER_TAKEN`
 */
export async function findOwn(client: SipwiseClient, name: SubscriberName, customer: string): Promise<Item | null> {
  const found = await findSubscriber(client, name);
  if (!found) return null;
  const owner = numberOrNull(found['customer_id']);
  const customers = await liveCustomers(client, customer);
  if (customers.some((one) => idOf(one.customer) === owner)) return found;
  throw someoneElses(name, found, `whose external_id is not "${customer}"`);
}

/** @throws TurnupError `TURNUP_SUBSCRIBER_TAKEN` when it is not the customer's, by the customer's id */
export function refuseOthers(name: SubscriberName, found: Item, customerId: number): void {
  if (numberOrNull(found['customer_id']) !== customerId) throw someoneElses(name, found, `not ${customerId}`);
}

function someoneElses({ username, domain }: SubscriberName, found: Item, not: string): TurnupError {
  return new TurnupError('TURNUP_SUBSCRIBER_TAKEN', {
    detail: `subscriber ${idOf(found)} is ${username}@${domain}, but belongs to customer ${String(found['customer_id'])}, ${not}`,
  });
}

export const missing = (detail: string): TurnupError => new TurnupError('TURNUP_OBJECT_MISSING', { detail });

export const missingSubscriber = ({ username, domain }: SubscriberName): TurnupError =>
  missing(`there is no subscriber ${username}@${domain}`);

/** All live subscribers of a customer. */
export async function subscribersOfCustomer(client: SipwiseClient, customerId: number): Promise<Item[]> {
  const hits = await list(client, {
    collection: 'subscribers',
    filter: { customer_id: customerId },
    limit: MOST_SUBSCRIBERS,
  });
  return hits.filter((hit) => numberOrNull(hit['customer_id']) === customerId);
}

/** Names of all subscribers of a customer, by its external id. */
export async function subscribersOf(client: SipwiseClient, customer: string): Promise<SubscriberName[]> {
  const names: SubscriberName[] = [];
  for (const live of await liveCustomers(client, customer)) {
    for (const found of await subscribersOfCustomer(client, idOf(live.customer))) {
      names.push({ username: String(found['username']), domain: String(found['domain']) });
    }
  }
  return names;
}
