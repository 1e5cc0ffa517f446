import type { OrderContent, PlannedStep, Platform } from '../../src/platforms/port.ts';
import type { World } from './lifecycle-fixture.ts';

let serial = 0;

interface Known {
  /** False where a subscriber is the customer's whatever the customer's number is. */
  readonly knowsCustomers: boolean;
}

export const isWayBackOpen = (platform: Platform, order: OrderContent): boolean =>
  platform.plan(order).every((step) => step.class !== 'pivot');

/** The steps that can be taken back: those of each line before the first with no way back. */
export function revocable(platform: Platform, order: OrderContent): PlannedStep[] {
  const over = new Set<string | null>();
  return platform.plan(order).filter((step) => {
    const line = step.line ?? step.item;
    if (step.class !== 'compensatable') over.add(line);
    return !over.has(line) && !over.has(null);
  });
}

/** The last subscriber is another customer's; those before it stay only where none may be touched before all are seen. */
export function stolen({ knowsCustomers }: Known, order: OrderContent, { other }: World): OrderContent[] {
  const last = order.subscribers.at(-1);
  if (!last || !knowsCustomers) return [];
  const { username, domain, externalId } = other.subscribers[0]!;
  const { externalId: own, ...thief } = { ...last, username, domain };
  const saysNumber = own !== undefined && externalId !== undefined && order.action !== 'modify';
  const others = order.action === 'terminate' ? order.subscribers.slice(0, -1) : [];
  return [{ ...order, subscribers: [...others, saysNumber ? { ...thief, externalId } : thief] }];
}

/** The order of a customer, and one of a subscriber, that nobody knows. */
export function absent({ knowsCustomers }: Known, order: OrderContent): OrderContent[] {
  const nobody = order.subscribers.slice(0, 1).map((one) => ({ ...one, username: `nobody-${++serial}` }));
  const customer = { ...order.customer, externalId: `nobody-${++serial}` };
  const isOfCustomer = knowsCustomers && (order.subscribers.length === 0 || order.action === 'modify');
  return [
    ...(nobody.length > 0 ? [{ ...order, subscribers: nobody }] : []),
    ...(isOfCustomer ? [{ ...order, customer, ...(order.moves && { moves: [] }) }] : []),
  ];
}
