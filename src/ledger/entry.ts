import type { CallForward, Contact, Json, Subscriber } from '../orders/model/order.ts';

type CallForwardType = keyof NonNullable<Subscriber['callForwards']>;
type PhoneNumber = NonNullable<Subscriber['number']>;

/*
 * What Turnup was told to have on a target, by orders that ended well. A member that is not there was never told; null
 * was told to be nothing. No secret is ever in it.
 */

/** What a customer's own data are. */
export interface CustomerData {
  contact?: { [member in keyof Contact]?: Contact[member] | null };
  billingProfile?: string;
  native?: Record<string, Json | undefined>;
}

export interface LedgerCustomer extends CustomerData {
  /** The last that was told of the whole customer. */
  suspended?: boolean;
}

export interface LedgerSubscriber {
  username: string;
  domain: string;
  /** Made by an order, so that its numbers are known whole and it is not suspended unless that was told. */
  created?: true;
  externalId?: string | null;
  webUsername?: string | null;
  number?: PhoneNumber | null;
  aliases?: readonly PhoneNumber[];
  callForwards?: { [type in CallForwardType]?: CallForward | null } | null;
  preferences?: Record<string, Json> | null;
  voicemail?: { email?: string | null } | null;
  native?: Record<string, Json | undefined>;
  /** Of the customer, where the target keeps no customers: their data are then those of each subscriber. */
  customer?: CustomerData;
  /** Told of this subscriber after the last that was told of the whole customer. */
  suspended?: boolean;
}

export interface LedgerEntry {
  readonly customer: LedgerCustomer;
  /** By `nameOf`. */
  readonly subscribers: Readonly<Record<string, LedgerSubscriber>>;
}

/** What a subscriber is found by in an entry: letter case makes no difference (API: username and domain are unique so). */
export function nameOf({ username, domain }: { username: string; domain: string }): string {
  return `${username}@${domain}`.toLowerCase();
}

/** Whether a subscriber was told to be suspended; undefined: nothing was told. */
export function isSuspended({ customer }: LedgerEntry, subscriber: LedgerSubscriber): boolean | undefined {
  return subscriber.suspended ?? customer.suspended;
}
