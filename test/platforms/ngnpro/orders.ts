import { createDrafts } from '../order-drafts.ts';

export const { order, subscriber } = createDrafts({
  target: 'amsterdam',
  domains: true,
  subscriber: (serial) => ({
    externalId: `S-${serial}`,
    username: `User-${serial}`,
    number: { cc: '43', ac: '987', sn: `6${1_000_000 + serial}` },
    aliases: [
      { cc: '43', ac: '987', sn: `7${1_000_000 + serial}` },
      { cc: '43', ac: '', sn: `9878${100_000 + serial}` },
    ],
  }),
  customer: (serial) => ({
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
  }),
});
