import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { CallHooks, Json, JsonObject, OrderContent, Platform } from '../../../src/platforms/port.ts';
import { connect } from '../../../src/platforms/sippulse/client.ts';
import { operationSteps, planOperations } from '../../../src/platforms/sippulse/operations/index.ts';
import { settingsSchema } from '../../../src/platforms/sippulse/settings.ts';
import type { Item, SippulseClient } from '../../../src/platforms/sippulse/types.ts';
import { startSimulator, type Simulator, type SippulseOptions } from '../../../src/simulators/index.ts';
import { undoStep } from '../../../workers/step/perform.ts';
import { createDriver, type Driver, type RunRecord } from '../driver.ts';

export const DOMAIN = 'sip.example.com';
export const JOHN = { username: 'john', domain: DOMAIN };
export const MARY = { username: 'mary', domain: DOMAIN };
export const ACCOUNT = `john@${DOMAIN}`;

const NO_HOOKS: CallHooks = {
  signal: new AbortController().signal,
  beforeCall: async () => {},
  afterCall: () => {},
};

let serial = 0;

export function orderOf(service: string, operation: string, args: object): OrderContent {
  return {
    externalId: `ops-${++serial}`,
    target: 'brasilia',
    action: 'provision',
    customer: { externalId: 'none', native: {} },
    subscribers: [],
    operations: [{ id: 'o1', service, operation, args: args as JsonObject }],
  };
}

export const nextKey = (): string => `turnup:ops-${++serial}:1`;

export interface OperationsLab {
  readonly simulator: Simulator;
  readonly driver: Driver;
  /** Outside any step: what other people do on the platform. */
  readonly client: SippulseClient;
  /** What the platform holds, without what no order could bring back: ids and what is made of them. */
  still(): Json;
  /** Back to the start. */
  refill(): Promise<void>;
  state(): { readonly [kind: string]: readonly Item[] };
  /** Takes an order back as the engine does: also steps of which nobody recorded the outcome. */
  undo(order: OrderContent, key: string, record: RunRecord): Promise<void>;
}

/** A stand-in with fresh data and two subscribers for each test. */
export function useOperationsLab(options: SippulseOptions = {}): OperationsLab {
  let simulator: Simulator;
  let driver: Driver;
  let client: SippulseClient;
  let close: () => Promise<void>;
  let newDriver: () => Driver;

  beforeAll(async () => {
    simulator = await startSimulator({ platform: 'sippulse', sippulse: options });
    const connection = connect({
      name: 'brasilia',
      url: `${simulator.url}/SipPulse`,
      auth: { username: 'admin', password: 'admin' },
      tls: { verify: true },
      concurrency: 4,
      timeouts: { connectMs: 2000, readMs: 5000, writeMs: 5000 },
      areaCodes: [],
      native: settingsSchema.parse({}),
    });
    close = () => connection.close();
    client = connection.bind(NO_HOOKS);
    // Of its own for each test: turns last longer than one.
    newDriver = () => createDriver({ steps: operationSteps, plan: planOperations } as unknown as Platform, connection);
  });
  beforeEach(async () => {
    driver = newDriver();
    await refill();
  });
  afterAll(async () => {
    await close();
    await simulator.close();
  });

  async function refill(): Promise<void> {
    simulator.reset();
    simulator.setFaults({ rules: [] });
    for (const user of [JOHN, MARY]) await makeSubscriber(client, user);
  }

  return {
    refill,
    get simulator() {
      return simulator;
    },
    get driver() {
      return driver;
    },
    get client() {
      return client;
    },
    still: () => still(simulator.state()),
    state: () => simulator.state() as { readonly [kind: string]: readonly Item[] },
    async undo(order, key, record) {
      for (const step of planOperations(order).toReversed()) {
        const entry = record.get(step.id);
        if (!entry) continue;
        const { outcome, result } = entry;
        if (outcome === 'adopted' || outcome === 'unchanged') continue;
        const ctx = driver.contextOf(order, step, record, key) as never;
        await undoStep(operationSteps[step.kind]!, ctx, outcome && { outcome, result });
      }
    },
  };
}

export const newSubscriber = (user: { username: string; domain: string }) => ({
  ...user,
  password: `${user.username}-secret`,
  passwordPortal: `${user.username}-portal`,
  profile: 'default',
  ratePlanId: 21,
  emailAddress: `${user.username}@example.org`,
  countryCode: 55,
  areaCode: 11,
  callLimit: 2,
  voicemail: false,
  resellerId: 0,
  callsOnlyByIp: false,
  addServiceHeader: false,
});

async function makeSubscriber(client: SippulseClient, user: typeof JOHN): Promise<void> {
  const flags = {
    activeIncomingCalls: true,
    activeOutgoingCalls: true,
    blockAnonymousCalls: false,
    blockEntry0303: false,
    copyPassertedRpid: false,
    lowCreditLimit: 0,
    lowCreditNotification: false,
    resellerBillingType: 0,
    resellerMarkup: 0,
    softphoneAllowed: false,
    validateSource0303: false,
    rings: 20,
  };
  await client.write('SubscriberWS', 'insertSubscriber', { subscriber: { ...newSubscriber(user), ...flags } });
  await client.write('ReloadModulesWS', 'reloadSubscriber', user);
}

const VOLATILE = new Set([
  'id',
  'uri',
  'group',
  'pattern',
  'contextInfo',
  'live',
  'creditTransactions',
  'resellerCreditTransactions',
]);

function still(value: unknown): Json {
  if (Array.isArray(value)) return value.map(still);
  if (typeof value !== 'object' || value === null) return value as Json;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !VOLATILE.has(name))
      .map(([name, member]) => [name, name === 'accounts' ? (member as string[]).toSorted() : still(member)]),
  );
}
