import { afterEach, describe, expect, test } from 'vitest';
import { TurnupError, type ErrorCode } from '../../src/errors/index.ts';
import { createKeys } from '../../src/redis/keys.ts';
import type { Engine } from '../../workers/engine.ts';
import { useRedis, waitFor } from '../setup/redis.ts';
import { placeTestOrder, testEngine, untilState, type TestEngineOptions } from './harness.ts';
import { createWorld, toyPlatform, type World } from './toy.ts';

const redis = useRedis();
const keys = createKeys();
const engines: Engine[] = [];

afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.close()));
});

async function start(world: World, options: Partial<TestEngineOptions> = {}) {
  const platform = toyPlatform(world);
  const engine = testEngine({ redis: redis.client(), platform, ...options });
  engines.push(engine);
  await engine.start();
  return { platform, engine };
}

/** The target does this to every call until it is told to stop. */
function troubled(code: ErrorCode, onlyFor: (call: { verb: string; thing: string }) => boolean = () => true) {
  const world = createWorld();
  const trouble = { on: true, world };
  world.trouble = (call) => {
    if (trouble.on && call.at === 'before' && onlyFor(call)) throw new TurnupError(code, { detail: 'as told' });
  };
  return trouble;
}

async function journalOf(engine: Engine, id: string) {
  return (await engine.store.journal(id, { limit: 500 }))!.items;
}

const attemptsOf = async (engine: Engine, id: string) =>
  (await engine.store.read(id))!.steps.map((step) => step.attempts);
const LONG = { firstMs: 600_000, longestMs: 600_000 };

describe('I6 a target in trouble', () => {
  test('the first refused login parks it: no further call, no attempt, until a person says so', async () => {
    const trouble = troubled('TURNUP_TARGET_LOGIN_REFUSED');
    const { platform, engine } = await start(trouble.world, { breaker: LONG, concurrency: 1 });
    const ids = await Promise.all(
      ['a', 'b', 'c', 'd'].map((name) => placeTestOrder(engine, platform, { usernames: [name] })),
    );
    await waitFor(async () => (await engine.targets.breaker('lab')).state === 'open');
    await waitFor(() => trouble.world.active === 0);
    expect(trouble.world.calls).toHaveLength(1);
    trouble.on = false;
    const closedAt = performance.now();
    await engine.targets.closeBreaker('lab', 'operator:eve', 'password mended');
    for (const id of ids) {
      await untilState(engine, id, 'completed');
      expect(await attemptsOf(engine, id)).toEqual([1, 1, 1]);
    }
    // Far below the ten minutes that the pause would have lasted: workers that are parked were told.
    expect(performance.now() - closedAt).toBeLessThan(60_000);
  });

  test('is the same for orders that had begun as for those that had not: the journal of each says who and why', async () => {
    const trouble = troubled('TURNUP_TARGET_UNREACHABLE');
    const { platform, engine } = await start(trouble.world, { breaker: LONG, timing: { reconcileMs: 3_600_000 } });
    const first = await placeTestOrder(engine, platform, { usernames: ['a'] });
    await waitFor(async () => (await engine.targets.breaker('lab')).state === 'open');
    const second = await placeTestOrder(engine, platform, { usernames: ['b'] });
    await redis.client().zadd(keys.live(), 'XX', 0, second);
    await waitFor(
      async () => (await engine.reconciler.round()).looked > 0 || (await journalOf(engine, second)).length > 2,
    );
    for (const id of [first, second]) {
      const parked = (await journalOf(engine, id)).filter((entry) => entry.type === 'parked');
      expect(parked).toHaveLength(1);
      expect(parked[0]!.detail).toMatchObject({ target: 'lab', code: 'TURNUP_TARGET_UNREACHABLE', detail: 'as told' });
      expect(await engine.store.read(id)).toMatchObject({ blockedBy: { kind: 'target', id: 'lab' } });
    }
    await redis.client().zadd(keys.live(), 'XX', 0, second);
    await engine.reconciler.round();
    expect((await journalOf(engine, second)).filter((entry) => entry.type === 'parked')).toHaveLength(1);
  });

  test('a person opens and closes it; who and why is kept', async () => {
    const world = createWorld();
    const { platform, engine } = await start(world, { timing: { reconcileMs: 3_600_000 } });
    await engine.targets.openBreaker('lab', 'operator:eve', 'maintenance');
    const id = await placeTestOrder(engine, platform, { usernames: ['ann'] });
    await redis.client().zadd(keys.live(), 'XX', 0, id);
    await engine.reconciler.round();
    await waitFor(async () => (await journalOf(engine, id)).some((entry) => entry.type === 'parked'));
    const parked = (await journalOf(engine, id)).find((entry) => entry.type === 'parked');
    expect(parked!.detail).toMatchObject({ detail: 'maintenance', by: 'operator:eve' });
    expect(world.calls).toEqual([]);
    await engine.targets.closeBreaker('lab', 'operator:bob', 'all is well');
    await untilState(engine, id, 'completed');
    expect(await engine.targets.breakerChanges('lab', 10)).toMatchObject([
      { state: 'closed', by: 'operator:bob', reason: { detail: 'all is well' } },
      { state: 'open', by: 'operator:eve', reason: { detail: 'maintenance' } },
    ]);
  });

  test('failures in a row with nothing answered in between are an outage: no order is held for it', async () => {
    const trouble = troubled('TURNUP_TARGET_FAILED');
    const { platform, engine } = await start(trouble.world, { concurrency: 8 });
    const ids = await Promise.all(
      Array.from({ length: 12 }, (_, at) => placeTestOrder(engine, platform, { usernames: [`u${at}`] })),
    );
    await waitFor(async () => (await engine.targets.breaker('lab')).state !== 'closed');
    const before = trouble.world.calls.length;
    await waitFor(() => trouble.world.calls.length > before + 20, { what: 'many probes' });
    trouble.on = false;
    for (const id of ids) await untilState(engine, id, 'completed');
  });

  test('a target that answers and fails at one thing is not away: the orders that want it are held', async () => {
    const trouble = troubled('TURNUP_TARGET_FAILED', (call) => call.verb === 'write' && call.thing.startsWith('subsc'));
    const { platform, engine } = await start(trouble.world, { concurrency: 4 });
    const ids = await Promise.all(
      Array.from({ length: 6 }, (_, at) => placeTestOrder(engine, platform, { usernames: [`u${at}`] })),
    );
    for (const id of ids) {
      expect(await untilState(engine, id, 'held')).toMatchObject({ error: { code: 'TURNUP_TARGET_FAILED' } });
    }
    expect((await engine.targets.breaker('lab')).state).toBe('closed');
  }, 40_000);

  test('an order that always fails does not speak for the others: each probe is another job', async () => {
    const trouble = troubled('TURNUP_TARGET_UNAVAILABLE', () => true);
    const { platform, engine } = await start(trouble.world, { concurrency: 1 });
    const bad = await placeTestOrder(engine, platform, { usernames: ['bad'], customer: 'C-bad' });
    const good = await placeTestOrder(engine, platform, { usernames: ['good'], customer: 'C-good' });
    await waitFor(async () => (await engine.targets.breaker('lab')).state !== 'closed');
    trouble.world.trouble = ({ thing }) => {
      if (thing === 'customer C-bad') throw new TurnupError('TURNUP_TARGET_UNAVAILABLE');
    };
    await untilState(engine, good, 'completed');
    expect((await engine.store.read(bad))!.state).toBe('inProgress');
    expect(await attemptsOf(engine, bad)).toEqual([0, 0, 0]);
  });

  test('that asks for fewer calls is left alone that long, and its breaker stays closed', async () => {
    const world = createWorld();
    let asked = 0;
    const times: number[] = [];
    world.trouble = ({ at }) => {
      if (at !== 'before') return;
      times.push(performance.now());
      if (asked++ < 2) throw new TurnupError('TURNUP_TARGET_THROTTLED', { retryAfterMs: 700 });
    };
    const { platform, engine } = await start(world, { concurrency: 1 });
    const id = await placeTestOrder(engine, platform, { usernames: ['ann'] });
    await waitFor(async () => (await engine.targets.throttledUntil('lab')) !== null);
    expect((await engine.targets.breaker('lab')).state).toBe('closed');
    await untilState(engine, id, 'completed');
    expect(await attemptsOf(engine, id)).toEqual([1, 1, 1]);
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(690);
    expect(times[2]! - times[1]!).toBeGreaterThanOrEqual(690);
    expect(await engine.targets.breakerChanges('lab', 10)).toEqual([]);
  });
});

describe('a deadline', () => {
  const soon = () => new Date(Date.now() + 1_500).toISOString();

  test('ends the wait for a target that is parked: held, and a retry goes on', async () => {
    const trouble = troubled('TURNUP_TARGET_UNREACHABLE');
    const { platform, engine } = await start(trouble.world, { breaker: LONG });
    const begun = await placeTestOrder(engine, platform, { usernames: ['a'], deadline: soon() });
    await waitFor(async () => (await engine.targets.breaker('lab')).state === 'open');
    const waiting = await placeTestOrder(engine, platform, { usernames: ['b', 'c'], deadline: soon() });
    const without = await placeTestOrder(engine, platform, { usernames: ['d'] });
    for (const id of [begun, waiting]) {
      const held = await untilState(engine, id, 'held');
      expect(held.error).toMatchObject({ code: 'TURNUP_DEADLINE_PASSED', step: 'customer' });
      expect(held.steps[0]).toMatchObject({ state: 'failed' });
    }
    expect((await engine.store.read(without))!.state).not.toBe('held');

    trouble.on = false;
    await engine.motor.retry(begun, 'operator:eve');
    await engine.targets.closeBreaker('lab', 'operator:eve', 'it is back');
    await untilState(engine, begun, 'completed');
    await untilState(engine, without, 'completed');
    // Its job came up in the queue; what the record says stands.
    await waitFor(async () => (await engine.motor.queues.target('lab').getFailedCount()) === 1);
    expect((await engine.store.read(waiting))!.state).toBe('held');
    expect((await journalOf(engine, waiting)).filter((entry) => entry.type === 'stepFailed')).toHaveLength(1);
    await engine.motor.retry(waiting, 'operator:eve');
    await untilState(engine, waiting, 'completed');
  });

  test('of an order that asked for it undoes what was done, as soon as the target lets it', async () => {
    const trouble = troubled('TURNUP_TARGET_UNREACHABLE', (call) => call.thing.startsWith('subscriber'));
    const { platform, engine } = await start(trouble.world);
    const id = await placeTestOrder(engine, platform, { usernames: ['a'], onFailure: 'undo', deadline: soon() });
    await waitFor(async () => (await engine.store.read(id))!.direction === 'undo');
    trouble.on = false;
    const failed = await untilState(engine, id, 'failed');
    expect(failed.error).toMatchObject({ code: 'TURNUP_DEADLINE_PASSED' });
    expect([...trouble.world.things.keys()]).toEqual([]);
  });

  test('stops an order that waits for its turn; a retry lets it wait on, in its place (I5)', async () => {
    const world = createWorld();
    world.things.set('subscriber a', [{ owner: 'somebody', value: null }]);
    const { platform, engine } = await start(world);
    const customer = 'C-1';
    const first = await placeTestOrder(engine, platform, { usernames: ['a'], customer });
    const second = await placeTestOrder(engine, platform, { usernames: ['b'], customer, deadline: soon() });
    const third = await placeTestOrder(engine, platform, { usernames: ['c'], customer });
    await untilState(engine, first, 'held');
    const held = await untilState(engine, second, 'held');
    expect(held.error).toMatchObject({ code: 'TURNUP_DEADLINE_PASSED', step: 'customer' });
    await engine.motor.retry(second, 'operator:eve');
    expect(await engine.store.read(second)).toMatchObject({ state: 'pending', blockedBy: { id: first } });
    world.things.delete('subscriber a');
    world.calls.length = 0;
    await engine.motor.retry(first, 'operator:eve');
    for (const id of [first, second, third]) await untilState(engine, id, 'completed');
    const made = world.calls.filter(({ verb, thing }) => verb === 'write' && thing.startsWith('subscriber'));
    expect(made.map(({ thing }) => thing)).toEqual(['subscriber a', 'subscriber b', 'subscriber c']);
  });

  test('of a step that is at work lets it finish, and stops the next one', async () => {
    const world = createWorld();
    const gate = Promise.withResolvers<void>();
    world.trouble = ({ thing, verb, at }) =>
      thing === 'subscriber a' && verb === 'write' && at === 'before' ? gate.promise : undefined;
    const { platform, engine } = await start(world);
    const id = await placeTestOrder(engine, platform, { usernames: ['a'], deadline: soon() });
    await waitFor(() => world.calls.some(({ thing }) => thing === 'subscriber a'));
    const deadline = Date.parse((await engine.store.read(id))!.deadline!);
    await waitFor(() => Date.now() > deadline + 1_500, { what: 'the deadline has been noticed' });
    expect((await engine.store.read(id))!.state).toBe('inProgress');
    gate.resolve();
    const held = await untilState(engine, id, 'held');
    expect(held.steps.map((step) => step.state)).toEqual(['done', 'done', 'failed']);
    expect(held.steps[2]!.attempts).toBeLessThanOrEqual(1);
    await waitFor(async () => (await redis.client().zcard(keys.deadlines())) === 0);
  });
});

describe('notBefore', () => {
  test('an order begins when its time has come, a second late at most', async () => {
    const { platform, engine } = await start(createWorld(), { timing: { reconcileMs: 3_600_000 } });
    const at = Date.now() + 1_200;
    const id = await placeTestOrder(engine, platform, { usernames: ['a'], notBefore: new Date(at).toISOString() });
    expect(await engine.store.read(id)).toMatchObject({ state: 'pending', blockedBy: { kind: 'notBefore' } });
    const order = await untilState(engine, id, 'completed');
    const late = Date.parse(order.startedAt!) - at;
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThan(2_500);
  });
});
