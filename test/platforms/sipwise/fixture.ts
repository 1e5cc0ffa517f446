import { startSimulator, type Simulator } from '../../../src/simulators/index.ts';
import type { Json, OrderContent, TargetSettings } from '../../../src/platforms/port.ts';
import type { Item, SipwiseClient } from '../../../src/platforms/sipwise/client.ts';
import { idOf, list } from '../../../src/platforms/sipwise/lookup.ts';
import { sipwise } from '../../../src/platforms/sipwise/index.ts';
import type { SipwiseSettings } from '../../../src/platforms/sipwise/settings.ts';
import type { ConformanceFixture } from '../conformance.ts';
import { order, subscriber } from './orders.ts';

export const start = (): Promise<Simulator> => startSimulator({ platform: 'sipwise' });

export const settings = (url: string): TargetSettings<SipwiseSettings> => ({
  name: 'vienna',
  url,
  auth: { username: 'administrator', password: 'administrator' },
  tls: { verify: true },
  concurrency: 4,
  timeouts: { connectMs: 2000, readMs: 5000, writeMs: 5000 },
  areaCodes: [],
  native: { resellerId: 1, authScheme: 'token' },
});

export function fullOrder(): OrderContent {
  return order([
    subscriber({
      webUsername: undefined as never,
      callForwards: {
        unregistered: {
          destinations: [
            { to: '+4366610001', timeout: 10 },
            { to: 'voicemail', timeout: 300 },
          ],
          times: null,
        },
        noAnswer: {
          ringTimeout: 20,
          destinations: [{ to: 'sip:bob@other.example.com' }],
          times: [{ days: ['mon', 'tue', 'sat'], from: '08:30', to: '17:15' }],
        },
      },
      preferences: { block_in_clir: true, block_in_list: ['4366412345', '431*'], concurrent_max: 3 },
      voicemail: { pin: '4711', email: 'voice@example.com' },
      native: { lock: 2 },
    }),
  ]);
}

/** Forwards, preferences, mailbox and lock are wanted otherwise; some of each stay, go and come. */
function changed(content: OrderContent): OrderContent {
  const [first] = content.subscribers;
  const wanted = {
    ...first!,
    callForwards: {
      unconditional: { destinations: [{ to: 'voicemail' }] },
      unregistered: null,
      noAnswer: { ringTimeout: 30, destinations: [{ to: 'sip:bob@other.example.com' }] },
    },
    preferences: { block_in_clir: null, block_in_list: ['431*'], concurrent_max: 3, use_rtpproxy: 'never' },
    voicemail: { pin: '9999', email: 'other@example.com' },
    native: { lock: null, status: 'locked' as const },
  };
  return {
    ...content,
    externalId: `${content.externalId}-2`,
    subscribers: [{ ...wanted, native: { status: 'locked' } }],
  };
}

const VOLATILE = new Set([
  '_links',
  'id',
  'subscriber_id',
  'modify_timestamp',
  'create_timestamp',
  'uuid',
  'number_id',
]);

function still(value: unknown): Json {
  if (Array.isArray(value)) return value.map(still);
  if (typeof value !== 'object' || value === null) return value as Json;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !VOLATILE.has(name) && !/(?:_timestamp|_time|_id)$/.test(name))
      .map(([name, member]) => [name, still(member)]),
  );
}

const stillSets = (forwards: Item): Json => JSON.parse(JSON.stringify(still(forwards)));

async function snapshot(client: SipwiseClient): Promise<Json> {
  const of = (collection: string) => list(client, { collection, filter: {} });
  const subscribers = await of('subscribers');
  const details: Json[] = [];
  for (const found of subscribers) {
    const id = idOf(found);
    details.push({
      forwards: stillSets(await client.get(`/api/callforwards/${id}`)),
      preferences: still(await client.get(`/api/subscriberpreferences/${id}`)),
      voicemail: still(await client.get(`/api/voicemailsettings/${id}`)),
    });
  }
  return {
    contacts: still(await of('customercontacts')),
    customers: still((await of('customers')).filter(({ status }) => status !== 'terminated')),
    subscribers: still(subscribers),
    details,
  };
}

export const fixture: ConformanceFixture<SipwiseClient, SipwiseSettings> = {
  platform: sipwise,
  start,
  settings,
  order: fullOrder,
  changed,
  stolen: (content) => ({ ...fullOrder(), subscribers: content.subscribers }),
  writes: {
    contact: [{ method: 'POST', path: '/api/customercontacts/' }],
    customer: [{ method: 'POST', path: '/api/customers/' }],
    subscriber: [{ method: 'POST', path: '/api/subscribers/' }],
    callForwards: [
      { method: 'PUT', path: '/api/callforwards/*' },
      { method: 'PATCH', path: '/api/callforwards/*' },
    ],
    preferences: [{ method: 'PATCH', path: '/api/subscriberpreferences/*' }],
    voicemail: [{ method: 'PATCH', path: '/api/voicemailsettings/*' }],
    lock: [{ method: 'PATCH', path: '/api/subscribers/*' }],
  },
  removals: [
    { method: 'DELETE', path: '/api/subscribers/*' },
    { method: 'PATCH', path: '/api/customers/*' },
    { method: 'DELETE', path: '/api/customercontacts/*' },
  ],
  snapshot,
};
