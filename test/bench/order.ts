/** The order the bench places again and again: a new customer with one subscriber, all five steps. */
export function benchOrder(at: number, target: string) {
  const digits = String(at).padStart(7, '0');
  return {
    externalId: `BENCH-${digits}`,
    target,
    customer: {
      externalId: `BC-${digits}`,
      contact: { firstName: 'Ben', lastName: 'Chmark', email: `bench-${digits}@example.com`, country: 'AT' },
    },
    subscribers: [
      {
        username: `bench${digits}`,
        domain: 'sip.example.com',
        password: `Pw-${digits}-zq8!`,
        number: { cc: '43', ac: '720', sn: digits },
        callForwards: { unregistered: { destinations: [{ to: 'voicemail', timeout: 300 }] } },
        preferences: { block_in_clir: true },
      },
    ],
  };
}
