import { afterEach, expect, test } from 'vitest';
import type { Engine, EngineTiming } from '../../workers/engine.ts';
import { createKeys } from '../../src/redis/keys.ts';
import { startRedis } from '../setup/redis-server.ts';
import { useRedis, waitFor } from '../setup/redis.ts';
import { placeTestOrder, testEngine, untilState } from './harness.ts';
import { createWorld, toyPlatform, type World } from './toy.ts';

/* What a run of the chaos suite brought to light, each as small as it could be made. */

const redis = useRedis();
const engines: Engine[] = [];

async function start(world: World, timing: Partial<EngineTiming> = {}) {
  const platform = toyPlatform(world);
  const engine = testEngine({ redis: redis.client(), platform, timing });
  engines.push(engine);
  await engine.start();
  return { platform, engine };
}

const NEVER_MS = 3_600_000;

afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.close()));
});

test('I2 an order is undone at once when its last step ends well after another one failed', async () => {
  const world = createWorld();
  world.things.set('subscriber bob', [{ owner: 'somebody', value: null }]);
  const gate = Promise.withResolvers<void>();
  world.trouble = ({ thing, at }) => (thing === 'preferences ann' && at === 'before' ? gate.promise : undefined);
  const { platform, engine } = await start(world, { reconcileMs: NEVER_MS });
  const id = await placeTestOrder(engine, platform, { usernames: ['ann', 'bob'], onFailure: 'undo' });
  await waitFor(async () => {
    const steps = (await engine.store.read(id))?.steps ?? [];
    return steps.find((step) => step.id === 's2.subscriber')?.state === 'failed';
  });
  gate.resolve();
  await untilState(engine, id, 'failed');
  expect([...world.things.keys()]).toEqual(['subscriber bob']);
});

test('I2 an order is cancelled although a step was handed over to a job that will never run', async () => {
  const world = createWorld();
  const platform = toyPlatform(world);
  const engine = testEngine({ redis: redis.client(), platform, timing: { reconcileMs: NEVER_MS } });
  engines.push(engine);
  const id = await placeTestOrder(engine, platform, { usernames: ['ann'], customer: 'C-1' });
  // A worker did the first step, recorded it, handed the next one over and died before its job had ended.
  const attempt = { order: id, run: 1, direction: 'f', step: 'customer', token: 'dead' } as const;
  const common = { item: null, needs: [], exclusive: false, writeTimeoutMs: 100, worker: 'dead' };
  await engine.store.begin({ ...attempt, ...common });
  await engine.store.intend({ ...attempt, intent: 'absent', verb: 'create', calls: [] });
  world.things.set('customer C-1', [{ owner: `turnup:${id}:1`, value: null }]);
  const next = { step: 's1.subscriber', absentAfter: 'customer', item: 's1', needs: ['customer', 'contact'] };
  await engine.store.complete({ ...attempt, outcome: 'created', result: {}, calls: [], next });

  await engine.motor.cancel(id, 'client:crm', 'changed their mind');
  await engine.start();
  await untilState(engine, id, 'cancelled');
  expect(world.things.size).toBe(0);
});

test('I2 a step whose job lost its lock is no fault of the order', async () => {
  const world = createWorld();
  const gate = Promise.withResolvers<void>();
  world.trouble = ({ thing, verb, at }) =>
    thing === 'customer C-1' && verb === 'look' && at === 'before' ? gate.promise : undefined;
  const { platform, engine } = await start(world);
  const id = await placeTestOrder(engine, platform, { usernames: ['ann'], customer: 'C-1' });
  await waitFor(() => world.calls.length > 0);
  const connection = redis.client();
  for (const key of await connection.keys('*:lock')) await connection.del(key);
  await waitFor(async () => (await connection.exists(`{turnup}:target-lab:${id}.1.f.customer:lock`)) === 0);
  // The worker notices at its next renewal and stops the attempt.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  world.trouble = () => {};
  gate.resolve();
  await untilState(engine, id, 'completed');
  const journal = await engine.store.journal(id, { limit: 100 });
  expect(journal?.items.filter(({ type }) => type.startsWith('stepWill') || type === 'stepFailed')).toEqual([]);
});

test('I2 a replay goes on although the job of the run before was still ending', async () => {
  const world = createWorld();
  world.things.set('subscriber ann', [{ owner: 'somebody', value: null }]);
  const { platform, engine } = await start(world);
  const id = await placeTestOrder(engine, platform, { usernames: ['ann'], onFailure: 'undo' });
  await untilState(engine, id, 'failed');
  const job = await engine.motor.queues.orders.getJob(id);
  await waitFor(async () => (await job?.isFailed()) === true);
  // What keeps a job from being removed is its lock.
  const connection = redis.client();
  await connection.set(`{turnup}:orders:${id}:lock`, 'still at it');
  world.things.clear();
  await engine.motor.retry(id, 'operator:eve');
  await connection.del(`{turnup}:orders:${id}:lock`);
  // Not to wait until the reconciler thinks of it.
  await connection.zadd(createKeys().live(), 0, id);
  expect(await untilState(engine, id, 'completed')).toMatchObject({ run: 2 });
});

test('a stop ends within its time although Redis is away', async () => {
  const own = await startRedis();
  const engine = testEngine({ redis: own.client(), platform: toyPlatform(createWorld()), timing: { shutdownMs: 200 } });
  await engine.start();
  await own.kill();
  await waitFor(() => own.pid === null);
  const began = performance.now();
  await engine.close();
  expect(performance.now() - began).toBeLessThan(10_000);
  await own.stop();
});

test('I3 a step that was handed over writes nothing before the word of it is kept', async () => {
  const world = createWorld();
  const kept = Promise.withResolvers<void>();
  let waiting = 0;
  let isHeld = false;
  const platform = toyPlatform(world);
  const engine = testEngine({
    redis: redis.client(),
    platform,
    async persist() {
      if (!isHeld) return;
      waiting += 1;
      await kept.promise;
    },
  });
  engines.push(engine);
  world.trouble = ({ thing, verb, at }) => {
    if (thing === 'customer C-1' && verb === 'write' && at === 'after') isHeld = true;
  };
  await engine.start();
  const id = await placeTestOrder(engine, platform, { usernames: ['ann'], customer: 'C-1' });
  await waitFor(() => waiting > 0 || world.things.has('subscriber ann'), { what: 'the next step has begun' });
  expect(world.things.has('subscriber ann')).toBe(false);
  isHeld = false;
  kept.resolve();
  await untilState(engine, id, 'completed');
});
