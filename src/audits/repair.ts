import type { Order, Subscriber } from '../orders/model/index.ts';
import { SUSPENDED, type Finding } from './audit.ts';

type Members = Readonly<Record<string, unknown>>;

/** Members that consist of others, which are changed one by one. */
const PARTED = new Set(['callForwards', 'preferences', 'voicemail', 'native', 'contact']);

interface Picked {
  readonly members: Members;
  /** Paths beneath the holder. */
  readonly cleared: readonly string[];
}

/** What of a holder some members name; null when one of them is none of its own: then nobody can tell what is meant. */
function pick(holder: Members, cleared: readonly string[], names: readonly string[]): Picked | null {
  const members: Record<string, unknown> = {};
  const clears = new Set<string>();
  for (const path of names) {
    const [name = '', part] = path.split('.', 2);
    const own = holder[name];
    const isPart = part !== undefined && PARTED.has(name);
    const told = cleared.filter((one) => one === name || one === path || (!isPart && one.startsWith(`${name}.`)));
    for (const one of told) clears.add(one);
    if (isPart && typeof own === 'object' && own !== null && Object.hasOwn(own, part)) {
      members[name] = { ...(members[name] as object), [part]: (own as Members)[part] };
    } else if (!isPart && own !== undefined) members[name] = own;
    else if (told.length === 0) return null;
  }
  return { members, cleared: [...clears] };
}

function clearedUnder(order: Order, prefix: string): string[] {
  return (order.cleared ?? []).filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
}

function repairOf(order: Order, one: Subscriber, names: readonly string[]): { one: Subscriber; cleared: string[] } {
  const prefix = `subscribers.${one.id}.`;
  const all = clearedUnder(order, prefix);
  const { id, username, domain } = one;
  const { members, cleared } = pick(one as unknown as Members, all, names) ?? { members: { ...one }, cleared: all };
  // What is cleared within it needs its place in the form an order is posted in.
  const voicemail = cleared.includes('voicemail.email') ? { voicemail: {} } : {};
  const kept = { aliases: [], native: {}, ...voicemail, ...members, id, username, domain } as Subscriber;
  return { one: kept, cleared: cleared.map((path) => prefix + path) };
}

export interface Repair {
  readonly order: Order;
  /** What it repairs. */
  readonly of: readonly Finding[];
}

const isOf =
  ({ username, domain }: Subscriber) =>
  ({ subscriber }: Finding): boolean =>
    subscriber?.username === username && subscriber.domain === domain;

const isCustomers = (member: string): boolean => member.startsWith('customer.');

/** What of the customer's own data some findings name: also those of subscribers, where the platform keeps it there. */
function customerRepair(order: Order, rows: readonly Finding[]): Picked | null {
  const names = rows.flatMap(({ subscriber, members }) =>
    subscriber === null ? members : members.filter(isCustomers),
  );
  if (names.length === 0) return null;
  const all = clearedUnder(order, 'customer.');
  const own = names.filter(isCustomers).map((name) => name.slice('customer.'.length));
  const { externalId: _externalId, ...members } = order.customer;
  return (own.length === names.length ? pick(members, all, own) : null) ?? { members, cleared: all };
}

/**
 * The order that brings what differs back to what Turnup was told, and names nothing else; null when there is nothing to
 * be repaired that way. What is at somebody else's needs a person.
 *
 * @param order the one that the findings are of
 * @param findings of the customer and its subscribers, as `judge` gave them
 */
export function repairOrder(order: Order, findings: readonly Finding[]): Repair | null {
  const of = findings.filter(({ state, why }) => state === 'differs' && why === null);
  const customer = customerRepair(order, of);
  const repaired = order.subscribers.flatMap((one) => {
    const row = of.find(isOf(one));
    return row
      ? [
          repairOf(
            order,
            one,
            row.members.filter((member) => !isCustomers(member)),
          ),
        ]
      : [];
  });
  if (of.length === 0) return null;
  const { cleared: _cleared, ...rest } = order;
  const cleared = [
    ...(customer?.cleared ?? []).map((path) => `customer.${path}`),
    ...repaired.flatMap(({ cleared: paths }) => paths),
  ];
  const repair: Order = {
    ...rest,
    customer: { native: {}, ...customer?.members, externalId: order.customer.externalId },
    subscribers: repaired.map(({ one }) => one),
    ...(cleared.length > 0 && { cleared }),
  };
  return { order: repair, of };
}

/** The order that suspends again whoever was told to be and is not; null when there is nobody. */
export function suspendAgain(order: Order, findings: readonly Finding[]): Repair | null {
  if (order.action !== 'suspend') return null;
  const others = findings.filter(({ members }) => members.includes(SUSPENDED));
  const isWhole = order.subscribers.length === 0;
  const subscribers = order.subscribers.filter((one) => others.some(isOf(one)));
  const of = others.filter((one) =>
    isWhole ? one.subscriber === null : subscribers.some((named) => isOf(named)(one)),
  );
  return of.length > 0 ? { order: { ...order, subscribers }, of } : null;
}
