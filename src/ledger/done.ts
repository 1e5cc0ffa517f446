import { readItems } from '../orders/bodies.ts';
import type { Action, NumberMove, Order, Subscriber } from '../orders/model/order.ts';
import type { StoredStep } from '../orders/plan.ts';

/** Of an order that has ended, what of it is on the target. */
export interface DoneOrder {
  readonly id: string;
  readonly action: Action;
  readonly target: string;
  /** Null when the customer's own steps were not all done. */
  readonly customer: Order['customer'] | null;
  readonly customerId: string;
  /** The target has customers; else their data are those of each subscriber. */
  readonly keepsCustomers: boolean;
  /** That it named none means the whole customer, for actions that only name. */
  readonly namesSubscribers: boolean;
  readonly subscribers: readonly Subscriber[];
  /** Ids of subscribers that this order made: of those that were there already, it is not known what they had. */
  readonly created: ReadonlySet<string>;
  readonly moves: readonly NumberMove[];
  readonly cleared: ReadonlySet<string>;
  /**
   * Paths of members that an adopted object had otherwise and that were left alone: `customer.…`, `subscribers.<id>.…`,
   * `subscribers.<id>.customer.…` where the target has no customers.
   */
  readonly leftAlone: ReadonlySet<string>;
}

/** What platforms call the step of the object that is the customer. */
const CUSTOMER_KINDS: ReadonlySet<string> = new Set(['customer', 'company']);

const WELL = new Set(['done', 'skipped']);

/** Steps tell members of their own subscriber without its name. */
function pathOf(item: string | null, member: string, keepsCustomers: boolean): string {
  if (member.startsWith('subscribers.')) return member;
  if (item === null || (keepsCustomers && member.startsWith('customer.')))
    return member.startsWith('customer.') ? member : `customer.${member}`;
  return `subscribers.${item}.${member}`;
}

type Fields = Readonly<Record<string, string>>;

function leftAloneBy({ id, item }: StoredStep, record: Fields, keepsCustomers: boolean): string[] {
  const result = record[`s:${id}:r`];
  if (!result) return [];
  const { differs } = JSON.parse(result) as { differs?: unknown };
  return Array.isArray(differs) ? differs.map((member) => pathOf(item, String(member), keepsCustomers)) : [];
}

/** The step of this name is the one that makes the subscriber, on every platform (API: `<item>.subscriber`). */
function makes({ id, kind }: StoredStep, record: Fields): boolean {
  return kind === 'subscriber' && record[`s:${id}:o`] === 'created';
}

/** @param record of an order that ended `completed` or `partial`; null when there is no such record any more */
export function readDone(id: string, record: Fields): DoneOrder | null {
  if (!record['state'] || !record['body']) return null;
  const plan = JSON.parse(record['plan'] ?? '[]') as StoredStep[];
  const { subscribers } = readItems(record, plan) as unknown as Pick<Order, 'subscribers'>;
  const common = JSON.parse(record['body']) as Order;
  // What needs no step of its own is done with the customer's.
  const isDone = (item: string | null): boolean =>
    plan.every((step) => step.item !== item || WELL.has(record[`s:${step.id}:st`] ?? 'waiting'));
  const customerIsDone = isDone(null);
  const keepsCustomers = plan.some(({ item, kind }) => item === null && CUSTOMER_KINDS.has(kind));
  return {
    id,
    action: common.action,
    target: record['target'] ?? '',
    customer: customerIsDone ? common.customer : null,
    customerId: record['customer'] ?? '',
    keepsCustomers,
    namesSubscribers: subscribers.length > 0,
    subscribers: subscribers.filter((one) => customerIsDone && isDone(one.id)),
    created: new Set(plan.flatMap((step) => (step.item !== null && makes(step, record) ? [step.item] : []))),
    moves: (common.moves ?? []).filter((move) => isDone(move.id)),
    cleared: new Set(common.cleared),
    leftAlone: new Set(plan.flatMap((step) => leftAloneBy(step, record, keepsCustomers))),
  };
}
