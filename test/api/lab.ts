import { createLogger } from '../../src/observability/index.ts';
import type { OrderView } from '../../src/orders/record.ts';
import { findPlatform } from '../../src/platforms/registry.ts';
import { createKeys } from '../../src/redis/keys.ts';
import { createKeyRing } from '../../src/secrets/index.ts';
import { portalProfile, startSimulator, type Simulator } from '../../src/simulators/index.ts';
import { createEngine, type Engine } from '../../workers/engine.ts';
import { TEST_KEY, TEST_TIMING } from '../engine/harness.ts';
import type { TestRedis } from '../setup/redis.ts';
import { waitFor } from '../setup/wait-for.ts';
import { call, startTestApi, type Answer, type TestApi, type TOKENS } from './harness.ts';

/** What the stand-in holds, as far as tests look. */
export interface Held {
  readonly customers: { id: number; external_id: string; status: string; contact_id: number }[];
  readonly customercontacts: { id: number; email: string; city: string | null }[];
  readonly subscribers: { id: number; username: string; domain: string; customer_id: number; primary_number: object }[];
}

export interface Lab {
  readonly api: TestApi;
  readonly engine: Engine;
  readonly simulator: Simulator;
  held(): Held;
  order(change?: Record<string, unknown>, subscriber?: Record<string, unknown>): Record<string, unknown>;
  place(order: Record<string, unknown>): Promise<string>;
  act(id: string, act: string, body?: unknown, token?: keyof typeof TOKENS): Promise<Answer>;
  mend(id: string, patch: unknown, token?: keyof typeof TOKENS): Promise<Answer>;
  read(id: string): Promise<OrderView>;
  journal(id: string): Promise<{ type: string; step: string | null; by: string; detail: Record<string, unknown> }[]>;
  until(id: string, state: OrderView['state']): Promise<OrderView>;
  close(): Promise<void>;
}

const AUTH = 'auth: { username: u, password: target-password }';

/** How the stand-ins of the platforms are reached. */
const REACHED = {
  sipwise: { path: '', login: 'auth: { username: administrator, password: administrator }' },
  sippulse: { path: '/SipPulse', login: 'auth: { username: admin, password: admin }' },
  ngnpro: { path: '/ngnpro', login: 'auth: { username: admin, password: admin }, reseller: 1001' },
  webportal: {
    path: '',
    login:
      'auth: { username: portal, password: portal-password }, office: Sede, domain: sip.example.com, ' +
      `profile: ${JSON.stringify(portalProfile('status'))}`,
  },
} as const;

/** API, workers and a stand-in for a platform, Sipwise unless told otherwise, in this process. */
export async function startLab(
  redis: TestRedis,
  platform: keyof typeof REACHED = 'sipwise',
  more: { auditPerSecond?: number } = {},
): Promise<Lab> {
  const simulator = await startSimulator({ platform, webportal: { profile: portalProfile('status') } });
  const { path, login } = REACHED[platform];
  const api = await startTestApi({
    redis,
    platform: findPlatform(platform)!,
    edit: (text) => text.replace('https://lab.example.com', simulator.url + path).replaceAll(AUTH, login),
  });
  const engine = createEngine({
    redis: redis.client(),
    keys: createKeys(),
    clients: ['crm'],
    targets: api.config.targets,
    keyRing: createKeyRing([TEST_KEY]),
    log: createLogger({ level: process.env['TEST_LOG'] ? 'debug' : 'silent' }),
    observer: { stepFinished() {}, orderSettled() {}, platformCall() {}, repaired() {} },
    breaker: { firstMs: 100, longestMs: 200 },
    name: 'lab',
    audits: { customersPerSecond: more.auditPerSecond ?? 50, schedules: [], idempotencyMs: 60_000 },
    timing: TEST_TIMING,
  });
  await engine.start();
  let made = 0;

  const read = async (id: string) => (await call(api, `/v1/orders/${id}`, { token: 'vera' })).body as OrderView;

  return {
    api,
    engine,
    simulator,
    held: () => simulator.state() as Held,
    order(change = {}, subscriber = {}) {
      made += 1;
      const one = {
        username: `u${made}`,
        domain: 'sip.example.com',
        password: `secret-of-u${made}`,
        number: `+4398761${String(made).padStart(4, '0')}`,
        ...subscriber,
      };
      return {
        externalId: `LAB-${made}`,
        target: 'lab',
        customer: { externalId: `LC-${made}`, contact: { firstName: 'Ann', email: `ann${made}@example.com` } },
        subscribers: [one],
        ...change,
      };
    },
    async place(order) {
      const answer = await call(api, '/v1/orders', { body: order });
      if (answer.status !== 202)
        throw new Error(`placing was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
      return answer.body.id as string;
    },
    act: (id, act, body = { reason: 'a test' }, token = 'olga') =>
      call(api, `/v1/orders/${id}/${act}`, { token, body }),
    mend: (id, patch, token = 'olga') =>
      call(api, `/v1/orders/${id}`, {
        token,
        method: 'PATCH',
        body: patch,
        headers: { 'content-type': 'application/merge-patch+json' },
      }),
    read,
    journal: async (id) => (await call(api, `/v1/orders/${id}/journal?limit=200`, { token: 'vera' })).body.items,
    until: (id, state) =>
      waitFor(
        async () => {
          const order = await read(id);
          return order.state === state && order;
        },
        { what: `order ${id} is ${state}`, timeoutMs: 20_000 },
      ),
    async close() {
      await engine.close();
      await api.close();
      await simulator.close();
    },
  };
}
