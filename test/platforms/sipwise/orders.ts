import { createDrafts } from '../order-drafts.ts';

export const { order, subscriber } = createDrafts({
  target: 'vienna',
  subscriber: (serial) => ({
    externalId: `S-${serial}`,
    username: `user-${serial}`,
    number: { cc: '43', ac: '', sn: `9876${100_000 + serial}` },
    aliases: [{ cc: '43', ac: '', sn: `9877${100_000 + serial}` }],
  }),
  customer: (serial) => ({
    contact: { firstName: 'John', lastName: 'Doe', email: `john.doe.${serial}@example.com`, country: 'AT' },
  }),
});
