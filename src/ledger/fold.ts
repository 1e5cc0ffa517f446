import type { NumberMove, Subscriber } from '../orders/model/order.ts';
import type { DoneOrder } from './done.ts';
import { nameOf, type CustomerData, type LedgerEntry, type LedgerSubscriber } from './entry.ts';

/** Which customers' entries an order changes, and which subscribers of each it has to see. */
export function touchedBy(order: DoneOrder): Map<string, 'all' | readonly string[]> {
  const touched = new Map<string, 'all' | readonly string[]>();
  if (order.customerId === '') return touched;
  const names = [...order.subscribers.map(nameOf), ...order.moves.map(({ to }) => nameOf(to))];
  touched.set(order.customerId, isWhole(order) ? 'all' : names);
  for (const { from } of order.moves) {
    const before = touched.get(from.customer);
    if (before !== 'all') touched.set(from.customer, [...new Set([...(before ?? []), nameOf(from)])]);
  }
  return touched;
}

/**
 * What Turnup was told to have of a customer after an order, from what it was told before it; null: nothing. Pure.
 *
 * @param entry may hold no more than the subscribers that `touchedBy` names
 */
export function fold(entry: LedgerEntry | null, order: DoneOrder, customer: string): LedgerEntry | null {
  const given = takeMoved(entry, order.moves, customer);
  if (customer !== order.customerId) return given;
  switch (order.action) {
    case 'provision':
      return change(given, order, provisioned);
    case 'modify':
      return receiveMoved(change(given, order, modified), order.moves);
    case 'terminate':
      return terminate(given, order);
    default:
      return setSuspended(given, order, order.action === 'suspend');
  }
}

/** Orders that only name say the whole customer by naming none of its subscribers. */
function isWhole({ action, namesSubscribers }: DoneOrder): boolean {
  return !namesSubscribers && action !== 'provision' && action !== 'modify';
}

type PhoneNumber = NumberMove['number'];

type Told = (before: LedgerSubscriber, subscriber: Subscriber, order: DoneOrder) => LedgerSubscriber;

function change(entry: LedgerEntry | null, order: DoneOrder, told: Told): LedgerEntry | null {
  if (order.customer === null && order.subscribers.length === 0) return entry;
  const subscribers = { ...entry?.subscribers };
  for (const one of order.subscribers) {
    const { id, username, domain } = one;
    const name = nameOf(one);
    const before = subscribers[name] ?? { username, domain };
    const customer = order.created.has(id) ? {} : (before.customer ?? {});
    subscribers[name] = withoutUndefined({
      ...told(before, one, order),
      ...(!order.keepsCustomers && { customer: customerTold(customer, order, `subscribers.${id}.customer`) }),
    });
  }
  const before = entry?.customer ?? {};
  return { customer: order.keepsCustomers ? customerTold(before, order, 'customer') : before, subscribers };
}

/** @param at where it says what was left alone */
function customerTold(before: CustomerData, order: DoneOrder, at: string): CustomerData {
  if (order.customer === null) return before;
  const { contact, billingProfile, native } = order.customer;
  const cleared = [...order.cleared]
    .filter((path) => path.startsWith('customer.contact.'))
    .map((path) => [path.slice('customer.contact.'.length), null]);
  const contactTold = {
    ...before.contact,
    ...notLeftAlone(order, `${at}.contact`, contact),
    ...Object.fromEntries(cleared),
  };
  const nativeTold = { ...before.native, ...notLeftAlone(order, `${at}.native`, native) };
  return {
    ...before,
    ...(Object.keys(contactTold).length > 0 && { contact: contactTold }),
    ...notLeftAlone(order, at, billingProfile === undefined ? undefined : { billingProfile }),
    ...(Object.keys(nativeTold).length > 0 && { native: nativeTold }),
  };
}

const isNothing = (value: unknown): boolean => value === undefined;

const withoutUndefined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => !isNothing(member))) as T;

/** Without the members that the target had otherwise and that were left alone. */
function notLeftAlone<T extends object>({ leftAlone }: DoneOrder, at: string, members: T | undefined): Partial<T> {
  if (members === undefined || leftAlone.has(at)) return {};
  return Object.fromEntries(Object.entries(members).filter(([name]) => !leftAlone.has(`${at}.${name}`))) as Partial<T>;
}

function provisioned(before: LedgerSubscriber, one: Subscriber, order: DoneOrder): LedgerSubscriber {
  const at = `subscribers.${one.id}`;
  const { username, domain, number, aliases } = one;
  const told = { ...before, ...named(before, one, order), username, domain };
  if (order.created.has(one.id)) return { ...told, created: true, number: number ?? null, aliases };
  // It was there: what it had besides stays, and lists may have been added to.
  const numbers = notLeftAlone(order, at, {
    ...(number && { number }),
    ...(before.aliases && { aliases: united(before.aliases, aliases) }),
  });
  const native = Object.entries(told.native ?? {}).filter(([name]) => !Array.isArray(one.native[name]));
  const { native: _native, ...rest } = told;
  return { ...rest, ...numbers, ...(native.length > 0 && { native: Object.fromEntries(native) }) };
}

const united = (some: readonly PhoneNumber[], more: readonly PhoneNumber[]): PhoneNumber[] => [
  ...some,
  ...more.filter((number) => !some.some((one) => sameNumber(one, number))),
];

function modified(before: LedgerSubscriber, one: Subscriber, order: DoneOrder): LedgerSubscriber {
  const { number, aliases } = one;
  const isCleared = (member: string): boolean => order.cleared.has(`subscribers.${one.id}.${member}`);
  return {
    ...before,
    ...named(before, one, order),
    ...(isCleared('externalId') && { externalId: null }),
    ...(isCleared('webUsername') && { webUsername: null }),
    ...(number ? { number } : isCleared('number') && { number: null }),
    ...((aliases.length > 0 || isCleared('aliases')) && { aliases }),
    ...(isCleared('callForwards') && { callForwards: null }),
    ...(isCleared('preferences') && { preferences: null }),
    ...(isCleared('voicemail') && { voicemail: null }),
    ...(isCleared('voicemail.email') && { voicemail: { ...before.voicemail, email: null } }),
  };
}

/** Members of which an order names those that it means: the others stay as they were. */
function named(before: LedgerSubscriber, one: Subscriber, order: DoneOrder): Partial<LedgerSubscriber> {
  const at = `subscribers.${one.id}`;
  const { externalId, webUsername } = one;
  const merged = <T extends object>(name: string, was: T | null | undefined, is: T | undefined): T | undefined => {
    const told = notLeftAlone(order, `${at}.${name}`, is);
    return Object.keys(told).length > 0 ? { ...(was as T), ...told } : undefined;
  };
  const email = one.voicemail?.email;
  const members = {
    ...notLeftAlone(order, at, withoutUndefined({ externalId, webUsername })),
    callForwards: merged(
      'callForwards',
      before.callForwards,
      one.callForwards as LedgerSubscriber['callForwards'] & object,
    ),
    preferences: merged('preferences', before.preferences, one.preferences as Record<string, never> | undefined),
    voicemail: merged('voicemail', before.voicemail, email === undefined ? undefined : { email }),
    native: merged('native', before.native, one.native as Record<string, never>),
  };
  return withoutUndefined(members) as Partial<LedgerSubscriber>;
}

const sameNumber = (a: PhoneNumber, b: PhoneNumber): boolean => `${a.cc}${a.ac}${a.sn}` === `${b.cc}${b.ac}${b.sn}`;

function takeMoved(entry: LedgerEntry | null, moves: readonly NumberMove[], customer: string): LedgerEntry | null {
  const taken = moves.filter(({ from }) => from.customer === customer && entry?.subscribers[nameOf(from)]);
  if (!entry || taken.length === 0) return entry;
  const subscribers = { ...entry.subscribers };
  for (const { number, from } of taken) {
    const { number: primary, aliases, ...rest } = subscribers[nameOf(from)]!;
    subscribers[nameOf(from)] = {
      ...rest,
      ...(primary !== undefined && { number: primary && sameNumber(primary, number) ? null : primary }),
      ...(aliases && { aliases: aliases.filter((alias) => !sameNumber(alias, number)) }),
    };
  }
  return { ...entry, subscribers };
}

/** One whose aliases are not known whole stays so: its numbers cannot be compared. */
function receiveMoved(entry: LedgerEntry | null, moves: readonly NumberMove[]): LedgerEntry | null {
  if (moves.length === 0) return entry;
  const subscribers = { ...entry?.subscribers };
  for (const { number, to } of moves) {
    const before = subscribers[nameOf(to)] ?? { ...to };
    const { aliases } = before;
    const has = aliases?.some((alias) => sameNumber(alias, number)) ?? false;
    subscribers[nameOf(to)] = { ...before, ...(aliases && !has && { aliases: [...aliases, number] }) };
  }
  return { customer: entry?.customer ?? {}, subscribers };
}

function terminate(entry: LedgerEntry | null, order: DoneOrder): LedgerEntry | null {
  if (!entry) return null;
  if (isWhole(order)) return order.customer ? null : entry;
  const gone = new Set(order.subscribers.map(nameOf));
  const left = Object.entries(entry.subscribers).filter(([name]) => !gone.has(name));
  return { ...entry, subscribers: Object.fromEntries(left) };
}

function setSuspended(entry: LedgerEntry | null, order: DoneOrder, suspended: boolean): LedgerEntry | null {
  if (isWhole(order)) {
    if (!order.customer) return entry;
    // Whoever comes after the whole was told to be otherwise is an exception; the whole ends them all.
    const all = Object.entries(entry?.subscribers ?? {}).map(([name, { suspended: _was, ...one }]) => [name, one]);
    return { customer: { ...entry?.customer, suspended }, subscribers: Object.fromEntries(all) };
  }
  if (order.subscribers.length === 0) return entry;
  const subscribers = { ...entry?.subscribers };
  for (const { username, domain } of order.subscribers) {
    const name = nameOf({ username, domain });
    subscribers[name] = { ...(subscribers[name] ?? { username, domain }), suspended };
  }
  return { customer: entry?.customer ?? {}, subscribers };
}
