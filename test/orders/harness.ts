import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll } from 'vitest';
import { v7 as uuid } from 'uuid';
import type { AcceptedOrder, AcceptInput } from '../../src/orders/accept.ts';
import type { Attempt, BeginInput } from '../../src/orders/begin.ts';
import type { StoredStep } from '../../src/orders/plan.ts';
import type { StepFailure } from '../../src/orders/record.ts';
import { createOrderStore, type OrderStore } from '../../src/orders/store.ts';
import { createKeys, type KeyScheme } from '../../src/redis/keys.ts';
import { useRedis, type TestRedis } from '../setup/redis.ts';

export const CLIENTS = ['crm', 'shop'];
export const WRITE_MS = 60_000;

export const REFUSED: StepFailure = {
  code: 'TURNUP_TARGET_REJECTED',
  title: 'The target refuses the data',
  detail: 'no such profile',
  class: 'rejected',
  hint: 'Mend it.',
};

export const CALL = { method: 'POST', object: '/api/customers/', status: 201, outcome: 'ok', durationMs: 3 };

/** The customer's own steps in one line, each subscriber's behind its end: what the planner makes of these ids. */
export function planOf(...ids: string[]): StoredStep[] {
  const trunk = ids.filter((id) => !id.includes('.'));
  const lastOf = new Map<string | null, string | null>([[null, null]]);
  return ids.map((id) => {
    const [item, kind] = id.includes('.') ? (id.split('.') as [string, string]) : [null, id];
    const after = lastOf.get(item) ?? (item === null ? null : (trunk.at(-1) ?? null));
    lastOf.set(item, id);
    return { id, kind, item, needs: after === null ? [] : [after], class: 'compensatable', title: id, after };
  });
}

export interface Wanted extends Partial<Omit<AcceptInput, 'order' | 'matches'>> {
  externalId?: string;
  target?: string;
  customer?: string;
  notBefore?: string;
  deadline?: string;
  onFailure?: 'hold' | 'undo';
  steps?: string[];
  /** Of its items those that are operations. */
  operations?: string[];
  /** Other customers whose numbers it moves. */
  from?: string[];
}

let made = 0;

export function orderInput(wanted: Wanted = {}): AcceptInput {
  made += 1;
  const {
    externalId,
    target,
    customer,
    notBefore,
    deadline,
    onFailure,
    steps,
    operations = [],
    from = [],
    ...given
  } = wanted;
  const plan = given.plan ?? planOf(...(steps ?? ['customer', 's1.subscriber', 's1.preferences']));
  const items = [...new Set(plan.map((step) => step.item).filter((item) => item !== null))];
  const fingerprint = given.fingerprint ?? 'fp';
  const order: AcceptedOrder & Record<string, unknown> = {
    externalId: externalId ?? `ext-${made}`,
    target: target ?? 'lab',
    action: 'provision',
    onFailure: onFailure ?? 'hold',
    ...(notBefore && { notBefore }),
    ...(deadline && { deadline }),
    customer: { externalId: customer ?? `C-${made}` },
    subscribers: items
      .filter((id) => !operations.includes(id))
      .map((id) => ({ id, username: `user-${id}`, domain: 'lab.example.com' })),
    operations: operations.map((id) => ({ id, service: 'ToyWS', operation: 'make', args: { of: id } })),
    ...(from.length > 0 && { moves: from.map((name) => ({ from: { customer: name } })) }),
  };
  return {
    id: uuid(),
    client: 'crm',
    platform: 'toy',
    secrets: null,
    keyId: null,
    generated: [],
    idempotencyMs: 86_400_000,
    ...given,
    plan,
    fingerprint,
    matches: (stored) => stored === fingerprint,
    order,
  };
}

export interface Orders {
  readonly server: TestRedis;
  readonly redis: Redis;
  readonly keys: KeyScheme;
  readonly store: OrderStore;
  /** Accepts an order and gives its id. */
  accept(wanted?: Wanted): Promise<string>;
  begin(order: string, step: string, more?: Partial<BeginInput>): ReturnType<OrderStore['begin']>;
  /** Begins a step and gives its attempt, which has only looked so far; fails when it may not go. */
  started(order: string, step: string, more?: Partial<BeginInput>): Promise<Attempt>;
  /** The same, and takes the lease, as before the first write. */
  writing(order: string, step: string, more?: Partial<BeginInput>): Promise<Attempt>;
  done(order: string, ...steps: string[]): Promise<void>;
  failed(order: string, step: string, final?: boolean): Promise<void>;
  /** Carries every step out and settles. */
  completed(order: string): Promise<string | null>;
  raw(order: string): Promise<Record<string, string>>;
  field(order: string, field: string): Promise<string | null>;
  journalTypes(order: string): Promise<string[]>;
}

export function attemptOf(order: string, step: string, more: Partial<Attempt> = {}): Attempt {
  return { order, run: 1, direction: 'f', step, token: randomUUID(), ...more };
}

/** A store on keys of its own. */
export function ordersOn(server: TestRedis, redis: Redis, keys: KeyScheme = createKeys()): Orders {
  const store = createOrderStore({ redis, keys, clients: CLIENTS });
  const raw = (order: string) => redis.hgetall(keys.order(order));

  async function begin(order: string, step: string, more: Partial<BeginInput> = {}) {
    const placed = await store.placement(order);
    const needs: string[] = [];
    const byId = new Map(placed?.plan.map((one) => [one.id, one]));
    for (let at = byId.get(step)?.after ?? null; at !== null; at = byId.get(at)?.after ?? null) needs.push(at);
    const item = byId.get(step)?.item ?? null;
    const rest = { item, needs, exclusive: false, writeTimeoutMs: WRITE_MS, worker: 'w1' };
    return store.begin({ ...attemptOf(order, step), ...rest, ...more });
  }

  async function started(order: string, step: string, more: Partial<BeginInput> = {}): Promise<Attempt> {
    const attempt = attemptOf(order, step, more);
    const begun = await begin(order, step, { ...attempt, ...more });
    if (begun.kind !== 'go') throw new Error(`${step} of ${order} may not go: ${JSON.stringify(begun)}`);
    return { ...attempt, token: begun.assignment.token };
  }

  async function writing(order: string, step: string, more: Partial<BeginInput> = {}): Promise<Attempt> {
    const attempt = await started(order, step, more);
    if (!(await store.intend({ ...attempt, intent: 'absent', verb: 'create', worker: 'w1', calls: [] }))) {
      throw new Error(`${step} of ${order} may not write`);
    }
    return attempt;
  }

  async function done(order: string, ...steps: string[]): Promise<void> {
    for (const step of steps) {
      const attempt = await started(order, step);
      const completed = await store.complete({ ...attempt, outcome: 'created', result: { of: step }, calls: [] });
      if (completed !== 'completed') throw new Error(`${step} of ${order} was refused`);
    }
  }

  return {
    server,
    redis,
    keys,
    store,
    async accept(wanted) {
      return (await store.accept(orderInput(wanted))).id;
    },
    begin,
    started,
    writing,
    done,
    async failed(order, step, final = true) {
      const attempt = await started(order, step);
      const retry = final ? {} : { retryInMs: 10 };
      await store.fail({ ...attempt, failure: REFUSED, final, ...retry, calls: [] });
    },
    async completed(order) {
      const placed = await store.placement(order);
      await done(order, ...placed!.plan.map((step) => step.id));
      const settled = await store.settle(order, 1);
      if (settled.kind !== 'settled') throw new Error(`${order} is ${settled.kind}`);
      return settled.next[0] ?? null;
    },
    raw,
    field: (order, field) => redis.hget(keys.order(order), field),
    async journalTypes(order) {
      return (await store.journal(order, { limit: 1000 }))?.items.map((entry) => entry.type) ?? [];
    },
  };
}

/** One server and one store for the calling test file, emptied before each test. */
export function useOrders(): Orders {
  const server = useRedis();
  let orders: Orders | undefined;
  beforeAll(() => {
    orders = ordersOn(server, server.client());
  });
  afterAll(() => orders?.redis.disconnect());
  return new Proxy({} as Orders, { get: (_target, name) => orders?.[name as keyof Orders] });
}
