import { afterEach, describe, expect, test } from 'vitest';
import { TurnupError } from '../../src/errors/index.ts';
import type { Platform, StepContext, StepKind } from '../../src/platforms/port.ts';
import { createKeys } from '../../src/redis/keys.ts';
import { useRedis, waitFor } from '../setup/redis.ts';
import { placeTestOrder, testEngine, untilState } from './harness.ts';
import { createWorld, toyPlatform, type World } from './toy.ts';

const redis = useRedis();
const keys = createKeys();
const closing: { close(): Promise<unknown> }[] = [];

afterEach(async () => {
  await Promise.all(closing.splice(0).map((one) => one.close()));
});

interface Client {
  look(thing: string): Promise<{ owner: string }[]>;
  write(thing: string, owner: string, value: null): Promise<void>;
  remove(thing: string): Promise<void>;
}

const EXTRA = 'customer extra';

/** A platform on which the customer may be made twice: the second one is the thing `customer extra`. */
function build(world: World, customer: Partial<StepKind<Client>>, writeMs?: number) {
  const toy = toyPlatform(world) as unknown as Platform<Client>;
  const platform = {
    ...toy,
    steps: { ...toy.steps, customer: { ...toy.steps['customer']!, ...customer } },
  } as unknown as Platform;
  const repairs: string[] = [];
  const connection = redis.client();
  const engine = testEngine({
    redis: connection,
    platform,
    repairs,
    timing: { reconcileMs: 3_600_000 },
    ...(writeMs !== undefined && { writeMs }),
  });
  closing.push(engine);
  return { toy, platform, engine, repairs, connection };
}

const removeExtra = async ({ client, key }: StepContext<Client>): Promise<number> => {
  const [extra] = await client.look(EXTRA);
  if (extra?.owner !== key) return 0;
  await client.remove(EXTRA);
  return 1;
};

test('I3 a look that finds its own work twice may take the second away (chaos, seed 1014)', async () => {
  const world = createWorld();
  const { find } = (toyPlatform(world) as unknown as Platform<Client>).steps['customer']!;
  const { platform, engine, connection } = build(world, {
    async find(ctx) {
      if (ctx.intent) await removeExtra(ctx);
      return find(ctx);
    },
  });
  let lost = false;
  let lease: string | null = null;
  world.trouble = async ({ verb, thing, at }) => {
    if (verb === 'write' && thing === EXTRA && at === 'before') {
      const [order] = await connection.keys(keys.order('*'));
      lease = await connection.hget(order!, 's:customer:l');
    }
    if (lost || verb !== 'write' || thing === EXTRA || at !== 'after') return;
    lost = true;
    world.things.set(EXTRA, structuredClone(world.things.get(thing)!));
    throw new TurnupError('TURNUP_OUTCOME_UNKNOWN');
  };
  await engine.start();
  const id = await placeTestOrder(engine, platform, { usernames: ['ann'] });
  const order = await untilState(engine, id, 'completed');
  expect(lease).toBeTruthy();
  expect(world.things.has(EXTRA)).toBe(false);
  expect(order.steps[0]).toMatchObject({ outcome: 'created', attempts: 2 });
});

describe('what an attempt that had vanished made after all', () => {
  async function late(state: 'completed' | 'cancelled') {
    const world = createWorld();
    const seen: unknown[] = [];
    const built = build(world, {
      async tidy(ctx, recorded) {
        seen.push(recorded);
        return removeExtra(ctx);
      },
    });
    const { engine, platform, connection } = built;
    await engine.start();
    if (state === 'cancelled') world.things.set('subscriber ann', [{ owner: 'somebody', value: null }]);
    const id = await placeTestOrder(engine, platform, { usernames: ['ann'] });
    if (state === 'cancelled') {
      await untilState(engine, id, 'held');
      await engine.motor.cancel(id, 'client:crm', 'not wanted');
    }
    await untilState(engine, id, state);
    world.things.set(EXTRA, [{ owner: `turnup:${id}:1`, value: null }]);
    const leftover = { order: id, run: 1, step: 'customer' };
    await engine.store.noteLeftover(leftover);
    const makeDue = () => connection.zadd(keys.leftovers(), 'XX', 0, `${id} 1 customer`);
    return { ...built, world, id, seen, makeDue };
  }

  test.each([
    ['completed', { thing: expect.any(String) as unknown }],
    ['cancelled', null],
  ] as const)('I3 I4 I7 is taken away by the reconciler, of an order that is %s', async (state, recorded) => {
    const { engine, world, id, seen, makeDue, repairs, connection } = await late(state);
    await engine.reconciler.round();
    expect(world.things.has(EXTRA)).toBe(true);
    world.clients.length = 0;
    await makeDue();
    await engine.reconciler.round();
    expect(world.things.has(EXTRA)).toBe(false);
    expect(seen).toEqual([recorded]);
    expect(world.clients).toEqual(['crm', 'crm']);
    expect(repairs).toEqual(['leftoverRemoved']);
    expect(await connection.zcard(keys.leftovers())).toBe(0);
    const { items } = (await engine.store.journal(id, { limit: 200 }))!;
    expect(items.find(({ type }) => type === 'lookedAgain')).toMatchObject({
      step: 'customer',
      detail: { removed: 1, calls: [{ method: 'look' }, { method: 'write' }] },
    });
  });

  test('I3 of a run that was undone is left to a later run that may go on with it', async () => {
    const { engine, world, id, seen, makeDue, connection } = await late('completed');
    await connection.hset(keys.order(id), 'run', '2', 'state', 'inProgress', 's:customer:st', 'active');
    await makeDue();
    await engine.reconciler.round();
    expect(seen).toEqual([]);
    expect(await connection.zcard(keys.leftovers())).toBe(1);
    await connection.hset(keys.order(id), 's:customer:st', 'done');
    await makeDue();
    await engine.reconciler.round();
    expect(seen).toEqual([{ thing: expect.any(String) as unknown }]);
    expect(world.things.has(EXTRA)).toBe(false);
  });

  test.each([['TURNUP_OBJECT_TAKEN'], ['TURNUP_TARGET_REJECTED']] as const)(
    'is not looked for for ever where the target refuses it (%s)',
    async (code) => {
      const { engine, world, id, makeDue, connection } = await late('completed');
      world.trouble = () => {
        throw new TurnupError(code);
      };
      await makeDue();
      await engine.reconciler.round();
      expect(await connection.zcard(keys.leftovers())).toBe(0);
      const { items } = (await engine.store.journal(id, { limit: 200 }))!;
      expect(items.find(({ type }) => type === 'lookedAgain')).toMatchObject({ detail: { error: { code } } });
    },
  );

  test('is looked for again when the target was away', async () => {
    const { engine, world, makeDue, connection } = await late('completed');
    world.trouble = () => {
      throw new TurnupError('TURNUP_TARGET_UNREACHABLE');
    };
    await makeDue();
    await engine.reconciler.round();
    expect(await connection.zcard(keys.leftovers())).toBe(1);
    world.trouble = () => {};
    await makeDue();
    await engine.reconciler.round();
    expect(world.things.has(EXTRA)).toBe(false);
  });
});

describe('somebody looks once more', () => {
  const isMade = (call: { verb: string; thing: string; at: string }): boolean =>
    call.verb === 'write' && call.thing.startsWith('customer') && call.at === 'after';

  test('I3 where an attempt that sent a write is handed over: it may do its work now', async () => {
    const world = createWorld();
    // Nobody takes the step over while the test lasts, who would have the same looked for.
    const { platform, engine, connection } = build(world, {}, 3_600_000);
    let lost = false;
    world.trouble = (call) => {
      if (lost || !isMade(call)) return;
      lost = true;
      throw new TurnupError('TURNUP_LEASE_LOST');
    };
    await engine.start();
    const id = await placeTestOrder(engine, platform, { usernames: ['ann'] });
    await waitFor(async () => (await connection.zcard(keys.leftovers())) === 1, { what: 'a leftover is noted' });
    expect(await connection.zrange(keys.leftovers(), '0', '-1')).toEqual([`${id} 1 customer`]);
  });

  test('I3 where a late finisher could not take away what it made', async () => {
    const world = createWorld();
    const { platform, engine, connection } = build(world, {
      async discard() {
        throw new TurnupError('TURNUP_TARGET_UNREACHABLE');
      },
    });
    world.trouble = async (call) => {
      if (!isMade(call)) return;
      const [order] = await connection.keys(keys.order('*'));
      // Somebody else took the step over and is done with it.
      const other = { l: 'other', st: 'done', o: 'created', r: '{"thing":"theirs"}' };
      const fields = Object.entries(other).flatMap(([name, value]) => [`s:customer:${name}`, value]);
      await connection.hset(order!, ...fields);
    };
    await engine.start();
    const id = await placeTestOrder(engine, platform, { usernames: ['ann'] });
    await waitFor(async () => (await connection.zcard(keys.leftovers())) === 1, { what: 'a leftover is noted' });
    const { items } = (await engine.store.journal(id, { limit: 200 }))!;
    expect(items.find(({ type }) => type === 'lateFinish')).toMatchObject({ detail: { discarded: true } });
  });
});

test('I4 undo takes away what a step made of several things before it failed', async () => {
  const world = createWorld();
  const parts = ['part one', 'part two'];
  const { platform, engine } = build(world, {
    async find({ client }) {
      const found = await Promise.all(parts.map((part) => client.look(part)));
      const there = found.filter((owners) => owners.length > 0).length;
      if (there === 0) return { state: 'absent' };
      return there === parts.length
        ? { state: 'present', ours: true, result: {} }
        : { state: 'different', before: null };
    },
    async do({ client, key }) {
      for (const part of parts) await client.write(part, key, null);
      return {};
    },
    async undo({ client }) {
      for (const part of parts) await client.remove(part);
    },
  });
  world.trouble = ({ verb, thing, at }) => {
    if (verb === 'write' && thing === 'part two' && at === 'before') throw new TurnupError('TURNUP_NUMBER_TAKEN');
  };
  await engine.start();
  const id = await placeTestOrder(engine, platform, { usernames: ['ann'] });
  await untilState(engine, id, 'held');
  expect([...world.things.keys()]).toEqual(['part one']);
  world.trouble = () => {};
  await engine.motor.cancel(id, 'client:crm', 'not wanted');
  await untilState(engine, id, 'cancelled');
  expect([...world.things.keys()]).toEqual([]);
});
