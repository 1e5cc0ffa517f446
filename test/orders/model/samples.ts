import type { PostedOrder } from '../../../src/orders/model/index.ts';

/* Small orders with one thing changed. */

export const base = (): PostedOrder => ({
  externalId: 'CRM-1',
  target: 'graz',
  customer: { externalId: 'C-1' },
  subscribers: [{ username: 'john', domain: 'sip.example.com' }],
});

export const withSubscriber = (members: object): object => ({
  ...base(),
  subscribers: [{ username: 'john', domain: 'sip.example.com', ...members }],
});
export const withSubscribers = (...subscribers: object[]): object => ({
  ...base(),
  subscribers: subscribers.map((members, i) => ({ username: `u${i}`, domain: 'd.example', ...members })),
});
export const withContact = (contact: object): object => ({ ...base(), customer: { externalId: 'C-1', contact } });
export const modify = (members: object, customer: object = {}): object => ({
  ...base(),
  action: 'modify',
  customer: { externalId: 'C-1', ...customer },
  subscribers: [{ username: 'john', domain: 'sip.example.com', ...members }],
});
export const move = (): object => ({
  number: '+43987710001',
  from: { username: 'from', domain: 'sip.example.com' },
  to: { username: 'to', domain: 'sip.example.com' },
});
