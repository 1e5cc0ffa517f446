import { DelayedError, RateLimitError, UnrecoverableError } from 'bullmq';
import { describe, expect, test } from 'vitest';
import { waitFor } from '../setup/redis.ts';
import { gate, STEPS, useBull } from './harness.ts';

/* What the engine takes for granted of attempts, retries and stalled jobs; the rule that rests on it is named with each. */
const bull = useBull();
const backoff = { type: 'step' };

describe('attempts', () => {
  // Rule: a fenced or finally failed step throws UnrecoverableError.
  test('an UnrecoverableError leaves none', async () => {
    let runs = 0;
    bull.worker(STEPS, async () => {
      runs += 1;
      throw new UnrecoverableError('superseded');
    });
    await bull.steps.add('a', {}, { jobId: 'a', attempts: 20 });
    const job = await bull.until(bull.steps, 'a', 'failed');
    expect([runs, job.attemptsMade, job.failedReason]).toEqual([1, 1, 'superseded']);
  });

  // Rule: such a job can be retried all the same (I9).
  test('a job that failed so can be retried', async () => {
    let well = false;
    bull.worker(STEPS, async () => {
      if (!well) throw new UnrecoverableError('no');
    });
    await bull.steps.add('a', {}, { jobId: 'a', attempts: 20 });
    const job = await bull.until(bull.steps, 'a', 'failed');
    well = true;
    await job.retry('failed');
    await bull.until(bull.steps, 'a', 'completed');
  });

  // Rule: a retry resets attempts expressly; BullMQ's own does not (I9).
  // And: who starts a job for the first time is known by attemptsStarted, unless a retry resets it (I3).
  test.each([
    ['without being asked keeps the attempts that were made', {}, [2, 2]],
    ['with resetAttemptsMade starts from none', { resetAttemptsMade: true, resetAttemptsStarted: true }, [1, 1]],
  ])('a retry %s', async (_, options, [made, started]) => {
    let well = false;
    bull.worker(STEPS, async () => {
      if (!well) throw new UnrecoverableError('no');
    });
    await bull.steps.add('a', {}, { jobId: 'a', attempts: 20 });
    const failed = await bull.until(bull.steps, 'a', 'failed');
    well = true;
    await failed.retry('failed', options);
    const job = await bull.until(bull.steps, 'a', 'completed');
    expect([job.attemptsMade, job.attemptsStarted]).toEqual([made, started]);
  });

  // Rule: fresh attempts are counted anew, so a step that fails again is tried again.
  test('a job whose attempts were used up is tried again only after a reset', async () => {
    let runs = 0;
    bull.worker(STEPS, async () => {
      runs += 1;
      throw new Error('no');
    });
    await bull.steps.add('a', {}, { jobId: 'a', attempts: 2 });
    const job = await bull.until(bull.steps, 'a', 'failed');
    expect(runs).toBe(2);
    await job.retry('failed');
    await waitFor(async () => runs === 3 && (await bull.stateOf(bull.steps, 'a')) === 'failed');
    await (await bull.steps.getJob('a'))!.retry('failed', { resetAttemptsMade: true });
    await waitFor(async () => runs === 5 && (await bull.stateOf(bull.steps, 'a')) === 'failed');
  });

  // Rule: a job that waits or runs is not retried; the motor takes the refusal as "it goes on already".
  test('a retry of a job that has not failed is refused', async () => {
    const job = await bull.steps.add('a', {}, { jobId: 'a' });
    await expect(job.retry('failed')).rejects.toThrow(/not in the failed state/);
    expect(await bull.stateOf(bull.steps, 'a')).toBe('waiting');
  });

  // Rule: the reconciler wakes an order whose job ended early.
  test('a completed job can be retried', async () => {
    let runs = 0;
    bull.worker(STEPS, async () => (runs += 1));
    await bull.steps.add('a', {}, { jobId: 'a' });
    const job = await bull.until(bull.steps, 'a', 'completed');
    await job.retry('completed', { resetAttemptsMade: true, resetAttemptsStarted: true });
    await waitFor(async () => runs === 2 && (await bull.stateOf(bull.steps, 'a')) === 'completed');
  });

  // Rule: a step that must come back later (takeover, lane) burns no attempt.
  test('a DelayedError after moveToDelayed burns none', async () => {
    let runs = 0;
    bull.worker(STEPS, async (job, token) => {
      runs += 1;
      if (runs > 3) return;
      await job.moveToDelayed(Date.now() + 5, token);
      throw new DelayedError();
    });
    await bull.steps.add('a', {}, { jobId: 'a', attempts: 2 });
    const job = await bull.until(bull.steps, 'a', 'completed');
    expect([runs, job.attemptsMade]).toEqual([4, 1]);
  });

  // Rule: an outage burns no attempt (I6).
  test('a RateLimitError after queue.rateLimit burns none', async () => {
    let runs = 0;
    bull.worker(
      STEPS,
      async () => {
        runs += 1;
        if (runs > 3) return;
        await bull.steps.rateLimit(5);
        throw new RateLimitError();
      },
      { limiter: { max: 2 ** 31, duration: 1_000 } },
    );
    await bull.steps.add('a', {}, { jobId: 'a', attempts: 2 });
    const job = await bull.until(bull.steps, 'a', 'completed');
    expect([runs, job.attemptsMade]).toEqual([4, 1]);
  });

  // Rule: the wait of a failed attempt is decided by the step and carried by the error.
  test('the back-off strategy is given the error that ended the attempt', async () => {
    const seen: unknown[] = [];
    const thrown = Object.assign(new Error('no'), { delayMs: 7 });
    let runs = 0;
    bull.worker(
      STEPS,
      async () => {
        runs += 1;
        if (runs === 1) throw thrown;
      },
      {
        settings: {
          backoffStrategy: (attempts, type, error) => {
            seen.push(attempts, type, error);
            return 1;
          },
        },
      },
    );
    await bull.steps.add('a', {}, { jobId: 'a', attempts: 20, backoff });
    await bull.until(bull.steps, 'a', 'completed');
    expect(seen).toEqual([1, 'step', thrown]);
  });
});

describe('a worker that vanishes', () => {
  /** Takes the lock away, as if the process were gone, and says that nobody renews it. */
  async function vanish(id: string): Promise<void> {
    await bull.redis.del(`{turnup}:${STEPS}:${id}:lock`);
  }

  // Rule: maxStalledCount is set high: steps are repeatable, workers may die often.
  test('its job comes back as often as that happens', async () => {
    let runs = 0;
    const hold = gate();
    bull.worker(
      STEPS,
      async () => {
        runs += 1;
        if (runs < 6) await hold.promise;
      },
      { concurrency: 10, lockDuration: 60_000, stalledInterval: 20, maxStalledCount: 1_000_000 },
    );
    await bull.steps.add('a', {}, { jobId: 'a', attempts: 2 });
    for (let seen = 1; seen < 6; seen += 1) {
      await waitFor(() => runs === seen, { what: `run ${seen}` });
      await vanish('a');
    }
    const job = await bull.until(bull.steps, 'a', 'completed');
    expect(job.attemptsMade).toBe(1);
    hold.open();
  });

  // Rule: the reconciler notices steps that failed without our code (I2).
  test('past the limit its job fails without the processor running', async () => {
    const hold = gate();
    let runs = 0;
    bull.worker(
      STEPS,
      async () => {
        runs += 1;
        await hold.promise;
      },
      { concurrency: 2, lockDuration: 60_000, stalledInterval: 20, maxStalledCount: 0 },
    );
    await bull.steps.add('a', {}, { jobId: 'a', attempts: 20 });
    await waitFor(() => runs === 1);
    await vanish('a');
    const job = await bull.until(bull.steps, 'a', 'failed');
    expect([runs, job.failedReason]).toEqual([1, 'job stalled more than allowable limit']);
    hold.open();
  });

  // Rule: a worker that lost its lock learns of it and aborts the call in hand (I3).
  test('a lock that was lost is told, and the signal of its job can be aborted', async () => {
    const lost = gate();
    const aborted = gate();
    const worker = bull.worker(
      STEPS,
      async (_job, _token, signal) => {
        signal!.addEventListener('abort', aborted.open);
        await aborted.promise;
        throw new Error('aborted');
      },
      { lockDuration: 100, stalledInterval: 60_000 },
    );
    worker.on('lockRenewalFailed', (ids: string[]) => {
      lost.open();
      for (const id of ids) worker.cancelJob(id, 'the lock was lost');
    });
    await bull.steps.add('a', {}, { jobId: 'a' });
    await bull.until(bull.steps, 'a', 'active');
    // Another worker holds it now.
    await bull.redis.set(`{turnup}:${STEPS}:a:lock`, 'another', 'PX', 60_000);
    await lost.promise;
    await aborted.promise;
  });

  // Rule: the end of a lock is known without asking anybody.
  test('each renewal of the locks is told with the ids', async () => {
    const renewed: string[] = [];
    const hold = gate();
    const worker = bull.worker(STEPS, async () => hold.promise, { lockDuration: 100 });
    worker.on('locksRenewed', ({ jobIds }: { jobIds: string[] }) => renewed.push(...jobIds));
    await bull.steps.add('a', {}, { jobId: 'a' });
    await waitFor(() => renewed.includes('a'));
    hold.open();
  });

  // Rule: the engine's processor names all three.
  test('only a processor of three parameters is given a signal', async () => {
    const seen: number[] = [];
    bull.worker(STEPS, async (...all) => seen.push(all.filter((one) => one !== undefined).length));
    bull.worker('orders', async (job, token, signal) =>
      seen.push([job, token, signal].filter((one) => one !== undefined).length),
    );
    await bull.steps.add('a', {}, { jobId: 'a' });
    await bull.until(bull.steps, 'a', 'completed');
    await bull.orders.add('o', {}, { jobId: 'o' });
    await bull.until(bull.orders, 'o', 'completed');
    expect(seen).toEqual([2, 3]);
  });
});
