import type { NumberMove, OrderContent, SubscriberOrder } from '../../src/platforms/port.ts';
import type { World } from './lifecycle.ts';

type Change = Omit<Partial<OrderContent>, 'customer' | 'subscribers' | 'action'> & {
  readonly customer?: Partial<OrderContent['customer']>;
};

/** What names a subscriber, to be changed. */
export function bare({ id, username, domain }: SubscriberOrder): SubscriberOrder {
  return { id, username, domain, aliases: [], native: {} };
}

let serial = 0;

/** An order of another action for the customer of an order. */
export function changeOf(
  { target, customer: { externalId } }: OrderContent,
  action: OrderContent['action'],
  subscribers: readonly SubscriberOrder[],
  { customer, ...more }: Change = {},
): OrderContent {
  return {
    externalId: `CRM-life-${++serial}`,
    target,
    action,
    operations: [],
    ...more,
    subscribers,
    customer: { externalId, native: {}, ...customer },
  };
}

export const firstOf = ({ mine }: World): SubscriberOrder => mine.subscribers[0]!;
export const secondOf = ({ mine }: World): SubscriberOrder => mine.subscribers[1]!;
export const strangerOf = ({ other }: World): SubscriberOrder => other.subscribers[0]!;

/** A modify order for the first subscriber. */
export const modified = (of: World, more: Partial<SubscriberOrder>, change?: Change): OrderContent =>
  changeOf(of.mine, 'modify', [{ ...bare(firstOf(of)), ...more }], change);

/** A move of a number to the first subscriber, of another one of the customer or of somebody else's. */
export function moveOf(of: World, more: Partial<NumberMove> = {}): NumberMove {
  const { username, domain } = strangerOf(of);
  return {
    id: 'm1',
    number: strangerOf(of).number!,
    from: { customer: of.other.customer.externalId, username, domain },
    to: { username: firstOf(of).username, domain: firstOf(of).domain },
    ...more,
  };
}
