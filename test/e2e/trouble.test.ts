import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Redis } from 'ioredis';
import { waitFor } from '../setup/wait-for.ts';
import { createLedger, type Ledger } from './support/ledger.ts';
import type { Running } from './support/process.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
let ledger: Ledger;
let redis: Redis;
let worker: Running;

beforeAll(async () => {
  world = await createWorld({ name: 'tr' });
  ledger = createLedger(world);
  [worker] = await Promise.all([world.startWorker(), world.startApi()]);
  redis = world.redis.client();
});
afterAll(() => world?.close());

const REFUSED = { status: 503, body: { code: 'TURNUP_STORE_UNAVAILABLE' } };

const callCount = async (): Promise<number> => (await world.platform.calls()).length;
const isMaking = (before: number) =>
  waitFor(async () => (await world.platform.calls()).slice(before).some(({ method }) => method === 'POST'), {
    what: 'objects are being made',
  });

describe('a Redis', () => {
  test('that is full: intake answers 503 and keeps nothing; workers wait, and go on when there is room', async () => {
    await world.platform.setFaults({ fault: 'slow', ms: 50 });
    const before = await callCount();
    const orders = [...(await ledger.place(5)), ...(await ledger.place(1, 3))];
    await isMaking(before);
    await redis.config('SET', 'maxmemory', '1');
    const keys = await redis.dbsize();
    const body = world.order();
    expect(await world.crm.post(body)).toMatchObject(REFUSED);
    expect(await world.crm.find(body.externalId)).toBeNull();
    expect(await redis.dbsize()).toBeLessThanOrEqual(keys);
    await waitFor(() => worker.lines.some((line) => line.includes('OOM')), { what: 'a worker says why it waits' });

    await redis.config('SET', 'maxmemory', '0');
    await world.platform.setFaults();
    await ledger.expectCompleted([...orders, [body, await world.crm.place(body)]]);
  });
});
