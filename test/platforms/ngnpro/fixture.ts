import { startSimulator, type NgnproOptions, type Simulator } from '../../../src/simulators/index.ts';
import type { Json, OrderContent, SubscriberOrder, TargetSettings } from '../../../src/platforms/port.ts';
import { ngnpro, type ORDER_STEPS } from '../../../src/platforms/ngnpro/index.ts';
import type { NgnproSettings } from '../../../src/platforms/ngnpro/settings.ts';
import type { NgnproClient } from '../../../src/platforms/ngnpro/types.ts';
import type { ConformanceFixture, StandIn } from '../conformance.ts';
import { order, subscriber } from './orders.ts';

export const start = (options: NgnproOptions = {}): Promise<Simulator> =>
  startSimulator({ platform: 'ngnpro', ngnpro: options });

export const settings = (url: string, native: object = {}): TargetSettings<NgnproSettings> => ({
  name: 'amsterdam',
  url: `${url}/ngnpro`,
  auth: { username: 'admin', password: 'admin' },
  tls: { verify: true },
  concurrency: 4,
  timeouts: { connectMs: 2000, readMs: 5000, writeMs: 5000 },
  areaCodes: [],
  native: ngnpro.settings.parse({ voicemailUrl: `${url}/ngnpro/voicemail`, ...native }),
});

function fullOrder(): OrderContent {
  const one = subscriber();
  return order(
    [
      {
        ...one,
        callForwards: {
          unconditional: { destinations: [{ to: '+43666100011' }] },
          noAnswer: { ringTimeout: 20, destinations: [{ to: 'sip:bob@other.example.com' }] },
        },
        preferences: {
          'free-pstn': true,
          anonymous: true,
          callLimit: 4,
          barringPrefixes: ['+43900', '+43930'],
          rejectMembers: ['sip:spam@example.net'],
          acceptRules: {
            persistent: [{ start: '08:00', stop: '18:00', groups: ['everybody'], days: 31 }],
            temporary: { groups: ['nobody'], duration: 600 },
          },
        },
        voicemail: { pin: '4711', email: 'Box@example.com' },
        native: { prepaid: true, quota: 50, region: 'vienna', acl: [{ ip: '192.0.2.7', mask: 32, tag: 'office' }] },
      },
    ],
    { native: { password: 'Cu9-kq!vB72mm', domains: [{ domain: `${one.username}.example.org`, verify_cert: true }] } },
  );
}

const only = (content: OrderContent): SubscriberOrder => content.subscribers[0]!;

/** All that a step can change is wanted otherwise; some of each stay, go and come. */
function changed(content: OrderContent): OrderContent {
  const { customer } = content;
  const [domain] = customer.native['domains'] as [{ domain: string }];
  return {
    ...content,
    externalId: `${content.externalId}-2`,
    customer: {
      ...customer,
      native: { domains: [{ domain: `2.${domain.domain}` }, domain] },
    },
    subscribers: [
      {
        ...only(content),
        callForwards: {
          unconditional: null,
          busy: { destinations: [{ to: 'voicemail' }] },
          noAnswer: { ringTimeout: 35, destinations: [{ to: 'sip:bob@other.example.com' }] },
          unavailable: { destinations: [{ to: 'sip:carol@other.example.com' }] },
        },
        preferences: {
          'free-pstn': false,
          anonymous: true,
          'missed-calls': true,
          callLimit: 9,
          quickdialPrefix: '12',
          timezone: 'Europe/Amsterdam',
          barringPrefixes: ['+43900', '+43939'],
          rejectMembers: null,
          acceptRules: { persistent: [] },
        },
        voicemail: { pin: '9999', email: 'other@example.com' },
        native: {},
      },
    ],
  };
}

/** Ids that the platform makes, which go on counting. */
const VOLATILE = new Set(['customer', 'owner', 'id']);

function still(value: unknown): Json {
  if (Array.isArray(value)) return value.map(still);
  if (typeof value !== 'object' || value === null) return value as Json;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, member]) => !(VOLATILE.has(name) && typeof member === 'number'))
      .map(([name, member]) => [name, still(member)]),
  );
}

/** Nobody knows the password of a customer that the order gives none. */
const withoutLogins = ({ customers = [], ...state }: Awaited<ReturnType<typeof stateOf>>) => ({
  ...state,
  customers: customers.map(({ password: _password, ...customer }) => customer),
});

export async function stateOf({
  url,
}: Pick<StandIn, 'url'>): Promise<Record<string, readonly Record<string, unknown>[]>> {
  const answer = await fetch(`${url}/__state`);
  return (await answer.json()) as Record<string, readonly Record<string, unknown>[]>;
}

/** The calls with which each kind of step writes. */
const WRITES: Record<keyof typeof ORDER_STEPS, readonly string[]> = {
  customer: ['Customer.addAccount'],
  domains: ['Sip.addDomain'],
  subscriber: ['Sip.addAccount'],
  billingProfile: ['Rating.setEntityProfiles'],
  aliases: ['Sip.addAlias'],
  enumNumbers: ['Enum.addNumber'],
  voicemail: ['Voicemail.addAccount', 'Voicemail.updateAccount'],
  callForwards: ['Sip.setCallDiversions'],
  preferences: ['Sip.setBarringPrefixes', 'Sip.addToGroup'],
};

/** In the order in which undo comes to them. */
const REMOVALS = [
  'Sip.setBarringPrefixes',
  'Sip.setCallDiversions',
  'Voicemail.deleteAccount',
  'Enum.deleteNumber',
  'Sip.deleteAlias',
  'Rating.deleteEntityProfiles',
  'Sip.deleteAccount',
  'Sip.deleteDomain',
  'Customer.deleteAccount',
];

const op = (operation: string) => ({ operation });

export function fixtureOf(
  options: NgnproOptions = {},
  native: object = {},
): ConformanceFixture<NgnproClient, NgnproSettings> {
  const kinds = new Set(ngnpro.plan(fullOrder()).map(({ kind }) => kind));
  return {
    platform: ngnpro,
    start: () => start(options),
    settings: (url) => settings(url, native),
    order: fullOrder,
    changed,
    stolen: (content) => ({ ...fullOrder(), subscribers: content.subscribers }),
    others: Object.keys(ngnpro.steps).filter((kind) => !kinds.has(kind)),
    writes: Object.fromEntries(Object.entries(WRITES).map(([kind, operations]) => [kind, operations.map(op)])),
    removals: REMOVALS.map(op),
    snapshot: async (_client, standIn) => still(withoutLogins(await stateOf(standIn))),
  };
}
