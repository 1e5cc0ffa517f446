import { startSimulator, type Simulator, type SippulseOptions } from '../../../src/simulators/index.ts';
import type { Json, OrderContent, SubscriberOrder, TargetSettings } from '../../../src/platforms/port.ts';
import { sippulse, type ORDER_STEPS } from '../../../src/platforms/sippulse/index.ts';
import { namesOf } from '../../../src/platforms/sippulse/soap/names.ts';
import type { SippulseSettings } from '../../../src/platforms/sippulse/settings.ts';
import { newSubscriber } from '../../../src/platforms/sippulse/subscriber-members.ts';
import type { SippulseClient } from '../../../src/platforms/sippulse/types.ts';
import type { ConformanceFixture, StandIn } from '../conformance.ts';
import { order, subscriber } from './orders.ts';

export const start = (options: SippulseOptions = {}): Promise<Simulator> =>
  startSimulator({ platform: 'sippulse', sippulse: options });

export const settings = (url: string): TargetSettings<SippulseSettings> => ({
  name: 'sao-paulo',
  url: `${url}/SipPulse`,
  auth: { username: 'admin', password: 'admin' },
  tls: { verify: true },
  concurrency: 4,
  timeouts: { connectMs: 2000, readMs: 5000, writeMs: 5000 },
  areaCodes: [],
  native: sippulse.settings.parse({}),
});

const UNSEEN = ['services', 'switches', 'reload', 'reloadDids', 'reloadAddresses'];

export function fullOrder(): OrderContent {
  const one = subscriber();
  return order(
    [
      {
        ...one,
        callForwards: {
          unconditional: { destinations: [{ to: '+551130258099' }] },
          noAnswer: { ringTimeout: 20, destinations: [{ to: 'sip:bob@other.example.com' }] },
        },
        preferences: {
          blockCollectCalls: true,
          callLimit: 4,
          pinCode: '4321',
          callGroup: 'sales',
          cps: 7,
          topologyHiding: true,
          dailyStatistics: true,
          dailyQuota: true,
          dailyQuotaLimit: 100,
          dailyQuotaType: 'M',
        },
        voicemail: { pin: '4711' },
        native: {
          whiteList: ['5511', '5521'],
          addresses: [{ ipAddress: '192.0.2.10' }, { ipAddress: '192.0.2.11', method: 'techprefix', techPrefix: '77' }],
          locations: ['sip:gw@192.0.2.10:5060'],
          credit: 25.5,
        },
      },
    ],
    {
      native: {
        reseller: {
          name: `reseller-${one.username}`,
          manager: 'Maria',
          email: 'maria@example.com',
          username: `maria-${one.username}`,
          password: 'Rs9-kq!vB72mm',
        },
        accountGroup: { accountManager: 'boss@sip.example.com', managerProfile: 'default' },
      },
    },
  );
}

const only = (content: OrderContent): SubscriberOrder => content.subscribers[0]!;

/** Without what the platform does not show, and what adds up. */
function again(content: OrderContent): OrderContent {
  const { native, preferences = {}, ...one } = only(content);
  const { cps: _cps, topologyHiding: _hiding, dailyStatistics: _statistics, ...seen } = preferences;
  const { credit: _credit, ...rest } = native;
  return { ...content, subscribers: [{ ...one, preferences: seen, native: rest }] };
}

/** All that a step can change is wanted otherwise; some of each stay, go and come. */
function changed(content: OrderContent): OrderContent {
  const { customer } = content;
  return {
    ...content,
    externalId: `${content.externalId}-2`,
    customer: {
      ...customer,
      native: {
        ...customer.native,
        accountGroup: { accountManager: 'chief@sip.example.com', managerProfile: 'default' },
      },
    },
    subscribers: [
      {
        ...only(content),
        callForwards: {
          unconditional: null,
          busy: { destinations: [{ to: 'sip:bob@other.example.com' }] },
          noAnswer: { ringTimeout: 35, destinations: [{ to: 'sip:bob@other.example.com' }] },
        },
        preferences: {
          blockCollectCalls: false,
          blockAnonymousCalls: true,
          softphoneAllowed: true,
          lowCreditNotification: true,
          lowCreditLimit: 5,
          profile: 'business',
          callLimit: 9,
          pinCode: null,
          bossSecretary: 'ana',
          dailyQuota: false,
          monthlyQuota: true,
          monthlyQuotaLimit: 50,
          monthlyQuotaType: 'V',
        },
        voicemail: { pin: '9999' },
        native: {
          whiteList: ['5511', '5531'],
          addresses: [{ ipAddress: '192.0.2.10' }, { ipAddress: '192.0.2.10', port: 5080 }],
          locations: ['sip:gw@192.0.2.12:5060'],
          credit: 10,
        },
      },
    ],
  };
}

const VOLATILE = new Set(['id', 'creditTransactions', 'resellerCreditTransactions', 'resellerId']);

/** Without ids, in an order that does not depend on what was made first. */
function still(value: unknown): Json {
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

/** Everything that is stored, and what the proxies know of it: a reload that is missing is a difference. */
export async function stateOf({
  url,
}: Pick<StandIn, 'url'>): Promise<Record<string, readonly Record<string, unknown>[]>> {
  const answer = await fetch(`${url}/__state`);
  return (await answer.json()) as Record<string, readonly Record<string, unknown>[]>;
}

/** Managers of account groups: subscribers of somebody else. */
const MANAGERS = ['boss', 'chief'];

async function prepare(client: SippulseClient): Promise<void> {
  for (const username of MANAGERS) {
    const domain = 'sip.example.com';
    const manager = { id: 's1', username, domain, password: 'Zx9-kq!vB72mm', aliases: [], native: {} };
    const customer = { externalId: 'C-managers', contact: { email: 'managers@example.com' }, native: {} };
    const references = { profile: 'default', ratePlanId: 21, resellerId: 0 };
    const dto = newSubscriber({ customer }, manager, references, client.defaults);
    await client.write('SubscriberWS', 'insertSubscriber', { subscriber: dto });
    await client.write('ReloadModulesWS', 'reloadSubscriber', { username, domain });
  }
}

/** The calls under the names this server knows them by. */
const opsOf =
  (options: SippulseOptions) =>
  (...operations: string[]) =>
    operations.map((operation) => ({
      operation: options.spelling === 'page' ? (namesOf(operation).at(-1) ?? operation) : operation,
    }));

/** The calls with which each kind of step writes. */
const WRITES: Record<keyof typeof ORDER_STEPS, readonly string[]> = {
  reseller: ['insertReseller'],
  subscriber: ['insertSubscriber'],
  services: ['updateSubscriberServices'],
  numbers: ['insertDid'],
  callForwards: ['updateSubscriberClassV'],
  preferences: ['updateSubscriberClassV', 'changeProfile'],
  switches: ['activateTopologyHiding', 'activateDailyStatistics'],
  quotas: ['updateDailyQuota', 'updateMonthlyQuota'],
  voicemail: ['activateVoicemail'],
  whiteList: ['insertWhiteList'],
  addresses: ['insertAddress'],
  locations: ['addUserLocation'],
  accountGroup: ['addAccountGroup'],
  credit: ['addCredit'],
  reload: ['reloadSubscriber'],
  reloadDids: ['reloadDid'],
  reloadAddresses: ['reloadAddress'],
};

/** By kind, in the order in which undo comes to them. */
const REMOVALS = [
  ['accountGroup', 'removeAccountGroup'],
  ['locations', 'removeUserLocation'],
  ['addresses', 'removeAddress', 'reloadAddress'],
  ['whiteList', 'deletetWhiteList'],
  ['numbers', 'deleteDid'],
  ['subscriber', 'removeSubscriber', 'reloadSubscriber'],
  ['reseller', 'deleteReseller'],
] as const;

/** Fewer kinds: those whose calls a server may know otherwise, and what they need. */
export function slim(content: OrderContent): OrderContent {
  const { customer } = content;
  const { native, preferences = {}, callForwards: _forwards, ...one } = only(content);
  const { locations: _locations, credit: _credit, ...rest } = native;
  const kept = Object.entries(preferences).filter(([name]) => !/Quota|topologyHiding|dailyStatistics/.test(name));
  return {
    ...content,
    customer: { ...customer, native: { ...customer.native, reseller: undefined } },
    subscribers: [{ ...one, preferences: Object.fromEntries(kept), native: rest }],
  };
}

export function fixtureOf(
  options: SippulseOptions,
  shape: (content: OrderContent) => OrderContent = (content) => content,
): ConformanceFixture<SippulseClient, SippulseSettings> {
  const op = opsOf(options);
  const fresh = () => shape(fullOrder());
  const kinds = new Set(sippulse.plan(fresh()).map(({ kind }) => kind));
  return {
    platform: sippulse,
    start: () => start(options),
    settings,
    prepare,
    order: fresh,
    changed: (content) => shape(changed(content)),
    again,
    stolen: (content) => ({ ...fresh(), subscribers: content.subscribers }),
    unseen: UNSEEN,
    others: Object.keys(sippulse.steps).filter((kind) => !kinds.has(kind)),
    writes: Object.fromEntries(
      Object.entries(WRITES)
        .filter(([kind]) => kinds.has(kind))
        .map(([kind, operations]) => [kind, op(...operations)]),
    ),
    removals: REMOVALS.filter(([kind]) => kinds.has(kind)).flatMap(([, ...operations]) => op(...operations)),
    snapshot: async (_client, standIn) => still(await stateOf(standIn)),
  };
}
