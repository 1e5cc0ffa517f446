import {
  portalProfile,
  startSimulator,
  type PortalProfileName,
  type Simulator,
  type WebportalOptions,
} from '../../../src/simulators/index.ts';
import type { Json, OrderContent, SubscriberOrder, TargetSettings } from '../../../src/platforms/port.ts';
import { webportal } from '../../../src/platforms/webportal/index.ts';
import type { WebportalSettings } from '../../../src/platforms/webportal/settings.ts';
import type { WebportalClient } from '../../../src/platforms/webportal/types.ts';
import type { ConformanceFixture, StandIn } from '../conformance.ts';
import { order, subscriber } from './orders.ts';

export const start = (options: WebportalOptions = {}): Promise<Simulator> =>
  startSimulator({ platform: 'webportal', webportal: options });

export const settingsWith = (url: string, profile: string): TargetSettings<WebportalSettings> => ({
  name: 'rome',
  url,
  auth: { username: 'portal', password: 'portal-password' },
  tls: { verify: true },
  concurrency: 4,
  timeouts: { connectMs: 2000, readMs: 5000, writeMs: 5000 },
  areaCodes: [],
  native: webportal.settings.parse({ profile, domain: 'sip.example.com' }),
});

/** Queued calls are over soon, so that tests need not wait for them. */
export const quick = (profile: string): string =>
  profile.replace('every: 20ms', 'every: 2ms').replace('for: 400ms', 'for: 40ms');

/** What each profile has a place for, and the others have not. */
const OWN: Readonly<Record<PortalProfileName, (one: SubscriberOrder) => Partial<SubscriberOrder>>> = {
  status: ({ number, username }) => ({
    externalId: `S-${username}`,
    username: `user-${username}`,
    aliases: [{ ...number!, sn: `${number!.sn}9` }],
    voicemail: { pin: '4711', email: 'voice@example.com' },
    native: {
      office: { name: 'Deposito', city: 'Latina', emergencyArea: 'LT' },
      deviceId: 'aa:bb',
      deviceSecret: 'hidden-device',
    },
  }),
  outcome: () => ({ native: { office: 'Deposito' } }),
};

export function fullOrder(name: PortalProfileName): OrderContent {
  const one = subscriber({
    callForwards: {
      unconditional: { destinations: [{ to: '+390655598' }] },
      noAnswer: { ringTimeout: 20, destinations: [{ to: '+390655599' }] },
    },
    preferences: { clir: true, barring: 'international', maxCalls: 2, ...(name === 'status' && { pinCode: '4321' }) },
  });
  return order([{ ...one, ...OWN[name](one) }]);
}

/** Everything that a step can change is wanted otherwise; some of each stay, go and come. */
function changed(name: PortalProfileName, content: OrderContent): OrderContent {
  const [one] = content.subscribers;
  return {
    ...content,
    externalId: `${content.externalId}-2`,
    subscribers: [
      {
        ...one!,
        callForwards: {
          unconditional: null,
          busy: { destinations: [{ to: '+390655597' }] },
          noAnswer: { ringTimeout: 35, destinations: [{ to: '+390655599' }] },
        },
        preferences: {
          clir: false,
          callWaiting: true,
          barring: null,
          maxCalls: 2,
          ...(name === 'status' && { pinCode: '8765' }),
        },
        ...(name === 'status' && { voicemail: { pin: '9999' } }),
      },
    ],
  };
}

/** Ids, whose something is, and which order made it. */
const VOLATILE = new Set(['id', 'parent', 'companyId', 'officeId', 'origin', 'company', 'office']);

export function still(value: unknown): Json {
  if (Array.isArray(value)) {
    return value.map(still).toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
  }
  if (typeof value !== 'object' || value === null) return value as Json;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !VOLATILE.has(name))
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([name, member]) => [name, still(member)]),
  );
}

export async function stateOf({
  url,
}: Pick<StandIn, 'url'>): Promise<Record<string, readonly Record<string, unknown>[]>> {
  const answer = await fetch(`${url}/__state`);
  return (await answer.json()) as Record<string, readonly Record<string, unknown>[]>;
}

const WRITES: Readonly<Record<string, string>> = {
  company: 'company.create',
  office: 'office.create',
  subscriber: 'user.create',
  services: 'services.set',
  callForwards: 'callForwards.set',
  voicemail: 'voicemail.set',
};

export function fixtureOf(name: PortalProfileName): ConformanceFixture<WebportalClient, WebportalSettings> {
  const profile = quick(portalProfile(name));
  const fresh = () => fullOrder(name);
  const kinds = new Set(webportal.plan(fresh()).map(({ kind }) => kind));
  return {
    platform: webportal,
    start: () => start({ profile, ticketMs: 2 }),
    settings: (url) => settingsWith(url, profile),
    order: fresh,
    changed: (content) => changed(name, content),
    stolen: (content) => ({ ...fresh(), subscribers: content.subscribers }),
    others: Object.keys(webportal.steps).filter((kind) => !kinds.has(kind)),
    writes: Object.fromEntries([...kinds].map((kind) => [kind, [{ operation: WRITES[kind]! }]])),
    removals: ['user.remove', 'office.remove', 'company.remove'].map((operation) => ({ operation })),
    snapshot: async (_client, standIn) => still(await stateOf(standIn)),
  };
}
