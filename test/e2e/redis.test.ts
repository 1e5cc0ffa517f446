import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from './support/until.ts';
import { createLedger, type Ledger } from './support/ledger.ts';
import type { OrderSeen } from './support/orders.ts';
import { isAccepted, isRefused, postSteadily } from './support/post-steadily.ts';
import type { Running } from './support/process.ts';
import { expectNoLeaks } from './support/search.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
let ledger: Ledger;
let api: Running;
let redis: Redis;

beforeAll(async () => {
  world = await createWorld({ name: 're' });
  ledger = createLedger(world);
  [api] = await Promise.all([world.startApi(), world.startWorker(), world.startWorker()]);
  redis = world.redis.client();
});
afterAll(() => world?.close());

describe('an API that is killed', () => {
  test('I1 I2 between the acceptance of an order and its jobs: the order is there, and a worker adds the jobs', async () => {
    // Scripts are known by their digest once they have run.
    await ledger.expectCompleted(await ledger.place(1));
    const body = world.order();
    const stopped = world.apiRedisLink.freezeAfter(body.externalId);
    const answer = world.crm.post(body);
    await stopped;
    await api.kill();
    expect(await answer).toBeNull();
    const [id] = await until(() => redis.zrevrange('{turnup}:t:ix:all:', 0, 0), 'the order is stored');
    expect(await redis.exists(`{turnup}:orders:${id!}`)).toBe(0);
    expect(await redis.hget(`{turnup}:t:order:${id!}`, 'ext')).toBe(body.externalId);

    api = await world.startApi();
    const order = await world.crm.find(body.externalId);
    expect(order?.id).toBe(id);
    expect(order?.state).toBe('acknowledged');
    await world.lookNow();
    await ledger.expectCompleted([[body, order!]]);
    const journal = await world.crm.journal(order!.id);
    expect(journal.filter(({ type }) => type === 'repaired')).toMatchObject([{ by: 'turnup' }]);
  });

  test('I1 … and the CRM that asks again need not wait for that', async () => {
    const body = world.order();
    const frozen = world.apiRedisLink.freezeAfter(body.externalId);
    const answer = world.crm.post(body);
    await frozen;
    await api.kill();
    expect(await answer).toBeNull();
    api = await world.startApi();
    const again = await world.crm.post(body);
    expect(again).toMatchObject({ status: 200, body: { externalId: body.externalId } });
    const [order] = await ledger.expectCompleted([[body, again!.body as OrderSeen]]);
    const journal = await world.crm.journal(order!.id);
    expect(journal.filter(({ type }) => type === 'repaired')).toEqual([]);
  });
});

describe('a Redis that is killed -9', () => {
  test('I1 I3 in mid-run: what was accepted completes, what was refused was not kept or completes once', async () => {
    await world.platform.setFaults({ fault: 'slow', ms: 20 });
    const early = [...(await ledger.place(34)), ...(await ledger.place(2, 3))];
    const steady = postSteadily(world, 25);
    await until(async () => (await world.platform.state()).subscribers.length > 8, 'orders are in flight');
    await world.redis.kill();
    await until(() => steady.posted.some(isRefused), 'intake is refused');
    await world.redis.restart();
    const refusedSoFar = steady.posted.length;
    await until(() => steady.posted.slice(refusedSoFar).some(isAccepted), 'intake goes on');
    await steady.stop();
    await world.platform.setFaults();

    for (const [, answer] of steady.posted) {
      if (answer?.status !== 202) {
        expect(answer).toMatchObject({ status: 503, body: { code: 'TURNUP_STORE_UNAVAILABLE' } });
      }
    }
    const accepted = steady.posted
      .filter(isAccepted)
      .map(([body, answer]) => [body, answer!.body as OrderSeen] as const);
    const again = await Promise.all(
      steady.posted.filter(isRefused).map(async ([body]) => [body, await world.crm.place(body)] as const),
    );
    await world.lookNow();
    await ledger.expectCompleted([...early, ...accepted, ...again]);
  });

  test('I8 no secret is in Redis, its files, a log or an answer', async () => {
    await expectNoLeaks(world);
  });
});
