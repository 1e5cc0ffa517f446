import { afterEach, describe, expect, test } from 'vitest';
import { TurnupError } from '../../src/errors/index.ts';
import type { Engine } from '../../workers/engine.ts';
import { useRedis, waitFor } from '../setup/redis.ts';
import { acceptTestOrder, placeTestOrder, testEngine, untilState, type TestOrder } from './harness.ts';
import { createWorld, toyPlatform, type World } from './toy.ts';

const redis = useRedis();
const engines: Engine[] = [];

async function start(world = createWorld()) {
  const platform = toyPlatform(world);
  const connection = redis.client();
  const engine = testEngine({ redis: connection, platform });
  engines.push(engine);
  await engine.start();
  const place = (wanted: TestOrder) => placeTestOrder(engine, platform, wanted);
  return { world, platform, engine, connection, place };
}

const left = (world: World) => [...world.things.keys()].toSorted();
const written = (world: World) => world.calls.filter(({ verb }) => verb === 'write').map(({ thing }) => thing);
const refuse = (world: World, thing: string) => world.things.set(thing, [{ owner: 'somebody', value: null }]);

afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.close()));
});

describe('an order of operations', () => {
  test('needs no customer and no subscriber', async () => {
    const { world, engine, place } = await start();
    const id = await place({ operations: { o1: { name: 'a' }, o2: { name: 'b' } } });
    const order = await untilState(engine, id, 'completed');
    expect(order.customer).toEqual({ externalId: '' });
    expect(order.steps).toMatchObject([
      { id: 'o1.make', item: 'o1', kind: 'make', state: 'done', outcome: 'created' },
      { id: 'o2.make', item: 'o2', kind: 'make', state: 'done', outcome: 'created' },
    ]);
    expect(left(world)).toEqual(['make a', 'make b']);
  });

  test('of one alone', async () => {
    const { world, engine, place } = await start();
    await untilState(engine, await place({ operations: { o1: { name: 'a' } } }), 'completed');
    expect(left(world)).toEqual(['make a']);
  });

  test('stands beside subscribers, behind the customer', async () => {
    const { world, engine, place } = await start();
    const id = await place({ customer: 'C-1', usernames: ['ann'], operations: { o1: { name: 'a' } } });
    await untilState(engine, id, 'completed');
    expect(left(world)).toEqual(['customer C-1', 'make a', 'preferences ann', 'subscriber ann']);
    expect(written(world)[0]).toBe('customer C-1');
  });

  test('I8 a step sees its own operation only, and its own secrets', async () => {
    const { world, engine, place, connection } = await start();
    const operations = { o1: { name: 'a', secret: 'first' }, o2: { name: 'b', secret: 'second' }, o3: { name: 'c' } };
    const id = await place({ usernames: ['ann'], operations });
    await untilState(engine, id, 'completed');
    expect(world.things.get('make a')?.[0]?.value).toEqual({ secret: 'first', items: ['o1'] });
    expect(world.things.get('make b')?.[0]?.value).toEqual({ secret: 'second', items: ['o2'] });
    expect(world.things.get('make c')?.[0]?.value).toEqual({ secret: null, items: ['o3'] });
    const record = JSON.stringify(await connection.hgetall(`{turnup}:t:order:${id}`));
    expect(record).not.toMatch(/first|second/);
  });

  test('runs those of one line one after the other, in the order they were planned', async () => {
    const world = createWorld();
    const { engine, place } = await start(world);
    world.trouble = () => new Promise((resolve) => setTimeout(resolve, 10));
    const line = 'prices';
    const operations = { o1: { name: 'a', line }, o2: { name: 'b', line }, o3: { name: 'c', line } };
    await untilState(engine, await place({ operations }), 'completed');
    expect(world.mostActive).toBe(1);
    expect(written(world)).toEqual(['make a', 'make b', 'make c']);
  });

  test('I4 is undone whole: what it made in one line is taken back from its end', async () => {
    const { world, engine, place } = await start();
    refuse(world, 'make c');
    const line = 'prices';
    const operations = { o1: { name: 'a', line }, o2: { name: 'b', line }, o3: { name: 'c', line }, o4: { name: 'd' } };
    const id = await place({ operations, onFailure: 'undo' });
    const order = await untilState(engine, id, 'failed');
    expect(order.error).toMatchObject({ step: 'o3.make', code: 'TURNUP_SUBSCRIBER_TAKEN' });
    expect(left(world)).toEqual(['make c']);
    const removed = written(world).slice(-3);
    expect(removed.indexOf('make b')).toBeLessThan(removed.indexOf('make a'));
  });

  test('is held, and a step that a person did by hand is skipped', async () => {
    const { world, engine, place } = await start();
    refuse(world, 'make b');
    const id = await place({ operations: { o1: { name: 'a' }, o2: { name: 'b' } } });
    const held = await untilState(engine, id, 'held');
    expect(held.error?.step).toBe('o2.make');
    await engine.motor.skip(id, 'o2.make', 'operator:ops', 'by hand', {});
    expect((await untilState(engine, id, 'completed')).steps[1]).toMatchObject({ id: 'o2.make', state: 'skipped' });
  });

  test('is archived with its steps', async () => {
    const { platform, connection } = await start();
    const timing = { settledMs: 0, reconcileMs: 100 };
    const housekeeper = testEngine({ redis: connection, platform, timing, name: 'keeper' });
    engines.push(housekeeper);
    await housekeeper.start();
    const id = await placeTestOrder(housekeeper, platform, { operations: { o1: { name: 'a' } } });
    await waitFor(async () => (await connection.exists(`{turnup}:t:archive:${id}`)) === 1, { what: 'archived' });
    expect((await housekeeper.store.read(id))?.steps).toMatchObject([{ id: 'o1.make', state: 'done' }]);
  });
});

describe('the mailbox of operations', () => {
  test('I5 is one for the whole target', async () => {
    const { world, platform, engine } = await start();
    refuse(world, 'make a');
    const first = await placeTestOrder(engine, platform, { operations: { o1: { name: 'a' } } });
    await untilState(engine, first, 'held');
    const second = await placeTestOrder(engine, platform, { operations: { o1: { name: 'b' } } });
    expect(await engine.store.read(second)).toMatchObject({
      state: 'pending',
      blockedBy: { kind: 'order', id: first },
    });
    // Customers have nothing to do with it.
    await untilState(engine, await placeTestOrder(engine, platform, { usernames: ['ann'] }), 'completed');
    await engine.motor.closeOrder(first, 'operator:ops', 'let it be');
    await untilState(engine, second, 'completed');
  });

  test('I5 an order that names a customer too waits for both, and both wait for it', async () => {
    const { world, platform, engine } = await start();
    refuse(world, 'make a');
    refuse(world, 'subscriber ann');
    const operates = await placeTestOrder(engine, platform, { operations: { o1: { name: 'a' } } });
    const ofCustomer = await placeTestOrder(engine, platform, { customer: 'C-1', usernames: ['ann'] });
    const both = await placeTestOrder(engine, platform, {
      customer: 'C-1',
      usernames: ['bob'],
      operations: { o1: { name: 'b' } },
    });
    const after = await Promise.all([
      placeTestOrder(engine, platform, { operations: { o1: { name: 'c' } } }),
      placeTestOrder(engine, platform, { customer: 'C-1', usernames: ['cyd'] }),
    ]);
    await untilState(engine, operates, 'held');
    await untilState(engine, ofCustomer, 'held');
    await engine.motor.closeOrder(operates, 'operator:ops', 'let it be');
    expect(await engine.store.read(both)).toMatchObject({ state: 'pending', blockedBy: { id: ofCustomer } });
    expect((await engine.store.read(after[0]))?.blockedBy).toMatchObject({ id: both });
    await engine.motor.closeOrder(ofCustomer, 'operator:ops', 'let it be');
    for (const id of [both, ...after]) await untilState(engine, id, 'completed');
    const writes = written(world);
    for (const thing of ['make c', 'subscriber cyd']) {
      expect(writes.indexOf(thing)).toBeGreaterThan(writes.indexOf('preferences bob'));
      expect(writes.indexOf(thing)).toBeGreaterThan(writes.indexOf('make b'));
    }
  });
});

describe('a step that can only go forward', () => {
  const fail = (world: World) => {
    world.trouble = ({ thing, verb }) => {
      if (verb === 'write' && thing.startsWith('reload')) throw new TurnupError('TURNUP_TARGET_REJECTED');
    };
  };

  test('holds an order that asks for undo, and lets it complete when it is retried', async () => {
    const { world, engine, place } = await start();
    fail(world);
    const id = await place({ usernames: ['ann'], customer: 'C-1', onFailure: 'undo', reload: true });
    const held = await untilState(engine, id, 'held');
    expect(held).toMatchObject({ direction: 'forward', error: { step: 's1.reload' } });
    expect(left(world)).toEqual(['customer C-1', 'preferences ann', 'subscriber ann']);
    world.trouble = () => {};
    await engine.motor.retry(id, 'operator:ops');
    await untilState(engine, id, 'completed');
    expect(left(world)).toContain('reload ann');
  });

  test('does not keep the failure of another step from undoing the order', async () => {
    const { world, engine, place } = await start();
    fail(world);
    refuse(world, 'preferences bob');
    const id = await place({ usernames: ['ann', 'bob'], customer: 'C-1', onFailure: 'undo', reload: true });
    await untilState(engine, id, 'failed');
    expect(left(world)).toEqual(['preferences bob']);
  });

  test('does not keep an order from being cancelled', async () => {
    const { world, platform, engine } = await start();
    fail(world);
    const { id } = await acceptTestOrder(engine, platform, { usernames: ['ann'], onFailure: 'undo', reload: true });
    await engine.motor.start(id);
    await untilState(engine, id, 'held');
    world.trouble = () => {};
    await engine.motor.cancel(id, 'client:crm', 'changed my mind');
    await untilState(engine, id, 'cancelled');
    expect(left(world)).toEqual([]);
  });
});

describe('a step whose turn has not come', () => {
  test('I6 waits for it, and neither its attempts nor the target suffer', async () => {
    const { world, engine, place } = await start();
    let busy = 3;
    world.trouble = ({ at, verb }) => {
      if (at === 'before' && verb === 'look' && busy-- > 0) throw new TurnupError('TURNUP_OBJECT_BUSY');
    };
    const id = await place({ operations: { o1: { name: 'a' } }, onFailure: 'undo' });
    const order = await untilState(engine, id, 'completed');
    expect(order.steps[0]).toMatchObject({ state: 'done', attempts: 1 });
    expect(await engine.targets.breaker('lab')).toMatchObject({ state: 'closed', failures: 0 });
  });
});
