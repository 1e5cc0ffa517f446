import type { OrderContent, SubscriberOrder } from '../../../src/platforms/port.ts';

let serial = 0;

/** A subscriber of an order; names and numbers of its own in every call. */
export function subscriber(more: Partial<SubscriberOrder> = {}): SubscriberOrder {
  serial++;
  return {
    id: 's1',
    externalId: `S-${serial}`,
    username: `user-${serial}`,
    domain: 'sip.example.com',
    password: 'Zx9-kq!vB72mm',
    number: { cc: '43', ac: '', sn: `9876${100_000 + serial}` },
    aliases: [{ cc: '43', ac: '', sn: `9877${100_000 + serial}` }],
    native: {},
    ...more,
  };
}

export function order(
  subscribers: readonly SubscriberOrder[] = [subscriber()],
  customer: Partial<OrderContent['customer']> = {},
): OrderContent {
  serial++;
  return {
    externalId: `CRM-${serial}`,
    target: 'vienna',
    action: 'provision',
    customer: {
      externalId: `C-${serial}`,
      contact: { firstName: 'John', lastName: 'Doe', email: `john.doe.${serial}@example.com`, country: 'AT' },
      native: {},
      ...customer,
    },
    subscribers,
    operations: [],
  };
}
