import { afterEach, describe, expect, test } from 'vitest';
import { TurnupError } from '../../src/errors/index.ts';
import type { Engine } from '../../workers/engine.ts';
import { useRedis, waitFor } from '../setup/redis.ts';
import { acceptTestOrder, placeTestOrder, testEngine, untilState } from './harness.ts';
import { createWorld, toyPlatform, type World } from './toy.ts';

const redis = useRedis();
const engines: Engine[] = [];

async function start(world = createWorld()) {
  const platform = toyPlatform(world);
  const connection = redis.client();
  const engine = testEngine({ redis: connection, platform });
  engines.push(engine);
  await engine.start();
  return { world, platform, engine, connection };
}

function foreign(world: World, ...things: string[]): void {
  for (const thing of things) world.things.set(thing, [{ owner: 'somebody', value: null }]);
}

const left = (world: World) => [...world.things.keys()].toSorted();

afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.close()));
});

describe('undo', () => {
  test.each(['preferences ann', 'subscriber ann'])(
    'I4 onFailure undo takes back only its own: %s refused',
    async (thing) => {
      const { world, platform, engine } = await start();
      foreign(world, thing, 'customer C-1');
      const id = await placeTestOrder(engine, platform, { usernames: ['ann'], customer: 'C-1', onFailure: 'undo' });
      const order = await untilState(engine, id, 'failed');
      expect(left(world)).toEqual(['customer C-1', thing].toSorted());
      expect(order).toMatchObject({ direction: 'undo', error: { code: 'TURNUP_SUBSCRIBER_TAKEN' } });
      expect(order.steps.find((step) => step.id === 'customer')).toMatchObject({ state: 'done', outcome: 'adopted' });
      const job = await engine.motor.queues.orders.getJob(id);
      await waitFor(async () => (await job?.isFailed()) === true, { what: 'the job of the order has failed' });
    },
  );

  test('I4 an order of several subscribers is undone whole, customer last', async () => {
    const { world, platform, engine } = await start();
    foreign(world, 'subscriber c');
    const id = await placeTestOrder(engine, platform, {
      usernames: ['a', 'b', 'c'],
      customer: 'C-1',
      onFailure: 'undo',
    });
    await untilState(engine, id, 'failed');
    expect(left(world)).toEqual(['subscriber c']);
    const writes = world.calls.filter((call) => call.verb === 'write').map((call) => call.thing);
    expect(writes.at(-1)).toBe('customer C-1');
  });

  test('a held order is undone on request, and a failed one is replayed as run 2', async () => {
    const { world, platform, engine } = await start();
    foreign(world, 'subscriber ann');
    const id = await placeTestOrder(engine, platform, { usernames: ['ann'] });
    await untilState(engine, id, 'held');
    expect(await engine.motor.undoHeld(id, 'operator:eve', 'wrong customer')).toEqual({ kind: 'turned' });
    await untilState(engine, id, 'failed');
    expect(left(world)).toEqual(['subscriber ann']);
    world.things.clear();
    expect(await engine.motor.retry(id, 'operator:eve')).toMatchObject({ kind: 'replayed', run: 2, head: true });
    const order = await untilState(engine, id, 'completed');
    expect(order).toMatchObject({ run: 2, direction: 'forward', error: null });
    expect(world.things.get('subscriber ann')?.[0]?.owner).toBe(`turnup:${id}:2`);
  });

  test('I7 cancel while a step is in flight lets it finish and undoes it', async () => {
    const world = createWorld();
    const gate = Promise.withResolvers<void>();
    world.trouble = ({ thing, verb, at }) =>
      thing === 'subscriber ann' && verb === 'write' && at === 'after' ? gate.promise : undefined;
    const { platform, engine } = await start(world);
    const id = await placeTestOrder(engine, platform, { usernames: ['ann'] });
    await waitFor(() => world.things.has('subscriber ann'));
    expect(await engine.motor.cancel(id, 'client:crm', 'changed their mind')).toEqual({ kind: 'turned' });
    expect((await engine.store.read(id))?.state).toBe('pendingCancellation');
    gate.resolve();
    const order = await untilState(engine, id, 'cancelled');
    expect(left(world)).toEqual([]);
    expect(order.steps.map((step) => step.state)).toEqual(['undone', 'undone', 'waiting']);
    const job = await engine.motor.queues.orders.getJob(id);
    await waitFor(async () => (await job?.isCompleted()) === true, { what: 'the job of the order has ended normally' });
  });

  test('I7 cancel while the reply of a write is lost finds what was done and undoes it', async () => {
    const world = createWorld();
    const gate = Promise.withResolvers<void>();
    world.trouble = async ({ thing, verb, at }) => {
      if (thing !== 'subscriber ann' || verb !== 'write' || at !== 'after') return;
      world.trouble = () => {};
      await gate.promise;
      throw new TurnupError('TURNUP_OUTCOME_UNKNOWN');
    };
    const { platform, engine } = await start(world);
    const id = await placeTestOrder(engine, platform, { usernames: ['ann'] });
    await waitFor(() => world.things.has('subscriber ann'));
    await engine.motor.cancel(id, 'client:crm', 'changed their mind');
    gate.resolve();
    await untilState(engine, id, 'cancelled');
    expect(left(world)).toEqual([]);
  });

  test('a waiting order is cancelled at once and blocks nobody', async () => {
    const world = createWorld();
    foreign(world, 'subscriber a');
    const { platform, engine } = await start(world);
    const first = await placeTestOrder(engine, platform, { customer: 'C-1', usernames: ['a'] });
    const second = await placeTestOrder(engine, platform, { customer: 'C-1', usernames: ['b'] });
    const third = await placeTestOrder(engine, platform, { customer: 'C-1', usernames: ['c'] });
    await untilState(engine, first, 'held');
    expect(await engine.store.read(second)).toMatchObject({
      state: 'pending',
      blockedBy: { kind: 'order', id: first },
    });
    expect(await engine.motor.cancel(second, 'client:crm', 'no')).toEqual({ kind: 'cancelled', next: [] });
    expect(await engine.motor.release(first, 'operator:eve', 'let the next go')).toEqual({
      kind: 'released',
      next: [third],
    });
    await untilState(engine, third, 'completed');
    expect(await engine.motor.closeOrder(first, 'operator:eve', 'given up')).toMatchObject({ state: 'partial' });
    expect(world.things.has('subscriber b')).toBe(false);
  });

  test('an undo step that fails for good holds the order, and retrying it ends the undo', async () => {
    const world = createWorld();
    foreign(world, 'preferences ann');
    let refuse = true;
    world.trouble = ({ thing, verb, at }) => {
      if (
        refuse &&
        at === 'before' &&
        thing === 'customer C-1' &&
        verb === 'write' &&
        world.things.has('customer C-1')
      ) {
        throw new TurnupError('TURNUP_TARGET_REJECTED', { detail: 'contract is locked' });
      }
    };
    const { platform, engine } = await start(world);
    const id = await placeTestOrder(engine, platform, { usernames: ['ann'], customer: 'C-1', onFailure: 'undo' });
    const held = await untilState(engine, id, 'held');
    expect(held).toMatchObject({ direction: 'undo', error: { step: 'customer', code: 'TURNUP_TARGET_REJECTED' } });
    refuse = false;
    await engine.motor.retry(id, 'operator:eve');
    const order = await untilState(engine, id, 'failed');
    expect(left(world)).toEqual(['preferences ann']);
    expect(order.error?.code).toBe('TURNUP_SUBSCRIBER_TAKEN');
  });

  test('a step done by hand is skipped and the order goes on', async () => {
    const world = createWorld();
    foreign(world, 'subscriber ann');
    const { platform, engine } = await start(world);
    const id = await placeTestOrder(engine, platform, { usernames: ['ann'] });
    await untilState(engine, id, 'held');
    expect(await engine.motor.skip(id, 's1.subscriber', 'operator:eve', 'made by hand', { thing: 'x' })).toMatchObject({
      kind: 'skipped',
    });
    const order = await untilState(engine, id, 'completed');
    expect(order.steps.map((step) => step.state)).toEqual(['done', 'skipped', 'done']);
  });

  test('I7 cancel of an order whose worker died in the middle finds what it did', async () => {
    const { world, platform, engine, connection } = await start();
    const { id } = await acceptTestOrder(engine, platform, { usernames: ['ann'], customer: 'C-9' });
    // What a worker leaves that dies between the call and the record: a lease, an intent, and the thing itself.
    await connection.hset(`{turnup}:t:order:${id}`, {
      's:customer:st': 'active',
      's:customer:l': 'dead',
      's:customer:i': 'absent',
      's:customer:a': 1,
      's:customer:w': Date.now(),
    });
    world.things.set('customer C-9', [{ owner: `turnup:${id}:1`, value: null }]);
    await engine.motor.cancel(id, 'client:crm', 'no');
    await engine.motor.start(id);
    await connection.zadd('{turnup}:t:live', 0, id);
    await untilState(engine, id, 'cancelled');
    expect(left(world)).toEqual([]);
  });
});
