import type { CustomerData, LedgerEntry, LedgerSubscriber } from '../ledger/entry.ts';
import type { Order, Subscriber } from '../orders/model/index.ts';

/** Where an entry of the ledger stands. */
export interface Place {
  readonly target: string;
  readonly customer: string;
}

/** Members of a subscriber that an order clears by naming them. */
const CLEARABLE = ['externalId', 'webUsername', 'number', 'callForwards', 'preferences', 'voicemail'] as const;

const without = <T extends object>(members: T): { [K in keyof T]?: NonNullable<T[K]> } =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined && value !== null)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };

function clearedOf(id: string, told: LedgerSubscriber): string[] {
  const at = `subscribers.${id}`;
  return [
    ...CLEARABLE.filter((name) => told[name] === null).map((name) => `${at}.${name}`),
    ...(told.aliases?.length === 0 ? [`${at}.aliases`] : []),
    ...(told.voicemail?.email === null ? [`${at}.voicemail.email`] : []),
  ];
}

function subscriberOf(id: string, told: LedgerSubscriber): Subscriber {
  const { username, domain, externalId, webUsername, number, aliases = [], callForwards, preferences, native } = told;
  const voicemail = told.voicemail && without(told.voicemail);
  return {
    id,
    username,
    domain,
    aliases,
    native: native ?? {},
    ...without({ externalId, webUsername, number, callForwards, preferences, voicemail }),
  };
}

function customerOf(customer: string, { contact, billingProfile, native }: CustomerData): Order['customer'] {
  const given = without(contact ?? {});
  return {
    externalId: customer,
    native: native ?? {},
    ...(Object.keys(given).length > 0 && { contact: given }),
    ...(billingProfile !== undefined && { billingProfile }),
  };
}

/** Names of subscribers within the orders of an audit. */
const idAt = (position: number): string => `s${position + 1}`;

const base = ({ target }: Place): Pick<Order, 'externalId' | 'target' | 'onFailure' | 'operations'> => ({
  externalId: 'audit',
  target,
  onFailure: 'hold',
  operations: [],
});

/**
 * The order that would bring a customer and some of its subscribers to what Turnup was told: what its steps find to
 * differ is what differs.
 *
 * @param some with the same customer's data, where the target keeps those with each of them
 */
export function modifyOrder(place: Place, entry: LedgerEntry, some: readonly LedgerSubscriber[]): Order {
  const customer = some[0]?.customer ?? entry.customer;
  const contactCleared = Object.entries(customer.contact ?? {}).filter(([, value]) => value === null);
  const cleared = [
    ...contactCleared.map(([name]) => `customer.contact.${name}`),
    ...some.flatMap((told, at) => clearedOf(idAt(at), told)),
  ];
  return {
    ...base(place),
    action: 'modify',
    customer: customerOf(place.customer, customer),
    subscribers: some.map((told, at) => subscriberOf(idAt(at), told)),
    ...(cleared.length > 0 && { cleared }),
  };
}

/** The order that would suspend or resume them, or the whole customer where none is named. */
export function suspensionOrder(place: Place, suspended: boolean, some: readonly LedgerSubscriber[]): Order {
  return {
    ...base(place),
    action: suspended ? 'suspend' : 'resume',
    customer: { externalId: place.customer, native: {} },
    subscribers: some.map(({ username, domain }, at) => ({ id: idAt(at), username, domain, aliases: [], native: {} })),
  };
}
