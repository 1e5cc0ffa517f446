import type { SubscriberOrder } from '../../../src/platforms/port.ts';
import { createDrafts } from '../order-drafts.ts';

export const { order, subscriber } = createDrafts({
  target: 'rome',
  subscriber(serial) {
    const number = { cc: '39', ac: '', sn: `06${1_000_000 + serial}` };
    return { username: `${number.cc}${number.sn}`, number, aliases: [] };
  },
  customer: (serial) => ({
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
  }),
});

/** Of a user name and number of its own for each digit. */
export const userOf = (lastDigit: number, more = {}): SubscriberOrder =>
  subscriber({
    number: { cc: '39', ac: '', sn: `069999999${lastDigit}` },
    username: `user-${lastDigit}`,
    externalId: 'S-1',
    ...more,
  });
