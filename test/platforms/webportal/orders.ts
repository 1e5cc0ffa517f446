import type { OrderContent, SubscriberOrder } from '../../../src/platforms/port.ts';

let serial = 0;

/** A subscriber of an order; names and numbers of its own in every call. */
export function subscriber(more: Partial<SubscriberOrder> = {}): SubscriberOrder {
  serial++;
  const number = { cc: '39', ac: '', sn: `06${1_000_000 + serial}` };
  return {
    id: 's1',
    username: `${number.cc}${number.sn}`,
    domain: 'sip.example.com',
    password: 'Zx9-kq!vB72mm',
    number,
    aliases: [],
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
    target: 'rome',
    action: 'provision',
    customer: {
      externalId: `C-${serial}`,
      contact: {
        company: `Officine Bianchi ${serial}`,
        email: `officine.${serial}@example.com`,
        phone: '+390655501',
        street: 'Via Appia',
        houseNumber: '7',
        postcode: '00179',
        city: 'Roma',
        state: 'RM',
        country: 'IT',
        taxId: `IT${10_000_000_000 + serial}`,
      },
      native: {},
      ...customer,
    },
    subscribers,
    operations: [],
  };
}

/** Of a user name and number of its own for each digit. */
export const userOf = (lastDigit: number, more = {}) =>
  subscriber({
    number: { cc: '39', ac: '', sn: `069999999${lastDigit}` },
    username: `user-${lastDigit}`,
    externalId: 'S-1',
    ...more,
  });
