import { createDrafts } from '../order-drafts.ts';

export const { order, subscriber } = createDrafts({
  target: 'sao-paulo',
  subscriber: (serial) => ({
    username: `user-${serial}`,
    number: { cc: '55', ac: '11', sn: `3${1_000_000 + serial}` },
    aliases: [
      { cc: '55', ac: '11', sn: `4${1_000_000 + serial}` },
      { cc: '43', ac: '', sn: `9877${100_000 + serial}` },
    ],
  }),
  customer: (serial) => ({
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
  }),
});
