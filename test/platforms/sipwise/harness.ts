import { afterAll, beforeAll, beforeEach } from 'vitest';
import type {
  CallHooks,
  Connection,
  DefinitionsCache,
  Json,
  OrderContent,
  StepContext,
} from '../../../src/platforms/port.ts';
import type { Item, SipwiseClient } from '../../../src/platforms/sipwise/client.ts';
import { sipwise } from '../../../src/platforms/sipwise/index.ts';
import { idOf, list } from '../../../src/platforms/sipwise/lookup.ts';
import type { Simulator } from '../../../src/simulators/index.ts';
import { createDriver, type Driver, type RunRecord } from '../driver.ts';
import { settings, start } from './fixture.ts';
import { stateOf } from './still.ts';

let serial = 0;

const NO_HOOKS: CallHooks = {
  signal: new AbortController().signal,
  beforeCall: async () => {},
  afterCall: () => {},
};

export const nextKey = (): string => `turnup:steps-${++serial}:1`;

/** A stand-in with fresh data for each test, and what a test does with it. */
export interface Bench {
  readonly driver: Driver;
  /** Outside any step: what other people do on the platform, and what is there. */
  readonly client: SipwiseClient;
  /** The same target as another reseller's. */
  clientOf(resellerId: number): SipwiseClient;
  /** The same target with another login, whose password equals its name. */
  driverOf(login: string): Driver;
  /** All that the stand-in holds, without times and the ids of sets of forwards. */
  state(): Promise<Json>;
  /** Loses the next call that changes the target, or its reply. */
  loseNext(fault: 'dropReply' | 'dropRequest', path?: string): void;
  /** How often the definitions were loaded. */
  readonly loads: number;
  /** Puts definitions into the cache. */
  cache(definitions: Json): void;
  all(collection: string): Promise<Item[]>;
  /** Somebody else's customer. */
  customer(externalId: string, email?: string): Promise<{ contactId: number; customerId: number }>;
  /** Somebody else's subscriber. */
  stranger(more: Record<string, unknown>): Promise<number>;
  billingProfile(): Promise<number>;
  context(
    content: OrderContent,
    stepId: string,
    record: RunRecord,
    intent: StepContext['intent'],
  ): StepContext<SipwiseClient>;
}

export function useBench(): Bench {
  let simulator: Simulator;
  let driver: Driver;
  let client: SipwiseClient;
  let connect: (resellerId: number, login?: string) => Connection<SipwiseClient>;
  let loads = 0;
  let cached: Json = null;
  const closers: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    simulator = await start();
  });
  beforeEach(() => {
    simulator.reset();
    loads = 0;
    cached = null;
    const cache: DefinitionsCache<SipwiseClient> = {
      async get(bound) {
        if (cached === null) {
          loads++;
          cached = await sipwise.loadDefinitions(bound);
        }
        return cached;
      },
      async forget() {
        cached = null;
      },
    };
    connect = (resellerId, login) => {
      const common = settings(simulator.url);
      const auth = login === undefined ? common.auth : { username: login, password: login };
      const connection = sipwise.connect({ ...common, auth, native: { ...common.native, resellerId } }, cache);
      closers.push(() => connection.close());
      return connection;
    };
    const connection = connect(1);
    driver = createDriver(sipwise, connection);
    client = connection.bind(NO_HOOKS);
  });
  afterAll(async () => {
    for (const close of closers) await close();
    await simulator.close();
  });

  const all = (collection: string): Promise<Item[]> => list(client, { collection, filter: {} });

  async function billingProfile(): Promise<number> {
    return idOf((await all('billingprofiles')).find(({ handle }) => handle === 'default')!);
  }

  async function customer(externalId: string, email = 'someone@example.org') {
    const contactId = await client.create('customercontacts', { email, reseller_id: 1 });
    const customerId = await client.create('customers', {
      status: 'active',
      type: 'sipaccount',
      contact_id: contactId,
      billing_profile_id: await billingProfile(),
      external_id: externalId,
    });
    return { contactId, customerId };
  }

  return {
    get driver() {
      return driver;
    },
    get client() {
      return client;
    },
    clientOf: (resellerId) => connect(resellerId).bind(NO_HOOKS),
    driverOf: (login) => createDriver(sipwise, connect(1, login)),
    state: () => stateOf(simulator),
    loseNext(fault, path) {
      const rule = (method: string) => ({ match: { method, ...(path !== undefined && { path }) }, fault, times: 1 });
      simulator.setFaults({ rules: ['PATCH', 'PUT', 'DELETE', 'POST'].map(rule) });
    },
    get loads() {
      return loads;
    },
    cache(definitions) {
      cached = definitions;
    },
    all,
    customer,
    billingProfile,
    async stranger(more) {
      const { customerId } = await customer(`stranger-${++serial}`);
      return client.create('subscribers', {
        customer_id: customerId,
        domain: 'sip.example.com',
        username: `stranger-${serial}`,
        password: 'Zx9-kq!vB72mm',
        ...more,
      });
    },
    context(content, stepId, record, intent) {
      const step = sipwise.plan(content).find(({ id }) => id === stepId)!;
      return { ...driver.contextOf(content, step, record, nextKey()), intent } as StepContext<SipwiseClient>;
    },
  };
}

/** An id that a step left. */
export function idIn(record: RunRecord, step: string, member: string): number {
  return idOf(record.get(step)?.result ?? {}, member);
}
