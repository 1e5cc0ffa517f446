import { UnrecoverableError, Worker, type Queue } from 'bullmq';
import { afterEach, describe, expect, test } from 'vitest';
import { stepJobId, targetQueue } from '../../flows/jobs.ts';
import { createKeys } from '../../src/redis/keys.ts';
import type { Engine } from '../../workers/engine.ts';
import { useRedis, waitFor } from '../setup/redis.ts';
import { acceptTestOrder, placeTestOrder, testEngine, untilState, type TestEngineOptions } from './harness.ts';
import { createWorld, toyPlatform, type World } from './toy.ts';

const redis = useRedis();
const closing: { close(): Promise<unknown> }[] = [];
const keys = createKeys();

afterEach(async () => {
  await Promise.all(closing.splice(0).map((one) => one.close()));
});

/** Rounds happen when the test says so. */
const SELDOM = 3_600_000;

function build(world: World = createWorld(), options: Partial<TestEngineOptions> = {}) {
  const platform = toyPlatform(world);
  const connection = redis.client();
  const repairs: string[] = [];
  const engine = testEngine({ redis: connection, platform, repairs, timing: { reconcileMs: SELDOM }, ...options });
  closing.push(engine);
  return { world, platform, engine, connection, repairs, queue: engine.motor.queues.target('lab') };
}

async function running(world?: World, options?: Partial<TestEngineOptions>) {
  const built = build(world, options);
  await start(built.engine);
  return built;
}

/** Until the round that each start begins with is over. */
async function start(engine: Engine): Promise<void> {
  await engine.start();
  await waitFor(
    async () => {
      const { completed, ...open } = await engine.motor.queues.upkeep.getJobCounts('completed', 'active', 'waiting');
      return completed! > 0 && open['active'] === 0 && open['waiting'] === 0;
    },
    { what: 'the first round is over' },
  );
}

/** Makes every order due and does a round. */
async function round(engine: Engine) {
  const connection = redis.client();
  const ids = await connection.zrangebyscore(keys.live(), '-inf', '+inf');
  for (const id of ids) await connection.zadd(keys.live(), 'XX', 0, id);
  return engine.reconciler.round();
}

async function journalTypes(engine: Engine, id: string): Promise<string[]> {
  const journal = await engine.store.journal(id, { limit: 500 });
  return journal!.items.map((entry) => entry.type);
}

async function expectRepaired(engine: Engine, id: string, ...repairs: string[]): Promise<void> {
  const journal = await engine.store.journal(id, { limit: 500 });
  const repaired = journal!.items.filter((entry) => entry.type === 'repaired');
  expect(repaired.map((entry) => entry.detail['repair'])).toEqual(repairs);
}

/** Holds the first write of a thing until it is let go. */
function holdAt(world: World, thing: string, verb: 'look' | 'write' = 'write') {
  const gate = Promise.withResolvers<void>();
  world.trouble = (call) =>
    call.thing === thing && call.verb === verb && call.at === 'before' ? gate.promise : undefined;
  return { reached: () => world.calls.some((call) => call.thing === thing && call.verb === verb), go: gate.resolve };
}

/** As if Redis had evicted it: gone without BullMQ doing anything about it. */
async function evict(queue: Queue, jobId: string): Promise<void> {
  const connection = redis.client();
  const own = await connection.keys(`${queue.qualifiedName}:${jobId}*`);
  await connection.del(...own.filter((key) => /^[^.]*$|:/.test(key)));
  for (const list of ['wait', 'active']) await connection.lrem(`${queue.qualifiedName}:${list}`, 0, jobId);
  for (const set of ['delayed', 'waiting-children', 'completed', 'failed']) {
    await connection.zrem(`${queue.qualifiedName}:${set}`, jobId);
  }
}

describe('the reconciler', () => {
  test('I2 repairs nothing where nothing has crashed', async () => {
    const world = createWorld();
    const { platform, engine, repairs } = await running(world, { concurrency: 8 });
    const second = await running(world, { concurrency: 8, repairs, name: 'second' });
    world.trouble = () => new Promise((resolve) => setTimeout(resolve, 4));
    for (const taken of ['u7', 'u70', 'u141']) {
      world.things.set(`subscriber ${taken}`, [{ owner: 'somebody', value: null }]);
    }
    const ids: string[] = [];
    let placing = true;
    const rounds = (async () => {
      let looked = 0;
      while (placing) looked += (await round(second.engine)).looked;
      return looked;
    })();
    const place = async (at: number): Promise<void> => {
      const usernames = at % 10 === 3 ? [`u${at}`, `v${at}`, `w${at}`] : [`u${at}`];
      const customer = at % 4 === 0 ? 'C-same' : `C-own-${at}`;
      const onFailure = at === 70 ? 'undo' : 'hold';
      const id = await placeTestOrder(engine, platform, { usernames, customer, onFailure });
      ids.push(id);
      if (at % 20 === 5) await engine.motor.cancel(id, 'client:crm', 'changed their mind');
    };
    for (let from = 0; from < 200; from += 20) {
      await Promise.all(Array.from({ length: 20 }, (_, at) => place(from + at)));
    }
    const ended = waitFor(
      async () => {
        const orders = await Promise.all(ids.map((id) => engine.store.read(id)));
        return orders.every((order) => ['completed', 'held', 'failed', 'cancelled'].includes(order!.state));
      },
      { timeoutMs: 150_000, what: 'all orders have ended or are held' },
    );
    await ended.finally(() => {
      placing = false;
    });
    expect(await rounds).toBeGreaterThan(100);
    expect(repairs).toEqual([]);
    const types = await Promise.all(ids.map((id) => journalTypes(engine, id)));
    expect(types.flat()).not.toContain('repaired');
  }, 180_000);

  test('I2 an accepted order without jobs', async () => {
    const { platform, engine, repairs } = await running();
    const { id } = await acceptTestOrder(engine, platform, { usernames: ['ann'] });
    expect(await round(engine)).toMatchObject({ repaired: 1 });
    await untilState(engine, id, 'completed');
    await expectRepaired(engine, id, 'orderJobMissing');
    expect(repairs).toEqual(['orderJobMissing']);
  });

  test('I2 an order behind one that is finished', async () => {
    const { platform, engine, connection } = await running();
    const first = await placeTestOrder(engine, platform, { usernames: ['ann'], customer: 'C-1' });
    await untilState(engine, first, 'completed');
    await connection.rpush(keys.mailbox('lab', 'C-1'), first, '00000000-0000-7000-8000-000000000000');
    const { id, ...accepted } = await acceptTestOrder(engine, platform, { usernames: ['bob'], customer: 'C-1' });
    expect(accepted).toMatchObject({ head: false });
    await round(engine);
    await untilState(engine, id, 'completed');
    await expectRepaired(engine, id, 'mailboxNotPassed');
  });

  test('I2 an order whose mailbox is gone', async () => {
    const world = createWorld();
    const hold = holdAt(world, 'subscriber ann');
    const { platform, engine, connection } = await running(world);
    const first = await placeTestOrder(engine, platform, { usernames: ['ann'], customer: 'C-1' });
    const second = await placeTestOrder(engine, platform, { usernames: ['bob'], customer: 'C-1' });
    await waitFor(hold.reached);
    await connection.del(keys.mailbox('lab', 'C-1'));
    hold.go();
    await untilState(engine, first, 'completed');
    await round(engine);
    await untilState(engine, second, 'completed');
  });

  test('I2 a step whose job failed without our code, and one whose job ended', async () => {
    const { platform, engine, connection, queue } = build();
    const failed = await placeTestOrder(engine, platform, { usernames: ['ann'] });
    const ended = await placeTestOrder(engine, platform, { usernames: ['bob'] });
    const other = new Worker(
      targetQueue('lab'),
      async (job) => {
        if (job.id === stepJobId(failed, 1, 'f', 'customer')) throw new UnrecoverableError('stalled too often');
        if (job.id !== stepJobId(ended, 1, 'f', 'customer')) throw new UnrecoverableError('not this one');
      },
      { connection, prefix: keys.prefix },
    );
    await waitFor(async () => (await queue.getFailedCount()) >= 2, { what: 'jobs have failed' });
    await other.close();
    await start(engine);
    await round(engine);
    await untilState(engine, failed, 'completed');
    await expectRepaired(engine, failed, 'stepJobFailed');
    // The end of its first job had let the second one run, and fail.
    await round(engine);
    await untilState(engine, ended, 'completed');
    await expectRepaired(engine, ended, 'stepJobEnded', 'stepJobFailed');
  });

  test('I2 a step whose job fails again and again without our code waits for a person', async () => {
    const { platform, engine, connection, queue } = build();
    const id = await placeTestOrder(engine, platform, { usernames: ['ann'] });
    const jobId = stepJobId(id, 1, 'f', 'customer');
    const other = new Worker(
      targetQueue('lab'),
      async () => {
        throw new UnrecoverableError('no code of ours');
      },
      { connection, prefix: keys.prefix },
    );
    const fails = () =>
      waitFor(async () => (await queue.getJobState(jobId)) === 'failed', { what: 'the job has failed' });
    for (let time = 1; time <= 5; time += 1) {
      await fails();
      expect(await round(engine)).toMatchObject({ repaired: 1 });
    }
    await fails();
    expect((await engine.store.read(id))?.state).not.toBe('held');
    await round(engine);
    expect(await engine.store.read(id)).toMatchObject({
      state: 'held',
      error: { code: 'TURNUP_JOB_LOST', step: 'customer' },
    });
    await other.close();

    await start(engine);
    await engine.store.retry(id, 'operator:eve');
    await engine.motor.start(id);
    await round(engine);
    await untilState(engine, id, 'completed');
  });

  test('I2 an order whose target is not configured any more says so', async () => {
    const { platform, engine, connection } = build();
    const { id } = await acceptTestOrder(engine, platform, { usernames: ['ann'] });
    await connection.hset(keys.order(id), 'target', 'gone');
    await round(engine);
    await round(engine);
    expect((await engine.store.read(id))?.blockedBy).toMatchObject({ kind: 'target', id: 'gone' });
    expect((await journalTypes(engine, id)).filter((type) => type === 'parked')).toHaveLength(1);
  });

  test.each(['failed', 'completed'] as const)('I2 an order whose own job %s', async (how) => {
    const { platform, engine, connection } = build();
    const { id } = await acceptTestOrder(engine, platform, { usernames: ['ann'] });
    await engine.motor.queues.orders.add('order', { order: id, run: 1 }, { jobId: id });
    const other = new Worker(
      'orders',
      async () => {
        if (how === 'failed') throw new UnrecoverableError('stalled too often');
      },
      { connection, prefix: keys.prefix },
    );
    await waitFor(async () => (await engine.motor.queues.orders.getJobState(id)) === how);
    await other.close();
    await start(engine);
    await round(engine);
    await untilState(engine, id, 'completed');
    await expectRepaired(engine, id, how === 'failed' ? 'orderJobFailed' : 'orderJobEnded');
  });

  test('I11 a job that was evicted is put back', async () => {
    const world = createWorld();
    const { platform, engine, queue } = await running(world);
    await engine.targets.openBreaker('lab', 'operator:eve', 'to stand still');
    const id = await placeTestOrder(engine, platform, { usernames: ['ann'] });
    await evict(queue, stepJobId(id, 1, 'f', 'customer'));
    await round(engine);
    await expectRepaired(engine, id, 'stepJobMissing');
    await engine.targets.closeBreaker('lab', 'operator:eve', 'enough');
    await untilState(engine, id, 'completed');
    expect([...world.things.values()].map((things) => things.length)).toEqual([1, 1, 1]);
  });

  test('I11 a job that was evicted after its step was done', async () => {
    const world = createWorld();
    const { platform, engine, queue, connection } = await running(world);
    await engine.targets.openBreaker('lab', 'operator:eve', 'to stand still');
    const id = await placeTestOrder(engine, platform, { usernames: ['ann'] });
    const order = keys.order(id);
    await connection.hset(order, 's:customer:st', 'done', 's:customer:o', 'created', 's:customer:r', '{}', 'left', 2);
    await evict(queue, stepJobId(id, 1, 'f', 'customer'));
    await round(engine);
    await expectRepaired(engine, id, 'stepJobStuck');
    await engine.targets.closeBreaker('lab', 'operator:eve', 'enough');
    await untilState(engine, id, 'completed');
    expect(world.things.has('customer')).toBe(false);
  });

  test('I11 the last job evicted after its step was done', async () => {
    const { platform, engine, queue, connection } = await running();
    await engine.targets.openBreaker('lab', 'operator:eve', 'to stand still');
    const id = await placeTestOrder(engine, platform, { usernames: ['ann'] });
    for (const step of ['customer', 's1.subscriber', 's1.preferences']) {
      await connection.hset(keys.order(id), `s:${step}:st`, 'done', `s:${step}:o`, 'adopted', `s:${step}:r`, '{}');
      await evict(queue, stepJobId(id, 1, 'f', step));
    }
    await connection.hset(keys.order(id), 'left', 0);
    await round(engine);
    await untilState(engine, id, 'completed');
    await expectRepaired(engine, id, 'orderJobStuck');
  });

  test('I2 an order that was turned round and whose undo nobody began', async () => {
    const world = createWorld();
    const { platform, engine } = await running(world);
    const { queue } = build();
    world.things.set('preferences ann', [{ owner: 'somebody', value: null }]);
    const id = await placeTestOrder(engine, platform, { usernames: ['ann'] });
    await untilState(engine, id, 'held');
    await waitFor(async () => (await engine.motor.queues.orders.getJobState(id)) === 'waiting-children');
    await engine.store.turn(id, 'undo', 'operator:eve', 'wrong customer');
    expect(await queue.getJobState(stepJobId(id, 1, 'u', 'customer'))).toBe('unknown');
    await round(engine);
    await untilState(engine, id, 'failed');
    await expectRepaired(engine, id, 'undoNotStarted');
    expect([...world.things.keys()]).toEqual(['preferences ann']);
  });

  test('I11 a job of an undo that was evicted is put back', async () => {
    const world = createWorld();
    world.things.set('preferences ann', [{ owner: 'somebody', value: null }]);
    const { platform, engine, queue } = await running(world);
    const id = await placeTestOrder(engine, platform, { usernames: ['ann'] });
    await untilState(engine, id, 'held');
    await engine.targets.openBreaker('lab', 'operator:eve', 'to stand still');
    await engine.motor.undoHeld(id, 'operator:eve', 'wrong customer');
    const jobId = stepJobId(id, 1, 'u', 's1.preferences');
    await waitFor(async () => (await queue.getJobState(jobId)) === 'waiting');
    await evict(queue, jobId);
    await round(engine);
    await expectRepaired(engine, id, 'stepJobMissing');
    await engine.targets.closeBreaker('lab', 'operator:eve', 'enough');
    await untilState(engine, id, 'failed');
    expect([...world.things.keys()]).toEqual(['preferences ann']);
  });

  test('I2 a step held by an attempt that is gone, and a lane held by a step that is over', async () => {
    const { platform, engine, connection, repairs } = await running(undefined, { writeMs: 60_000 });
    await engine.targets.openBreaker('lab', 'operator:eve', 'to stand still');
    const id = await placeTestOrder(engine, platform, { usernames: ['ann'] });
    const attempt = { order: id, run: 1, direction: 'f', step: 'customer', token: 'gone' } as const;
    await engine.store.intend({ ...attempt, intent: 'absent', verb: 'create', calls: [] });
    await connection.hset(keys.order(id), 'lane', 's1.preferences', 's:s1.preferences:st', 'skipped');
    expect(await engine.store.read(id)).toMatchObject({ steps: [{ state: 'active' }, {}, {}] });
    // Its last write may still be under way.
    await round(engine);
    expect(repairs).toEqual([]);
    await connection.hset(keys.order(id), 's:customer:w', Date.now() - 61_000);
    await round(engine);
    expect(await engine.store.read(id)).toMatchObject({ steps: [{ state: 'waiting' }, {}, {}] });
    await round(engine);
    expect(repairs).toEqual(['leaseOrphaned', 'laneOrphaned']);
    expect(await connection.hget(keys.order(id), 'lane')).toBeNull();
  });

  test('I6 a queue that does not do what its breaker says', async () => {
    const { engine, queue, repairs } = await running();
    const parked = () => queue.getRateLimitTtl(Number.MAX_SAFE_INTEGER);
    await queue.rateLimit(3_600_000);
    await round(engine);
    expect(await parked()).toBeLessThanOrEqual(0);
    await engine.targets.openBreaker('lab', 'operator:eve', 'maintenance');
    await queue.removeRateLimitKey();
    await queue.setGlobalConcurrency(50);
    await round(engine);
    expect(await parked()).toBeGreaterThan(3_600_000);
    expect(await queue.getGlobalConcurrency()).toBe(1);
    expect(repairs).toEqual(['queueParkedForNothing', 'queueNotParked']);
    await round(engine);
    expect(repairs).toHaveLength(2);
  });

  test('an order that cannot be looked after keeps no other from it', async () => {
    const { platform, engine, connection } = await running();
    for (let at = 0; at < 20; at += 1) {
      const { id: lost } = await acceptTestOrder(engine, platform, { usernames: [`u${at}`] });
      await connection.hset(keys.order(lost), at % 2 === 0 ? { target: 'no-longer-there' } : { plan: 'damaged' });
    }
    const { id } = await acceptTestOrder(engine, platform, { usernames: ['bob'] });
    await round(engine);
    await untilState(engine, id, 'completed');
  });

  test('archives what is due, however much', async () => {
    const { platform, engine, connection } = await running();
    const ids: string[] = [];
    for (let at = 0; at < 5; at += 1) ids.push(await placeTestOrder(engine, platform, { usernames: [`u${at}`] }));
    for (const id of ids) await untilState(engine, id, 'completed');
    for (const id of ids) await connection.zadd(keys.settled(), 'XX', 0, id);
    await waitFor(async () => (await engine.motor.queues.orders.getActiveCount()) === 0);
    expect(await round(engine)).toMatchObject({ archived: 5 });
    expect(await connection.keys(`${keys.own}:order:*`)).toEqual([]);
  });
});
