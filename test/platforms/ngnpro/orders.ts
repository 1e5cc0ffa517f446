import type { OrderContent, SubscriberOrder } from '../../../src/platforms/port.ts';

let serial = 0;

/** A subscriber of an order; names and numbers of its own in every call. */
export function subscriber(more: Partial<SubscriberOrder> = {}): SubscriberOrder {
  serial++;
  return {
    id: 's1',
    externalId: `S-${serial}`,
    username: `User-${serial}`,
    domain: 'sip.example.com',
    password: 'Zx9-kq!vB72mm',
    number: { cc: '43', ac: '987', sn: `6${1_000_000 + serial}` },
    aliases: [
      { cc: '43', ac: '987', sn: `7${1_000_000 + serial}` },
      { cc: '43', ac: '', sn: `9878${100_000 + serial}` },
    ],
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
    target: 'amsterdam',
    action: 'provision',
    customer: {
      externalId: `C-${serial}`,
      contact: {
        firstName: 'Jörg',
        lastName: 'Müller & Söhne <1>',
        company: 'Müller "KG"',
        email: `Joerg.${serial}@example.com`,
        phone: '+4319876',
        mobile: '+436641234567',
        street: 'Rebgasse',
        houseNumber: '12',
        complement: 'Stiege 3',
        postcode: '1010',
        city: 'Wien',
        country: 'AT',
        taxId: 'ATU12345678',
      },
      billingProfile: 'default',
      native: {},
      ...customer,
    },
    subscribers,
    operations: [],
    domains: [...new Set(subscribers.map(({ domain }) => domain))],
  };
}
