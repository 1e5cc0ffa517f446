import { Queue } from 'bullmq';
import { describe, expect, test } from 'vitest';
import { waitFor } from '../setup/redis.ts';
import { gate, orderNode, PREFIX, stepNode, STEPS, useBull } from './harness.ts';

/* What the engine takes for granted of ids, options and limits; the rule that rests on it is named with each. */
const bull = useBull();
const limiter = { max: 2 ** 31, duration: 1_000 };

describe('ids of jobs', () => {
  // Rule: ids are `<order>.<run>.f.<step>`: no colon, not all digits.
  test.each(['a:b', 'a:b:c:d', '123', '0'])('%j is refused', async (jobId) => {
    await expect(bull.steps.add('a', {}, { jobId })).rejects.toThrow(/(Custom Id|JobId) cannot/);
    await expect(bull.flows.add(orderNode('o', [stepNode(jobId)]))).rejects.toThrow(/(Custom Id|JobId) cannot/);
  });

  test("the engine's are taken", async () => {
    const id = '01a20266-74e0-7547-966b-900f5ed0246f';
    for (const jobId of [id, `${id}.1.f.s1.callForwards`, `${id}.12.u.customer`]) {
      expect((await bull.steps.add('a', {}, { jobId })).id).toBe(jobId);
    }
  });

  // Rule: names of queues hold no colon.
  test('a colon in the name of a queue is refused', () => {
    expect(() => new Queue('a:b', { connection: bull.redis, prefix: PREFIX })).toThrow(/cannot contain :/);
  });

  // Rule: adding again is harmless: the job that is there stays as it is.
  test('of two jobs with the same id the first one stays', async () => {
    await bull.steps.add('first', { at: 1 }, { jobId: 'a' });
    await bull.steps.add('second', { at: 2 }, { jobId: 'a' });
    const job = await bull.steps.getJob('a');
    expect([job?.name, job?.data]).toEqual(['first', { at: 1 }]);
    expect(await bull.steps.getWaitingCount()).toBe(1);
  });
});

describe('options of jobs', () => {
  // Rule: each node of a flow carries its options itself.
  test('defaultJobOptions of a queue do not reach the nodes of a flow', async () => {
    const queue = new Queue(STEPS, { connection: bull.redis, prefix: PREFIX, defaultJobOptions: { attempts: 9 } });
    await bull.flows.add(orderNode('o', [stepNode('a')]));
    expect((await queue.getJob('a'))?.opts.attempts).not.toBe(9);
    expect((await queue.add('b', {}, { jobId: 'b' })).opts.attempts).toBe(9);
    await queue.close();
  });

  test('those of a node do', async () => {
    await bull.flows.add(
      orderNode('o', [stepNode('a', [], { attempts: 20, removeOnComplete: false, removeOnFail: false })]),
    );
    expect((await bull.steps.getJob('a'))?.opts).toMatchObject({
      attempts: 20,
      removeOnComplete: false,
      removeOnFail: false,
    });
  });
});

describe('queue.rateLimit', () => {
  // Rule: every worker of steps has a limiter, one that never limits, so that its target can be parked.
  test.each([
    ['parks the queue where workers have a limiter', { limiter }, true],
    ['does nothing where they have none', {}, false],
  ])('%s', async (_, options, parks) => {
    await bull.steps.rateLimit(3_600_000);
    bull.worker(STEPS, async () => 'ran', options);
    bull.worker('orders', async () => 'ran');
    await bull.steps.add('a', {}, { jobId: 'a' });
    // Another queue is not parked: the worker of the first has had its chance when this one is through.
    await bull.orders.add('o', {}, { jobId: 'o' });
    await bull.until(bull.orders, 'o', 'completed');
    await bull.until(bull.steps, 'a', parks ? 'waiting' : 'completed');
  });

  // Rule: a breaker that is closed by hand lets the target go on.
  test('ends with removeRateLimitKey, within maximumRateLimitDelay', async () => {
    await bull.steps.rateLimit(3_600_000);
    bull.worker(STEPS, async () => 'ran', { limiter, maximumRateLimitDelay: 50 });
    await bull.steps.add('a', {}, { jobId: 'a' });
    expect(await bull.steps.getRateLimitTtl()).toBeGreaterThan(3_000_000);
    await bull.steps.removeRateLimitKey();
    await bull.until(bull.steps, 'a', 'completed');
  });

  // Rule: a pause is never replaced by a shorter one (by hand it is closed by hand only).
  test('replaces the pause that is there, also by a shorter one', async () => {
    await bull.steps.rateLimit(3_600_000);
    await bull.steps.rateLimit(1_000);
    expect(await bull.steps.getRateLimitTtl()).toBeLessThanOrEqual(1_000);
  });
});

describe('global concurrency', () => {
  async function mostAtOnce(jobs: number): Promise<number> {
    let now = 0;
    let most = 0;
    const holds: ReturnType<typeof gate>[] = [];
    const processor = async () => {
      now += 1;
      most = Math.max(most, now);
      const hold = gate();
      holds.push(hold);
      await hold.promise;
      now -= 1;
    };
    for (const _ of [1, 2]) bull.worker(STEPS, processor, { concurrency: 8, limiter });
    await bull.steps.addBulk(
      Array.from({ length: jobs }, (_, at) => ({ name: 'a', data: {}, opts: { jobId: `a${at}` } })),
    );
    await waitFor(async () => {
      holds.shift()?.open();
      return (await bull.steps.getCompletedCount()) === jobs;
    });
    return most;
  }

  // Rule: one probe at a time while a target comes back, then more, over all workers (I6).
  test.each([1, 2, 4])('of %d holds over all workers', async (limit) => {
    await bull.steps.setGlobalConcurrency(limit);
    expect(await mostAtOnce(12)).toBe(limit);
  });

  // Rule: after closing, the ramp ends at the configured number; it is never just removed.
  test('outlives the workers', async () => {
    await bull.steps.setGlobalConcurrency(3);
    expect(await new Queue(STEPS, { connection: bull.redis, prefix: PREFIX }).getGlobalConcurrency()).toBe(3);
  });
});
