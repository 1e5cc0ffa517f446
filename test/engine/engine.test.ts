import { afterEach, describe, expect, test } from 'vitest';
import { TurnupError } from '../../src/errors/index.ts';
import { stepJobId } from '../../flows/jobs.ts';
import type { Engine } from '../../workers/engine.ts';
import { useRedis, waitFor } from '../setup/redis.ts';
import { acceptTestOrder, placeTestOrder, testEngine, untilState } from './harness.ts';
import { createWorld, toyPlatform } from './toy.ts';

const redis = useRedis();
const engines: Engine[] = [];

async function start(world = createWorld(), options: { concurrency?: number } = {}) {
  const platform = toyPlatform(world);
  const connection = redis.client();
  const engine = testEngine({ redis: connection, platform, ...options });
  engines.push(engine);
  await engine.start();
  return { world, platform, engine, connection };
}

afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.close()));
});

describe('the engine', () => {
  test('carries an order of one subscriber out as one flow', async () => {
    const { world, platform, engine } = await start();
    const id = await placeTestOrder(engine, platform, { usernames: ['ann'] });
    const order = await untilState(engine, id, 'completed');
    expect(order.steps.map((step) => [step.id, step.state, step.outcome, step.attempts])).toEqual([
      ['customer', 'done', 'created', 1],
      ['s1.subscriber', 'done', 'created', 1],
      ['s1.preferences', 'done', 'created', 1],
    ]);
    expect(world.things.get('subscriber ann')).toEqual([{ owner: `turnup:${id}:1`, value: { password: 'pw-s1' } }]);
    expect(new Set(world.clients)).toEqual(new Set([order.client]));
    const job = await engine.motor.queues.orders.getJob(id);
    expect(await waitFor(async () => (await job?.isCompleted()) === true)).toBe(true);
    const journal = await engine.store.journal(id, { limit: 100 });
    const begun = journal?.items.find((entry) => entry.step === 's1.subscriber' && entry.type === 'stepStarted');
    expect(begun?.detail).toMatchObject({ attempt: 1, intent: 'create' });
  });

  test('fans out over several subscribers, one exclusive step at a time', async () => {
    const world = createWorld();
    let creating = 0;
    let mostCreating = 0;
    world.trouble = async ({ thing, verb, at }) => {
      if (verb !== 'write' || !thing.startsWith('subscriber')) return;
      creating += at === 'before' ? 1 : -1;
      mostCreating = Math.max(mostCreating, creating);
      await new Promise((resolve) => setTimeout(resolve, 5));
    };
    const { platform, engine } = await start(world);
    const usernames = ['a', 'b', 'c', 'd', 'e'];
    const id = await placeTestOrder(engine, platform, { usernames });
    await untilState(engine, id, 'completed');
    expect(usernames.filter((name) => world.things.get(`subscriber ${name}`)?.length === 1)).toEqual(usernames);
    expect(mostCreating).toBe(1);
  });

  test('holds an order at a refused step, lets siblings finish, and goes on after one retry (I9)', async () => {
    const world = createWorld();
    world.things.set('subscriber b', [{ owner: 'somebody', value: null }]);
    const { platform, engine } = await start(world);
    const id = await placeTestOrder(engine, platform, { usernames: ['a', 'b', 'c'] });
    const held = await untilState(engine, id, 'held');
    expect(held.error).toMatchObject({ code: 'TURNUP_SUBSCRIBER_TAKEN', class: 'conflict', step: 's2.subscriber' });
    expect(held.steps.filter((step) => step.state === 'done').map((step) => step.id)).toEqual([
      'customer',
      's1.subscriber',
      's1.preferences',
      's3.subscriber',
      's3.preferences',
    ]);
    world.things.delete('subscriber b');
    await engine.motor.retry(id, 'operator:eve');
    const done = await untilState(engine, id, 'completed');
    expect(done.steps.map((step) => step.attempts)).toEqual([1, 1, 1, 1, 1, 1, 1]);
    const journal = await engine.store.journal(id, { limit: 100 });
    expect(journal?.items.find((entry) => entry.type === 'retried')).toMatchObject({ by: 'operator:eve' });
    expect(world.things.get('subscriber a')).toHaveLength(1);
  });

  test('I3 a lost reply makes nothing twice', async () => {
    const world = createWorld();
    const lost = new Set<string>();
    world.trouble = ({ verb, thing, at }) => {
      if (verb !== 'write' || at !== 'after' || lost.has(thing)) return;
      lost.add(thing);
      throw new TurnupError('TURNUP_OUTCOME_UNKNOWN');
    };
    const { platform, engine } = await start(world);
    const id = await placeTestOrder(engine, platform, { usernames: ['ann'] });
    const order = await untilState(engine, id, 'completed');
    expect(lost.size).toBe(3);
    expect([...world.things.values()].map((things) => things.length)).toEqual([1, 1, 1]);
    expect(order.steps.map((step) => [step.outcome, step.attempts])).toEqual([
      ['created', 2],
      ['created', 2],
      ['created', 2],
    ]);
  });

  test('I5 orders of one customer run one after the other, in the order they came', async () => {
    const world = createWorld();
    const { platform, engine } = await start(world);
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      ids.push(await placeTestOrder(engine, platform, { customer: 'C-1', usernames: [name] }));
    }
    for (const id of ids) await untilState(engine, id, 'completed');
    const writes = world.calls.filter((call) => call.verb === 'write').map((call) => call.thing);
    expect(writes).toEqual([
      'customer C-1',
      ...['a', 'b', 'c'].flatMap((n) => [`subscriber ${n}`, `preferences ${n}`]),
    ]);
    expect((await engine.store.read(ids[1]!))?.steps[0]?.outcome).toBe('adopted');
  });

  test('I6 an outage burns no attempt', async () => {
    const world = createWorld();
    let down = true;
    world.trouble = () => {
      if (down) throw new TurnupError('TURNUP_TARGET_UNREACHABLE');
    };
    const { platform, engine } = await start(world);
    const id = await placeTestOrder(engine, platform, { usernames: ['ann'] });
    await waitFor(() => world.calls.length >= 4, { what: 'several probes' });
    const waiting = await engine.store.read(id);
    expect(waiting).toMatchObject({ state: 'inProgress', blockedBy: { kind: 'target', id: 'lab' } });
    down = false;
    const order = await untilState(engine, id, 'completed');
    expect(order.steps.map((step) => step.attempts)).toEqual([1, 1, 1]);
    await waitFor(async () => (await engine.targets.breaker('lab')).state === 'closed');
  });

  test('I7 a step of another run does nothing', async () => {
    const { world, platform, engine, connection } = await start();
    const accepted = await acceptTestOrder(engine, platform, { usernames: ['ann'] });
    await connection.hset(`{turnup}:t:order:${accepted.id}`, 'run', 2);
    const queue = engine.motor.queues.target('lab');
    const jobId = stepJobId(accepted.id, 1, 'f', 'customer');
    const data = { order: accepted.id, run: 1, direction: 'f', step: 'customer', kind: 'customer', item: null };
    const job = await queue.add('late', { ...data, needs: [], exclusive: false }, { jobId });
    await waitFor(async () => (await job.getState()) === 'failed', { what: 'the late job failed' });
    expect((await queue.getJob(jobId))?.failedReason).toBe('superseded');
    expect(world.calls).toEqual([]);
  });

  test('I2 an accepted order without jobs is found and carried out', async () => {
    const { platform, engine, connection } = await start();
    const { id } = await acceptTestOrder(engine, platform, { usernames: ['ann'] });
    await connection.zadd('{turnup}:t:live', 0, id);
    await untilState(engine, id, 'completed');
    const journal = await engine.store.journal(id, { limit: 100 });
    expect(journal?.items.map((entry) => entry.type)).toContain('repaired');
  });

  test('I2 a step whose job failed without our code is found and carried out', async () => {
    const world = createWorld();
    const gate = Promise.withResolvers<void>();
    world.trouble = ({ thing, at }) => (thing === 'subscriber ann' && at === 'before' ? gate.promise : undefined);
    const { platform, engine, connection } = await start(world);
    const id = await placeTestOrder(engine, platform, { usernames: ['ann'] });
    const jobId = stepJobId(id, 1, 'f', 's1.preferences');
    await waitFor(() => world.calls.some((call) => call.thing === 'subscriber ann'));
    await engine.motor.queues.target('lab').remove(jobId, { removeChildren: false });
    gate.resolve();
    await connection.zadd('{turnup}:t:live', 0, id);
    const order = await untilState(engine, id, 'completed');
    expect(order.steps.at(-1)?.state).toBe('done');
  });

  test('I11 a removed child does not let the order go on as if it had succeeded', async () => {
    const world = createWorld();
    const { platform, engine, connection } = await start(world);
    world.things.set('subscriber ann', [{ owner: 'somebody', value: null }]);
    const id = await placeTestOrder(engine, platform, { usernames: ['ann'] });
    await untilState(engine, id, 'held');
    const queue = engine.motor.queues.target('lab');
    // Removing a failed child releases its parent as if it had succeeded (BullMQ); the record must not believe it.
    await queue.remove(stepJobId(id, 1, 'f', 's1.subscriber'));
    await waitFor(() => queue.getJob(stepJobId(id, 1, 'f', 's1.subscriber')), { what: 'the needed job is back' });
    await waitFor(async () => (await engine.store.read(id))?.state === 'held', { what: 'held again' });
    expect(world.things.has('preferences ann')).toBe(false);
    world.things.delete('subscriber ann');
    await connection.zadd('{turnup}:t:live', 0, id);
    await engine.motor.retry(id, 'operator:eve');
    await untilState(engine, id, 'completed');
    expect(world.things.get('preferences ann')).toHaveLength(1);
  });
});
