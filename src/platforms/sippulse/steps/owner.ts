import { TurnupError } from '../../../errors/index.ts';
import { textOrNull } from '../read.ts';
import { findSubscriber, nameOfUser } from '../shared/subscriber-record.ts';
import type { Item, SippulseClient } from '../types.ts';

export const quoted = (value: string | null): string => (value === null || value === '' ? 'none' : `"${value}"`);

/** Why a subscriber is another customer's, or null. The platform knows a customer only as the `contractNumber`. */
export function strangeOwner(found: Item, customer: string): string | null {
  const contract = textOrNull(found['contractNumber']);
  return contract === customer ? null : `its contractNumber is ${quoted(contract)}, wanted is "${customer}"`;
}

export const subscriberTaken = (user: Item, why: string): TurnupError =>
  new TurnupError('TURNUP_SUBSCRIBER_TAKEN', { detail: `${nameOfUser(user)} exists, but ${why}` });

/**
 * The customer's subscriber; null when there is none of that name.
 * @throws TurnupError `TURNUP_SUBSCRIBER_TAKEN` for another customer's
 */
export async function ownSubscriberIfAny(client: SippulseClient, user: Item, customer: string): Promise<Item | null> {
  const found = await findSubscriber(client, user);
  const why = found && strangeOwner(found, customer);
  if (why) throw subscriberTaken(user, why);
  return found;
}

/** @throws TurnupError `TURNUP_OBJECT_MISSING`, `TURNUP_SUBSCRIBER_TAKEN` */
export async function ownSubscriber(client: SippulseClient, user: Item, customer: string): Promise<Item> {
  const found = await ownSubscriberIfAny(client, user, customer);
  if (found) return found;
  throw new TurnupError('TURNUP_OBJECT_MISSING', { detail: `the platform has no subscriber ${nameOfUser(user)}` });
}
