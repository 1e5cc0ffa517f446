import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import { v7 as uuid } from 'uuid';
import { planOrder } from '../../flows/plan.ts';
import type { FaultRule } from '../../src/errors/index.ts';
import { createLogger, type Logger } from '../../src/observability/index.ts';
import type { AcceptedOrder } from '../../src/orders/accept.ts';
import type { OrderView } from '../../src/orders/record.ts';
import type { OrderContent, Platform } from '../../src/platforms/port.ts';
import { createKeys } from '../../src/redis/keys.ts';
import { createKeyRing } from '../../src/secrets/index.ts';
import type { BreakerLimits } from '../../src/targets/breaker.ts';
import { createEngine, type Engine, type EngineTiming } from '../../workers/engine.ts';
import { waitFor } from '../setup/wait-for.ts';

export const TEST_TIMING: EngineTiming = {
  lockMs: 2_000,
  stalledMs: 500,
  reconcileMs: 300,
  shutdownMs: 2_000,
  settledMs: 3_600_000,
  archiveMs: 86_400_000,
};

export const TEST_KEY = { id: 'k1', key: randomBytes(32) };

export interface TestEngineOptions {
  redis: Redis;
  platform: Platform;
  concurrency?: number;
  writeMs?: number;
  timing?: Partial<EngineTiming>;
  name?: string;
  breaker?: Partial<BreakerLimits>;
  faults?: readonly FaultRule[];
  /** Hears what the reconciler repaired. */
  repairs?: string[];
  /** Makes what was written as safe as the configuration asks. */
  persist?: () => Promise<void>;
  /** Left out: one that says nothing. */
  log?: Logger;
}

/** An engine of one target named `lab`, with waits short enough for tests. */
export function testEngine(options: TestEngineOptions): Engine {
  const settings = {
    name: 'lab',
    url: 'http://127.0.0.1:1',
    auth: { username: 'u', password: 'p' },
    tls: { verify: true },
    concurrency: options.concurrency ?? 4,
    timeouts: { connectMs: 500, readMs: 1_000, writeMs: options.writeMs ?? 500 },
    areaCodes: [],
    native: {},
  };
  const target = { name: 'lab', platform: options.platform, settings, rate: null, faults: options.faults ?? [] };
  return createEngine({
    redis: options.redis,
    keys: createKeys(),
    clients: ['crm'],
    targets: new Map([['lab', target]]),
    keyRing: createKeyRing([TEST_KEY]),
    log: options.log ?? createLogger({ level: process.env['TEST_LOG'] ? 'debug' : 'silent' }),
    observer: {
      stepFinished() {},
      orderSettled() {},
      platformCall() {},
      repaired: (what) => options.repairs?.push(what),
    },
    ...(options.persist && { persist: options.persist }),
    breaker: { firstMs: 100, longestMs: 200, ...options.breaker },
    name: options.name ?? 'test',
    timing: { ...TEST_TIMING, ...options.timing },
  });
}

export interface TestOrder {
  externalId?: string;
  /** Default `lab`, the only one that the engine of tests knows. */
  target?: string;
  customer?: string;
  usernames?: string[];
  /** Each subscriber's last step is one that can only go forward. */
  reload?: boolean;
  /** By id. Without subscribers there is no customer either, unless one is named. */
  operations?: Record<string, { name: string; secret?: string; line?: string }>;
  onFailure?: 'hold' | 'undo';
  /** ISO 8601. */
  notBefore?: string;
  deadline?: string;
}

let made = 0;

/** Puts an order into the store as intake does, without adding its jobs. */
export async function acceptTestOrder(engine: Engine, platform: Platform, wanted: TestOrder) {
  made += 1;
  const externalId = wanted.externalId ?? `ext-${made}`;
  const id = uuid();
  const { usernames = [] } = wanted;
  const order: OrderContent & AcceptedOrder = {
    externalId,
    target: wanted.target ?? 'lab',
    action: 'provision',
    onFailure: wanted.onFailure ?? 'hold',
    ...(wanted.notBefore && { notBefore: wanted.notBefore }),
    ...(wanted.deadline && { deadline: wanted.deadline }),
    customer: { externalId: wanted.customer ?? (usernames.length > 0 ? `C-${made}` : ''), native: {} },
    subscribers: usernames.map((username, at) => ({
      id: `s${at + 1}`,
      username,
      domain: 'lab.example.com',
      aliases: [],
      native: wanted.reload ? { reload: true } : {},
    })),
    operations: Object.entries(wanted.operations ?? {}).map(([item, { secret: _secret, ...args }]) => ({
      id: item,
      service: 'ToyWS',
      operation: 'make',
      args,
    })),
  };
  const passwords = Object.fromEntries(
    order.subscribers.map((one) => [`subscribers.${one.id}.password`, `pw-${one.id}`]),
  );
  const given = Object.entries(wanted.operations ?? {}).flatMap(([item, { secret }]) =>
    secret === undefined ? [] : [[`operations.${item}.args.secret`, secret]],
  );
  const secrets = { ...passwords, ...(Object.fromEntries(given) as Record<string, string>) };
  const accepted = await engine.store.accept({
    id,
    client: 'crm',
    fingerprint: 'f',
    matches: (fingerprint) => fingerprint === 'f',
    order,
    platform: platform.name,
    plan: planOrder(platform, order),
    secrets: createKeyRing([TEST_KEY]).seal(JSON.stringify(secrets), id),
    keyId: TEST_KEY.id,
    generated: Object.keys(passwords),
    idempotencyMs: 60_000,
  });
  return { ...accepted, order };
}

export async function placeTestOrder(engine: Engine, platform: Platform, wanted: TestOrder): Promise<string> {
  const accepted = await acceptTestOrder(engine, platform, wanted);
  if (accepted.kind === 'created' && accepted.head) await engine.motor.start(accepted.id);
  return accepted.id;
}

export async function untilState(engine: Engine, id: string, state: OrderView['state']): Promise<OrderView> {
  return waitFor(
    async () => {
      const order = await engine.store.read(id);
      return order?.state === state && order;
    },
    { what: `order ${id} is ${state}`, timeoutMs: 15_000 },
  );
}
