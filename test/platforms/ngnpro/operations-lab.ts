import { afterAll, beforeAll, beforeEach } from 'vitest';
import { connect } from '../../../src/platforms/ngnpro/client.ts';
import { operationSteps, planOperations } from '../../../src/platforms/ngnpro/operations/index.ts';
import { settingsSchema } from '../../../src/platforms/ngnpro/settings.ts';
import type { NgnproClient } from '../../../src/platforms/ngnpro/types.ts';
import type { CallHooks, Json, JsonObject, OrderContent, Platform } from '../../../src/platforms/port.ts';
import { startSimulator, type NgnproOptions, type Simulator } from '../../../src/simulators/index.ts';
import { undoStep } from '../../../workers/step/perform.ts';
import { createDriver, type Driver, type RunRecord } from '../driver.ts';

export const DOMAIN = 'sip.example.com';
export const JOHN = { username: 'john', domain: DOMAIN };
export const MARY = { username: 'mary', domain: DOMAIN };

const NO_HOOKS: CallHooks = {
  signal: new AbortController().signal,
  beforeCall: async () => {},
  afterCall: () => {},
};

let serial = 0;

export function orderOf(call: string, args: object): OrderContent {
  const [service = '', operation = ''] = call.split('.');
  return {
    externalId: `ops-${++serial}`,
    target: 'hague',
    action: 'provision',
    customer: { externalId: 'none', native: {} },
    subscribers: [],
    operations: [{ id: 'o1', service, operation, args: args as JsonObject }],
  };
}

export const nextKey = (): string => `turnup:ops-${++serial}:1`;

export interface LabOptions {
  readonly simulator?: NgnproOptions;
  readonly auth?: { readonly username: string; readonly password: string };
  readonly native?: object;
}

export interface OperationsLab {
  readonly simulator: Simulator;
  readonly driver: Driver;
  /** Outside any step: what other people do on the platform. */
  readonly client: NgnproClient;
  /** What the platform holds, without what no order could bring back: ids, times, and what is made of them. */
  still(): Json;
  /** Back to the start. */
  refill(): Promise<void>;
  /** Takes an order back as the engine does: also steps of which nobody recorded the outcome. */
  undo(order: OrderContent, key: string, record: RunRecord): Promise<void>;
}

/** Faults whose code nothing public tells: nothing may hang on them. */
const ASSUMED = [
  ...(['domainAbsent', 'aliasAbsent', 'aliasPresent', 'entryPresent', 'peerAbsent', 'peerPresent'] as const),
  ...(['carrierAbsent', 'gatewayAbsent', 'ruleAbsent', 'routeAbsent', 'voucherUsed', 'mailboxPresent'] as const),
  ...([
    'rangeAbsent',
    'rangePresent',
    'numberPresent',
    'zoneAbsent',
    'recordAbsent',
    'loginFailed',
    'invalid',
  ] as const),
];

/** What nothing public tells is decided the other way by another server. */
export const OTHER_SERVER: LabOptions = {
  simulator: {
    storeClearTextPasswords: true,
    types: 'everywhere',
    replyPart: 'result',
    item: 'entry',
    nil: true,
    authHeader: 'unqualified',
    voicemail: 'own',
    emptyDiversions: 'fault',
    orphans: 'left',
    codes: Object.fromEntries(ASSUMED.map((name, index) => [name, 8001 + index])),
  },
  native: { passwords: 'clear', xsiTypes: true },
};

/** A stand-in with fresh data and two accounts for each test. */
export function useOperationsLab({ simulator: ngnpro = {}, auth, native = {} }: LabOptions = {}): OperationsLab {
  let simulator: Simulator;
  let driver: Driver;
  let client: NgnproClient;
  let others: NgnproClient;
  const closers: (() => Promise<void>)[] = [];
  let newDriver: () => Driver;

  function connection(login: { username: string; password: string }, more: object) {
    const made = connect({
      name: 'hague',
      url: `${simulator.url}/ngnpro`,
      auth: login,
      tls: { verify: true },
      concurrency: 4,
      timeouts: { connectMs: 2000, readMs: 5000, writeMs: 5000 },
      areaCodes: [],
      native: settingsSchema.parse({ voicemailUrl: `${simulator.url}/ngnpro/voicemail`, ...more }),
    });
    closers.push(() => made.close());
    return made;
  }

  beforeAll(async () => {
    simulator = await startSimulator({ platform: 'ngnpro', ngnpro });
    const administrator = { username: 'admin', password: 'admin' };
    const own = connection(auth ?? administrator, native);
    client = own.bind(NO_HOOKS);
    others = connection(administrator, {}).bind(NO_HOOKS);
    // Of its own for each test: turns last longer than one.
    newDriver = () => createDriver({ steps: operationSteps, plan: planOperations } as unknown as Platform, own);
  });
  beforeEach(async () => {
    driver = newDriver();
    await refill();
  });
  afterAll(async () => {
    for (const close of closers) await close();
    await simulator.close();
  });

  async function refill(): Promise<void> {
    simulator.reset();
    simulator.setFaults({ rules: [] });
    for (const id of [JOHN, MARY]) await others.call('SipPort', 'addAccount', { account: newAccount(id) });
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
    still: () => still(simulator.state() as object),
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

export const newAccount = (id: { username: string; domain: string }) => ({
  id,
  password: `${id.username}-secret`,
  firstName: id.username,
  email: `${id.username}@example.org`,
  owner: 1002,
  groups: ['free-pstn'],
  prepaid: true,
  timeout: 35,
});

const VOLATILE = new Set(['changeDate', 'createDate', 'changed', 'created', 'date', 'at', 'session']);

/** Ids of what the platform names itself; a customer's is its key. */
const MADE = /^(?:carriers|gateways|gatewayRules|routes|records|fancyRecords|numbers)$/;

function still(state: object): Json {
  return Object.fromEntries(
    Object.entries(state).map(([kind, objects]) => [kind, plain(objects, MADE.test(kind))]),
  ) as Json;
}

function plain(value: unknown, withoutId: boolean): Json {
  if (Array.isArray(value)) {
    const all = value.map((one) => plain(one, withoutId));
    return all.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (typeof value !== 'object' || value === null) return value as Json;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, member]) => !VOLATILE.has(name) && !isBlank(member))
      .filter(([name, member]) => !(withoutId && name === 'id' && typeof member === 'number'))
      .map(([name, member]) => [name, plain(member, withoutId)]),
  );
}

/** Nothing, an empty text and an empty list say the same. */
function isBlank(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.values(value).every(isBlank);
}
