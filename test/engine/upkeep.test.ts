import { Queue } from 'bullmq';
import { afterEach, describe, expect, test } from 'vitest';
import { UPKEEP_QUEUE } from '../../flows/jobs.ts';
import { createLogger } from '../../src/observability/index.ts';
import { createKeys } from '../../src/redis/keys.ts';
import { createUpkeep } from '../../workers/reconcile/upkeep.ts';
import { useRedis, waitFor } from '../setup/redis.ts';

const redis = useRedis();
const closing: { close(): Promise<unknown> }[] = [];
const keys = createKeys();

afterEach(async () => {
  await Promise.all(closing.splice(0).map((one) => one.close()));
});

describe('rounds of the reconciler', () => {
  function upkeep(everyMs: number, work: () => Promise<void>, name = 'one') {
    const connection = redis.client();
    const queue = new Queue(UPKEEP_QUEUE, { connection, prefix: keys.prefix });
    const log = createLogger({ level: 'silent' });
    const made = createUpkeep({ queue, connection, keys, name, everyMs, log, round: work });
    closing.push({ close: () => made.close().then(() => queue.close()) });
    return { ...made, queue };
  }

  test('are done by one process at a time, by whichever is there', async () => {
    let now = 0;
    let most = 0;
    let done = 0;
    const work = async (): Promise<void> => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, 250));
      now -= 1;
      done += 1;
    };
    const processes = ['one', 'two', 'three'].map((name) => upkeep(100, work, name));
    for (const one of processes) await one.start();
    await waitFor(() => done >= 4, { what: 'several rounds' });
    expect(most).toBe(1);
    await processes[0]!.close();
    await processes[1]!.close();
    const before = done;
    await waitFor(() => done > before + 1, { what: 'rounds of the one that is left' });
  });

  test('follow the configuration of the process that started last', async () => {
    const first = upkeep(3_600_000, async () => undefined);
    await first.queue.upsertJobScheduler('of an earlier version', { every: 5_000 });
    await first.start();
    const other = upkeep(7_200_000, async () => undefined, 'two');
    await other.start();
    const schedulers = await first.queue.getJobSchedulers();
    expect(schedulers.map(({ key, every }) => [key, Number(every)])).toEqual([['reconcile', 7_200_000]]);
    await waitFor(async () => (await first.queue.getDelayedCount()) === 1, { what: 'the next round is planned' });
  });

  test('go on after Redis has lost its data', async () => {
    let done = 0;
    const one = upkeep(100, async () => {
      done += 1;
    });
    await one.start();
    await waitFor(() => done >= 2);
    await redis.client().flushall();
    const before = done;
    await waitFor(() => done > before + 1, { what: 'rounds after the loss' });
  });

  test('a round that fails is not the last', async () => {
    let done = 0;
    const one = upkeep(100, async () => {
      done += 1;
      throw new Error('Redis went away');
    });
    await one.start();
    await waitFor(() => done >= 3);
  });
});
