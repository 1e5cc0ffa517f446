import { mkdirSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '../setup/redis-server.ts';
import { until } from './support/until.ts';
import { createLedger, type Ledger } from './support/ledger.ts';
import { expectExactly } from './support/platform.ts';
import type { Running } from './support/process.ts';
import { createWorld, type World } from './support/world.ts';

const REFUSED = { status: 503, body: { code: 'TURNUP_STORE_UNAVAILABLE' } };

interface Ready {
  readonly status: string;
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
}

async function redisCheck(world: World) {
  const answer = await world.crm.call('GET', '/readyz');
  return (answer?.body as Ready | undefined)?.checks.find(({ name }) => name === 'redis');
}

const isMaking = async (world: World): Promise<unknown> => {
  const before = (await world.platform.calls()).length;
  return until(
    async () => (await world.platform.calls()).slice(before).some(({ method }) => method === 'POST'),
    'objects are being made',
  );
};

describe('a Redis', () => {
  let world: World;
  let ledger: Ledger;
  let redis: Redis;
  let worker: Running;
  let other: TestRedis;

  beforeAll(async () => {
    world = await createWorld({ name: 'tr' });
    ledger = createLedger(world);
    [worker] = await Promise.all([world.startWorker(), world.startApi()]);
    redis = world.redis.client();
    other = await startRedis({ aof: true });
  });
  afterAll(async () => {
    await world?.close();
    await other?.stop();
  });

  test('that is full: intake answers 503 and keeps nothing; workers wait, and go on when there is room', async () => {
    await world.platform.setFaults({ fault: 'slow', ms: 50 });
    const orders = [...(await ledger.place(12)), ...(await ledger.place(1, 3))];
    await isMaking(world);
    await redis.config('SET', 'maxmemory', '1');
    const body = world.order();
    expect(await world.crm.post(body)).toMatchObject(REFUSED);
    expect(await world.crm.find(body.externalId)).toBeNull();
    expect(await redisCheck(world)).toMatchObject({ ok: false, detail: 'is full and takes no writes' });
    await until(() => worker.lines.some((line) => line.includes('OOM')), 'a worker says why it waits');

    await redis.config('SET', 'maxmemory', '0');
    expect(await redisCheck(world)).toMatchObject({ ok: true, detail: 'answers' });
    await world.platform.setFaults();
    await ledger.expectCompleted([...orders, [body, await world.crm.place(body)]]);
  });

  test('that becomes a replica while another one takes its place: all go there by themselves', async () => {
    const second = other.client();
    await redis.config('SET', 'repl-diskless-sync-delay', '0');
    await second.replicaof(world.redis.host, world.redis.port);
    await until(
      async () => (await second.info('replication')).includes('master_link_status:up'),
      'the replica is in step',
    );
    await world.platform.setFaults({ fault: 'slow', ms: 20 });
    const orders = [...(await ledger.place(12)), ...(await ledger.place(1, 3))];
    await isMaking(world);
    // New connections find the new primary; those that are there stay with the old one, which takes no writes any more.
    world.redisLink.leadTo(other.port);
    world.apiRedisLink.leadTo(other.port);
    await redis.call('FAILOVER', 'TO', other.host, String(other.port));
    await until(async () => (await second.info('replication')).includes('role:master'), 'the failover');
    orders.push(...(await ledger.place(3)));
    await world.platform.setFaults();
    await ledger.expectCompleted(orders);
    expect(await redis.info('replication')).toContain('role:slave');
    expect(await redisCheck(world)).toMatchObject({ ok: true, detail: 'answers' });
  });
});

describe('a Redis that is restarted empty', () => {
  let world: World;

  beforeAll(async () => {
    world = await createWorld({ name: 'em', redis: { aof: false } });
    mkdirSync(world.dataDir);
    await Promise.all([world.startApi(), world.startWorker()]);
  });
  afterAll(() => world?.close());

  const metric = async (): Promise<number> =>
    Number(/^turnup_store_lost_timestamp_seconds (\S+)$/m.exec(await world.desk.get<string>('/metrics'))?.[1]);

  test('is said: in the log, in /readyz and in the metrics', async () => {
    const body = world.order();
    await world.crm.completed((await world.crm.place(body)).id);
    expect(await redisCheck(world)).toEqual({ name: 'redis', ok: true, detail: 'answers' });
    expect(await metric()).toBe(0);

    await world.redis.kill();
    await world.redis.restart();
    const api = world.processes.find(({ name }) => name === 'api')!;
    const worker = world.processes.find(({ name }) => name === 'worker')!;
    await Promise.all([api.says('that were accepted may be gone'), worker.says('that were accepted may be gone')]);
    expect(await redisCheck(world)).toMatchObject({
      ok: true,
      detail: expect.stringMatching(/^Redis (is empty although it was not|holds other data).*post them again \(20/),
    });
    expect(await metric()).toBeGreaterThan(1.7e9);
    expect(await world.crm.find(body.externalId)).toBeNull();

    // The CRM posts again what it knows of; what is there already is taken over.
    const again = await world.crm.completed((await world.crm.place(body)).id);
    expect(again.steps.map(({ outcome }) => outcome)).not.toContain('created');
    expectExactly(await world.platform.state(), [[body, again]]);
    const more = world.order();
    const fresh = await world.crm.completed((await world.crm.place(more)).id);
    expectExactly(await world.platform.state(), [
      [body, again],
      [more, fresh],
    ]);
  });

  test('is said by a process that is started after that', async () => {
    await world.redis.shutdown();
    for (const process of world.processes.slice(1)) await process.kill();
    await world.redis.restart();
    const [api] = await Promise.all([world.startApi(), world.startWorker()]);
    expect(await api.says('that were accepted may be gone')).toMatch(/"level":"error".*"since":"20/);
  });
});
