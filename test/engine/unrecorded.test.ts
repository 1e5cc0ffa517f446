import { once } from 'node:events';
import { Worker } from 'bullmq';
import { afterEach, expect, test } from 'vitest';
import { targetQueue } from '../../flows/jobs.ts';
import { createKeys } from '../../src/redis/keys.ts';
import { useRedis } from '../setup/redis.ts';
import { placeTestOrder, testEngine, untilState } from './harness.ts';
import { createWorld, toyPlatform } from './toy.ts';

const redis = useRedis();
const closing: { close(): Promise<unknown> }[] = [];

afterEach(async () => {
  await Promise.all(closing.splice(0).map((one) => one.close()));
});

/** As if a Redis that is full had taken BullMQ's word of the end of so many jobs, and refused their results. */
async function endUnrecorded(jobs: number): Promise<void> {
  let ended = 0;
  const idle: Worker = new Worker(
    targetQueue('lab'),
    async () => {
      ended += 1;
      if (ended === jobs) void idle.close();
    },
    { connection: redis.client(), prefix: createKeys().prefix, concurrency: 1 },
  );
  await once(idle, 'closed');
}

test.each([
  ['in the middle of its line', 2],
  ['at the end of its line', 3],
])('I11 a job %s that ended without its result being recorded runs again at once', async (_, jobs) => {
  const platform = toyPlatform(createWorld());
  const repairs: string[] = [];
  const engine = testEngine({ redis: redis.client(), platform, repairs, timing: { reconcileMs: 3_600_000 } });
  closing.push(engine);
  const id = await placeTestOrder(engine, platform, { usernames: ['john'] });
  expect((await engine.store.placement(id))?.plan).toHaveLength(3);
  await endUnrecorded(jobs);
  expect(await engine.motor.queues.target('lab').getJobCounts('completed')).toEqual({ completed: jobs });

  await engine.start();
  await untilState(engine, id, 'completed');
  const { items } = (await engine.store.journal(id, { limit: 200 }))!;
  expect(items.filter(({ type }) => type === 'needsAdded').length).toBeLessThanOrEqual(jobs);
  expect(repairs).toEqual([]);
});
