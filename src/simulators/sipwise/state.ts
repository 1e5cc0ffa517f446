import { createHmac } from 'node:crypto';
import { v4 as uuid } from 'uuid';
import { fold } from './collation.ts';
import { createIndexMap } from '../harness/index-map.ts';
import type {
  BillingProfileRow,
  ContactRow,
  ContractRow,
  CustomerRow,
  DestinationSetRow,
  DomainRow,
  NumberRow,
  ResellerRow,
  SubscriberRow,
  TimeSetRow,
} from './rows.ts';

/** What stays known of a subscriber after its end: nothing of it is visible through the API. */
export interface TerminatedSubscriber {
  readonly id: number;
  readonly username: string;
  readonly domain: string;
  readonly customer_id: number;
  readonly external_id: string | null;
}

/** What the platform makes up by itself, the same for the same secret. */
export interface MadeUp {
  uuid(subscriber: number): string;
  /** Four digits. */
  pin(subscriber: number): string;
}

function createMadeUp(secret: Buffer): MadeUp {
  const of = (what: string, id: number): Buffer => createHmac('sha256', secret).update(`${what} ${id}`).digest();
  return {
    uuid: (id) => uuid({ random: of('uuid', id).subarray(0, 16) }),
    pin: (id) => String(of('pin', id).readUInt32BE() % 10_000).padStart(4, '0'),
  };
}

/**
 * The tables and their indexes. Look-ups by natural key are O(1), because tens of thousands of orders are pushed
 * through one stand-in. Change indexed columns through the functions below only.
 */
export function createState(secret: Buffer) {
  const counters = new Map<string, number>();
  return {
    madeUp: createMadeUp(secret),
    resellers: new Map<number, ResellerRow>(),
    contracts: new Map<number, ContractRow>(),
    systemContacts: new Map<number, ContactRow>(),
    customerContacts: new Map<number, ContactRow>(),
    terminatedContacts: new Map<number, ContactRow>(),
    customers: new Map<number, CustomerRow>(),
    domains: new Map<number, DomainRow>(),
    billingProfiles: new Map<number, BillingProfileRow>(),
    terminatedBillingProfiles: new Map<number, BillingProfileRow>(),
    subscribers: new Map<number, SubscriberRow>(),
    terminatedSubscribers: [] as TerminatedSubscriber[],
    /** Assigned numbers only. */
    numbers: new Map<number, NumberRow>(),
    destinationSets: new Map<number, DestinationSetRow>(),
    timeSets: new Map<number, TimeSetRow>(),
    /** Names that preferences may refer to, by reseller. */
    references: { rewriteRuleSets: new Set<string>(), ncosLevels: new Set<string>(), soundSets: new Set<string>() },

    contactsByEmail: createIndexMap<ContactRow>(),
    customersByExternalId: createIndexMap<CustomerRow>(),
    customersByContact: createIndexMap<CustomerRow>(),
    domainByName: new Map<string, DomainRow>(),
    subscribersByUsername: createIndexMap<SubscriberRow>(),
    subscribersByExternalId: createIndexMap<SubscriberRow>(),
    /** `<domain id> <folded name>`. */
    subscriberByWebUsername: new Map<string, SubscriberRow>(),
    /** Every number ever seen, also free ones: its id comes back with it. */
    numberByParts: new Map<string, NumberRow>(),
    /** Assigned numbers by their digits, however split. */
    numberByDigits: new Map<string, NumberRow>(),
    numbersBySn: createIndexMap<NumberRow>(),

    nextId(sequence: string): number {
      const id = (counters.get(sequence) ?? 0) + 1;
      counters.set(sequence, id);
      return id;
    },
  };
}

export type SipwiseState = ReturnType<typeof createState>;

const emailKey = (contact: ContactRow): string => fold(contact.email ?? '');

export function addCustomerContact(state: SipwiseState, contact: ContactRow): void {
  state.customerContacts.set(contact.id, contact);
  state.contactsByEmail.add(emailKey(contact), contact);
}

/** Applies `changes` and keeps the index by e-mail right. */
export function changeContact(state: SipwiseState, contact: ContactRow, changes: Partial<ContactRow>): void {
  const indexed = state.customerContacts.has(contact.id);
  if (indexed) state.contactsByEmail.remove(emailKey(contact), contact);
  Object.assign(contact, changes);
  if (!indexed) return;
  state.contactsByEmail.add(emailKey(contact), contact);
  for (const customer of state.customersByContact.get(contact.id)) customer.reseller_id = contact.reseller_id ?? 0;
}

export function dropContact(state: SipwiseState, contact: ContactRow): void {
  state.contactsByEmail.remove(emailKey(contact), contact);
  state.customerContacts.delete(contact.id);
}

export function addCustomer(state: SipwiseState, customer: CustomerRow): void {
  state.customers.set(customer.id, customer);
  state.customersByContact.add(customer.contact_id, customer);
  if (customer.external_id !== null) state.customersByExternalId.add(fold(customer.external_id), customer);
}

/** Applies `changes` and keeps the indexes right. */
export function changeCustomer(state: SipwiseState, customer: CustomerRow, changes: Partial<CustomerRow>): void {
  state.customersByContact.remove(customer.contact_id, customer);
  if (customer.external_id !== null) state.customersByExternalId.remove(fold(customer.external_id), customer);
  Object.assign(customer, changes);
  state.customersByContact.add(customer.contact_id, customer);
  if (customer.external_id !== null) state.customersByExternalId.add(fold(customer.external_id), customer);
}

export function webUsernameKey(domain: DomainRow, webusername: string): string {
  return `${domain.id} ${fold(webusername)}`;
}

export function addSubscriber(state: SipwiseState, subscriber: SubscriberRow): void {
  state.subscribers.set(subscriber.id, subscriber);
  subscriber.customer.subscribers.add(subscriber);
  state.subscribersByUsername.add(fold(subscriber.username), subscriber);
  indexSubscriber(state, subscriber);
}

function indexSubscriber(state: SipwiseState, subscriber: SubscriberRow): void {
  const { external_id: externalId, webusername } = subscriber;
  if (externalId !== null) state.subscribersByExternalId.add(fold(externalId), subscriber);
  if (webusername !== null) {
    state.subscriberByWebUsername.set(webUsernameKey(subscriber.domain, webusername), subscriber);
  }
}

function unindexSubscriber(state: SipwiseState, subscriber: SubscriberRow): void {
  const { external_id: externalId, webusername } = subscriber;
  if (externalId !== null) state.subscribersByExternalId.remove(fold(externalId), subscriber);
  if (webusername !== null) state.subscriberByWebUsername.delete(webUsernameKey(subscriber.domain, webusername));
}

/** Applies `changes` and keeps the indexes right. */
export function changeSubscriber(
  state: SipwiseState,
  subscriber: SubscriberRow,
  changes: Partial<SubscriberRow>,
): void {
  unindexSubscriber(state, subscriber);
  Object.assign(subscriber, changes);
  indexSubscriber(state, subscriber);
}

export function dropSubscriber(state: SipwiseState, subscriber: SubscriberRow): void {
  unindexSubscriber(state, subscriber);
  state.subscribersByUsername.remove(fold(subscriber.username), subscriber);
  state.subscribers.delete(subscriber.id);
  subscriber.customer.subscribers.delete(subscriber);
}

export function findSubscriber(state: SipwiseState, username: string, domain: DomainRow): SubscriberRow | undefined {
  return state.subscribersByUsername.get(fold(username)).find((subscriber) => subscriber.domain === domain);
}

/** Live billing profiles only. */
export function findBillingProfile(
  state: SipwiseState,
  resellerId: number,
  column: 'handle' | 'name',
  value: string,
): BillingProfileRow | undefined {
  const wanted = fold(value);
  for (const profile of state.billingProfiles.values()) {
    if (profile.reseller_id === resellerId && fold(profile[column]) === wanted) return profile;
  }
  return undefined;
}
