import type { OrderContent, SubscriberOrder } from '../../../src/platforms/port.ts';

let serial = 0;

/** A subscriber of an order; names and numbers of its own in every call. */
export function subscriber(more: Partial<SubscriberOrder> = {}): SubscriberOrder {
  serial++;
  return {
    id: 's1',
    username: `user-${serial}`,
    domain: 'sip.example.com',
    password: 'Zx9-kq!vB72mm',
    number: { cc: '55', ac: '11', sn: `3${1_000_000 + serial}` },
    aliases: [
      { cc: '55', ac: '11', sn: `4${1_000_000 + serial}` },
      { cc: '43', ac: '', sn: `9877${100_000 + serial}` },
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
    target: 'sao-paulo',
    action: 'provision',
    customer: {
      externalId: `C-${serial}`,
      contact: {
        firstName: 'João',
        lastName: 'da Silva & Filhos <1>',
        email: `joao.${serial}@example.com`,
        phone: '+551130258080',
        street: 'Rua Augusta',
        houseNumber: '12',
        district: 'Consolação',
        postcode: '01305-000',
        city: 'São Paulo',
        state: 'SP',
        country: 'BR',
        taxId: '123.456.789-09',
      },
      billingProfile: 'default',
      native: {},
      ...customer,
    },
    subscribers,
    operations: [],
  };
}
