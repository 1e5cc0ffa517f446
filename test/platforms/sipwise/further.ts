import type { OrderContent, PhoneNumber, SubscriberOrder } from '../../../src/platforms/port.ts';

let serial = 0;

export const phone = (sn: string): PhoneNumber => ({ cc: '43', ac: '720', sn });

/** A further order of the same customer that says nothing of its own. */
export function further(of: OrderContent, action: OrderContent['action'], more: Partial<OrderContent> = {}) {
  const { externalId } = of.customer;
  return {
    ...of,
    externalId: `${of.externalId}-${action}-${++serial}`,
    action,
    customer: { externalId, native: {} },
    subscribers: [],
    ...more,
  } satisfies OrderContent;
}

/** A subscriber of a further order, which names it. */
export function named({ id, username, domain, externalId }: SubscriberOrder): SubscriberOrder {
  return { id, username, domain, ...(externalId !== undefined && { externalId }), aliases: [], native: {} };
}

/** The same without the CRM's number, which a modify order would set. */
export function bare(one: SubscriberOrder, more: Partial<SubscriberOrder> = {}): SubscriberOrder {
  const { externalId: _own, ...name } = named(one);
  return { ...name, ...more };
}
