import { rehearseOrder } from '../../flows/rehearsal/rehearse.ts';
import { SUSPENDED, type Finding } from '../../src/audits/audit.ts';
import { bearable, withoutUnaudited } from '../../src/audits/bearable.ts';
import { judge } from '../../src/audits/judge.ts';
import { modifyOrder, suspensionOrder, type Place } from '../../src/audits/wanted.ts';
import { withDomains } from '../../src/intake/domains.ts';
import { platformFaults } from '../../src/intake/platform-faults.ts';
import { nameOf, type LedgerEntry, type LedgerSubscriber } from '../../src/ledger/entry.ts';
import type { Order } from '../../src/orders/model/index.ts';
import type { Target } from '../../src/targets/targets.ts';

/** What was compared in one go: an order, and what its steps found. */
export interface Compared {
  readonly order: Order;
  readonly findings: readonly Finding[];
}

export interface Comparison {
  /** One for the customer's own data, one for each subscriber, then those that are foreign. */
  readonly findings: readonly Finding[];
  readonly modify: readonly Compared[];
  readonly suspend: readonly Compared[];
}

/** Subscribers of one rehearsal: more take more memory than time. */
export const AT_ONCE = 25;

function inPortions<T>(all: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / AT_ONCE) }, (_, at) =>
    all.slice(at * AT_ONCE, (at + 1) * AT_ONCE),
  );
}

/** Whether it was told to be suspended or not; undefined: nobody can say. */
function toldSuspension({ customer }: LedgerEntry, { suspended, created }: LedgerSubscriber): boolean | undefined {
  // What the suspension of a whole customer does to one that is an exception is the platform's own affair.
  if (suspended !== undefined || customer.suspended !== undefined) return suspended;
  return created ? false : undefined;
}

function suspensionOrders(place: Place, entry: LedgerEntry): Order[] {
  const all = Object.values(entry.subscribers);
  const { suspended } = entry.customer;
  if (suspended !== undefined && all.every((one) => one.suspended === undefined)) {
    return [suspensionOrder(place, suspended, [])];
  }
  return [true, false].flatMap((told) =>
    inPortions(all.filter((one) => toldSuspension(entry, one) === told)).map((some) =>
      suspensionOrder(place, told, some),
    ),
  );
}

/** Of the customer's own data and of some subscribers. */
const unknown = (order: Order, some: Order['subscribers'], why: string): Finding[] => {
  const row = { customer: order.customer.externalId, state: 'unknown', members: [], why, order: null } as const;
  return [
    { ...row, subscriber: null },
    ...some.map(({ username, domain }) => ({ ...row, subscriber: { username, domain } })),
  ];
};

/** Whoever suspended it had a reason that an audit does not know. */
const SUSPENDED_THERE = 'it is suspended, which nobody told Turnup: a person has to decide';

/** What was found of its suspension, beside what was found of the rest. */
function merge(row: Finding, other: Finding, action: Order['action']): Finding {
  if (row.state !== 'same' && row.state !== 'differs') return row;
  if (other.state === 'differs') {
    const why = row.why ?? (action === 'resume' ? SUSPENDED_THERE : null);
    return { ...row, state: 'differs', members: [...row.members, SUSPENDED], why };
  }
  return other.state === 'unknown' && row.state === 'same' ? { ...row, state: 'unknown', why: other.why } : row;
}

const keyOf = ({ subscriber }: Finding): string => (subscriber === null ? '' : nameOf(subscriber));

/** Compares what Turnup was told of a customer with what the target has, and writes nothing. */
export async function compareCustomer(
  target: Target,
  client: unknown,
  place: Place,
  entry: LedgerEntry,
): Promise<Comparison> {
  const { platform, settings } = target;

  async function look(wanted: Order): Promise<Compared> {
    const asked = withoutUnaudited(wanted, platform.notAudited ?? []);
    const { order, left, fault } = await bearable(asked, (one) => platformFaults(target, one));
    if (fault !== null) return { order, findings: unknown(wanted, wanted.subscribers, fault) };
    const plan = await rehearseOrder({
      platform,
      settings,
      order: withDomains(order),
      target: client,
      looksOnly: true,
    });
    const leftOut = wanted.subscribers.flatMap((one) => {
      const why = left.get(one.id);
      return why === undefined ? [] : unknown(wanted, [one], why).slice(1);
    });
    return { order, findings: [...judge(plan, order), ...leftOut] };
  }

  const all = Object.values(entry.subscribers);
  const modify: Compared[] = [];
  const alike = [...Map.groupBy(all, ({ customer }) => JSON.stringify(customer ?? null)).values()];
  for (const some of all.length > 0 ? alike.flatMap(inPortions) : [[]])
    modify.push(await look(modifyOrder(place, entry, some)));
  const suspend: Compared[] = [];
  for (const order of suspensionOrders(place, entry).filter(({ action }) => platform.actions.includes(action))) {
    // A way back that is not there: the target does not show whether somebody is suspended.
    const isShown = platform.plan(order).every((step) => step.class === 'compensatable');
    if (isShown) suspend.push(await look(order));
  }

  const rows = new Map<string, Finding>();
  for (const one of modify.flatMap(({ findings }) => findings)) {
    // The customer's own data are looked at in each portion.
    if ((rows.get(keyOf(one))?.state ?? 'same') === 'same') rows.set(keyOf(one), one);
  }
  for (const { order, findings } of suspend) {
    // The customer's own step of an order that names subscribers only finds the customer.
    for (const one of findings.filter(({ subscriber }) => subscriber !== null || order.subscribers.length === 0)) {
      const row = rows.get(keyOf(one));
      if (row) rows.set(keyOf(one), merge(row, one, order.action));
    }
  }
  const foreign = await foreignOf(target, client, place, entry);
  return { findings: [...rows.values(), ...foreign], modify, suspend };
}

/** Subscribers that the target has under the customer and that Turnup was never told of. */
export async function foreignOf(
  { platform }: Target,
  client: unknown,
  { customer }: Place,
  entry: LedgerEntry | null,
): Promise<Finding[]> {
  const there = (await platform.subscribersOf?.(client, customer)) ?? [];
  return there
    .filter((one) => !Object.hasOwn(entry?.subscribers ?? {}, nameOf(one)))
    .map(({ username, domain }) => ({
      customer,
      subscriber: { username, domain },
      state: 'foreign',
      members: [],
      why: null,
      order: null,
    }));
}
