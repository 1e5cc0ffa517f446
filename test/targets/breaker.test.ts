import { describe, expect, test } from 'vitest';
import { TurnupError, type ErrorCode } from '../../src/errors/index.ts';
import { useRedis, waitFor } from '../setup/redis.ts';
import { LIMITS, RateLimitError, useLab } from './harness.ts';

const lab = useLab(useRedis());
const failure = (code: ErrorCode, more: { retryAfterMs?: number; detail?: string } = {}) => new TurnupError(code, more);
const DOWN = failure('TURNUP_TARGET_UNREACHABLE', { detail: 'connection refused' });
const BROKEN = failure('TURNUP_TARGET_FAILED');
const FOREVER = 300 * 24 * 3600 * 1000;

describe('the breaker', () => {
  test('is closed at first', async () => {
    expect(await lab().targets.breaker('lab')).toEqual({
      state: 'closed',
      since: null,
      until: null,
      reason: null,
      failures: 0,
      by: null,
    });
  });

  test.each(['TURNUP_TARGET_UNREACHABLE', 'TURNUP_TARGET_UNAVAILABLE', 'TURNUP_TARGET_LOGIN_REFUSED'] as const)(
    'I6 opens at the first %s',
    async (code) => {
      const { targets, queue, told } = lab();
      const parkedMs = await targets.failed('lab', failure(code, { detail: 'why' }));
      expect(parkedMs).toBeGreaterThan(LIMITS.firstMs - 1_000);
      const view = await targets.breaker('lab');
      expect(view).toMatchObject({ state: 'open', by: 'turnup', reason: { code, detail: 'why' } });
      expect(Date.parse(view.until!) - Date.parse(view.since!)).toBe(LIMITS.firstMs);
      expect(await queue('lab').getRateLimitTtl()).toBeGreaterThan(LIMITS.firstMs - 2_000);
      expect(await queue('lab').getGlobalConcurrency()).toBe(1);
      expect(told).toEqual([{ target: 'lab', view }]);
    },
  );

  test('a refused login is not tried again soon: platforms ban one that fails too often', async () => {
    const { targets } = lab({ limits: null });
    const refused = await targets.failed('lab', failure('TURNUP_TARGET_LOGIN_REFUSED'));
    const down = await targets.failed('vienna', DOWN);
    expect(refused).toBeGreaterThanOrEqual(60_000);
    expect(down).toBeLessThan(60_000);
  });

  test.each(['TURNUP_TARGET_FAILED', 'TURNUP_OUTCOME_UNKNOWN'] as const)(
    'opens at the third %s in a row',
    async (code) => {
      const { targets, queue } = lab();
      expect(await targets.failed('lab', failure(code))).toBe(0);
      expect(await targets.failed('lab', failure(code))).toBe(0);
      expect(await targets.breaker('lab')).toMatchObject({ state: 'closed', failures: 2 });
      expect(await queue('lab').getRateLimitTtl()).toBeLessThan(0);
      expect(await targets.failed('lab', failure(code))).toBeGreaterThan(0);
      expect(await targets.breaker('lab')).toMatchObject({ state: 'open', failures: 3 });
    },
  );

  test('a success in between begins the row anew', async () => {
    const { targets } = lab();
    for (const _ of [1, 2, 3, 4]) {
      await targets.failed('lab', BROKEN);
      await targets.failed('lab', BROKEN);
      await targets.succeeded('lab');
    }
    expect(await targets.breaker('lab')).toMatchObject({ state: 'closed', failures: 0 });
  });

  test('what an order did wrong does not open it', async () => {
    const { targets, queue, redis } = lab();
    const codes = [
      'TURNUP_TARGET_REJECTED',
      'TURNUP_SUBSCRIBER_TAKEN',
      'TURNUP_INTERNAL',
      'TURNUP_QUOTA_EXCEEDED',
    ] as const;
    for (const code of codes) {
      for (let at = 0; at < 10; at += 1) expect(await targets.failed('lab', failure(code))).toBe(0);
    }
    expect(await targets.breaker('lab')).toMatchObject({ state: 'closed', failures: 0 });
    expect(await queue('lab').getRateLimitTtl()).toBeLessThan(0);
    expect(await redis.keys('*breaker*')).toEqual([]);
  });

  test('is shared by all processes', async () => {
    const [one, two] = [lab(), lab()];
    await one.targets.failed('lab', BROKEN);
    await two.targets.failed('lab', BROKEN);
    await one.targets.failed('lab', BROKEN);
    expect(await two.targets.breaker('lab')).toMatchObject({ state: 'open' });
  });

  test('of one target says nothing of another', async () => {
    const { targets, queue, worker } = lab();
    await targets.failed('lab', DOWN);
    expect(await targets.breaker('vienna')).toMatchObject({ state: 'closed' });
    worker('lab', async () => 'ran');
    worker('vienna', async () => 'ran');
    await queue('lab').add('a', {}, { jobId: 'a' });
    for (const id of ['x', 'y', 'z']) await queue('vienna').add(id, {}, { jobId: id });
    await waitFor(async () => (await queue('vienna').getCompletedCount()) === 3);
    expect(await queue('lab').getJobState('a')).toBe('waiting');
  });

  describe('while it is open', () => {
    test('calls that were under way do not make the pause longer', async () => {
      const { targets, redis } = lab();
      await targets.failed('lab', DOWN);
      const before = await redis.hgetall('{turnup}:t:breaker:lab');
      for (const error of [DOWN, DOWN, failure('TURNUP_TARGET_LOGIN_REFUSED')]) {
        const parkedMs = await targets.failed('lab', error);
        expect(parkedMs).toBeLessThanOrEqual(LIMITS.firstMs);
        expect(parkedMs).toBeGreaterThan(0);
      }
      expect(await redis.hgetall('{turnup}:t:breaker:lab')).toEqual(before);
    });

    test('a call that was under way and went well does not close it', async () => {
      const { targets, queue } = lab();
      await targets.failed('lab', failure('TURNUP_TARGET_LOGIN_REFUSED'));
      await targets.succeeded('lab');
      expect(await targets.breaker('lab')).toMatchObject({ state: 'open' });
      expect(await queue('lab').getGlobalConcurrency()).toBe(1);
    });
  });

  describe('when the pause is over', () => {
    test('one probe at a time; each that fails doubles the pause, up to the longest', async () => {
      const { targets, endPause, queue } = lab();
      const pauses: number[] = [];
      for (const _ of [1, 2, 3, 4, 5]) {
        pauses.push(await targets.failed('lab', DOWN));
        await endPause('lab');
        expect(await targets.breaker('lab')).toMatchObject({ state: 'halfOpen' });
        expect(await queue('lab').getGlobalConcurrency()).toBe(1);
      }
      expect(pauses.map((ms) => Math.round(ms / 1_000))).toEqual([60, 120, 240, 240, 240]);
    });

    test('"since" is when it opened first', async () => {
      const { targets, endPause, redis } = lab();
      await targets.failed('lab', DOWN);
      await redis.hset('{turnup}:t:breaker:lab', 'since', 1_000);
      await endPause('lab');
      await targets.failed('lab', DOWN);
      expect(await targets.breaker('lab')).toMatchObject({ since: '1970-01-01T00:00:01.000Z' });
    });

    test('I6 load rises slowly, to what is configured', async () => {
      const { targets, endPause, queue, told, redis } = lab({ concurrency: 6 });
      await targets.failed('lab', DOWN);
      await endPause('lab');
      const allowed: (number | null)[] = [];
      for (const _ of [1, 2, 3, 4]) {
        await targets.succeeded('lab');
        allowed.push(await queue('lab').getGlobalConcurrency());
      }
      expect(allowed).toEqual([2, 4, 6, 6]);
      expect(told.map(({ view }) => view.state)).toEqual(['open', 'closed']);
      expect(await targets.breaker('lab')).toMatchObject({ state: 'closed', reason: null, by: null, until: null });
      // Nothing is left, so that steps need not report their success any more.
      expect(await redis.exists('{turnup}:t:breaker:lab')).toBe(0);
    });

    test('a failure while it rises begins again with one, and pauses longer', async () => {
      const { targets, endPause, queue } = lab();
      await targets.failed('lab', DOWN);
      await endPause('lab');
      await targets.succeeded('lab');
      expect(await targets.failed('lab', DOWN)).toBeGreaterThan(LIMITS.firstMs * 1.9);
      expect(await queue('lab').getGlobalConcurrency()).toBe(1);
      await endPause('lab');
      await targets.succeeded('lab');
      expect(await queue('lab').getGlobalConcurrency()).toBe(2);
    });

    test('after it was closed for good a pause is short again', async () => {
      const { targets, endPause } = lab({ concurrency: 1 });
      await targets.failed('lab', DOWN);
      await endPause('lab');
      await targets.succeeded('lab');
      expect(await targets.failed('lab', DOWN)).toBeLessThanOrEqual(LIMITS.firstMs);
    });
  });

  describe('opened by hand', () => {
    test('is closed by hand only', async () => {
      const { targets, endPause, queue } = lab();
      await targets.openBreaker('lab', 'operator:eve', 'maintenance');
      const opened = await targets.breaker('lab');
      expect(opened).toMatchObject({
        state: 'open',
        until: null,
        by: 'operator:eve',
        reason: { detail: 'maintenance' },
      });
      expect(await targets.failed('lab', DOWN)).toBeGreaterThan(FOREVER);
      await targets.succeeded('lab');
      expect(await targets.breaker('lab')).toEqual(opened);
      expect(await queue('lab').getRateLimitTtl()).toBeGreaterThan(FOREVER);

      await targets.closeBreaker('lab', 'operator:bob', 'it is back');
      expect(await targets.breaker('lab')).toMatchObject({ state: 'closed', by: null });
      expect(await queue('lab').getRateLimitTtl()).toBeLessThan(0);
      expect(await queue('lab').getGlobalConcurrency()).toBe(6);
      await endPause('lab');
    });

    test('stays when the target asks for fewer calls meanwhile', async () => {
      const { targets, queue } = lab();
      await targets.openBreaker('lab', 'operator:eve', 'maintenance');
      await targets.failed('lab', failure('TURNUP_TARGET_THROTTLED', { retryAfterMs: 1_000 }));
      expect(await queue('lab').getRateLimitTtl()).toBeGreaterThan(FOREVER);
      expect(await queue('lab').getGlobalConcurrency()).toBe(1);
    });

    test('also one that was open already, and one that a person opened before', async () => {
      const { targets } = lab();
      await targets.failed('lab', DOWN);
      await targets.openBreaker('lab', 'operator:eve', 'maintenance');
      await targets.openBreaker('lab', 'operator:bob', 'still at it');
      expect(await targets.breaker('lab')).toMatchObject({ state: 'open', until: null, by: 'operator:bob' });
    });

    test('closed by hand although Turnup opened it: all at once', async () => {
      const { targets, queue } = lab();
      await targets.failed('lab', DOWN);
      await targets.closeBreaker('lab', 'operator:bob', 'it is back');
      expect(await targets.breaker('lab')).toMatchObject({ state: 'closed', failures: 0 });
      expect(await queue('lab').getGlobalConcurrency()).toBe(6);
    });

    test('jobs wait meanwhile and run afterwards', async () => {
      const { targets, queue, worker } = lab();
      await targets.openBreaker('lab', 'operator:eve', 'maintenance');
      worker('lab', async () => 'ran');
      worker('vienna', async () => 'ran');
      await queue('lab').add('a', {}, { jobId: 'a' });
      await queue('vienna').add('x', {}, { jobId: 'x' });
      await waitFor(async () => (await queue('vienna').getJobState('x')) === 'completed');
      expect(await queue('lab').getJobState('a')).toBe('waiting');
      await targets.closeBreaker('lab', 'operator:bob', 'it is back');
      await waitFor(async () => (await queue('lab').getJobState('a')) === 'completed');
    });
  });

  describe('throttled', () => {
    test('parks as long as Retry-After says, and opens nothing', async () => {
      const { targets, queue } = lab();
      expect(await targets.failed('lab', failure('TURNUP_TARGET_THROTTLED', { retryAfterMs: 90_000 }))).toBe(90_000);
      const left = await queue('lab').getRateLimitTtl();
      expect(left).toBeGreaterThan(80_000);
      expect(left).toBeLessThanOrEqual(90_000);
      expect(await targets.breaker('lab')).toMatchObject({ state: 'closed', failures: 0 });
    });

    test.each([[undefined], [0], [-5]])('for a moment when it says %s', async (retryAfterMs) => {
      const { targets } = lab();
      const error = failure('TURNUP_TARGET_THROTTLED', retryAfterMs === undefined ? {} : { retryAfterMs });
      const parkedMs = await targets.failed('lab', error);
      expect(parkedMs).toBeGreaterThanOrEqual(1);
      expect(parkedMs).toBeLessThanOrEqual(1_000);
    });

    test('never shortens a pause', async () => {
      const { targets, queue } = lab();
      await targets.failed('lab', failure('TURNUP_TARGET_THROTTLED', { retryAfterMs: 90_000 }));
      const parkedMs = await targets.failed('lab', failure('TURNUP_TARGET_THROTTLED', { retryAfterMs: 1_000 }));
      expect(parkedMs).toBeGreaterThan(80_000);
      expect(await queue('lab').getRateLimitTtl()).toBeGreaterThan(80_000);
    });

    test('I6 a parked job comes back without having burnt an attempt', async () => {
      const { targets, queue, worker } = lab();
      let runs = 0;
      worker('lab', async () => {
        runs += 1;
        if (runs > 3) return;
        await targets.failed('lab', failure('TURNUP_TARGET_THROTTLED', { retryAfterMs: 5 }));
        throw new RateLimitError();
      });
      await queue('lab').add('a', {}, { jobId: 'a', attempts: 2 });
      await waitFor(async () => (await queue('lab').getJobState('a')) === 'completed');
      expect((await queue('lab').getJob('a'))?.attemptsMade).toBe(1);
    });
  });

  describe('when workers start', () => {
    test.each([
      ['closed', async () => undefined, 6],
      ['open', async (on: ReturnType<typeof lab>) => on.targets.failed('lab', DOWN), 1],
      [
        'half-open',
        async (on: ReturnType<typeof lab>) => {
          await on.targets.failed('lab', DOWN);
          await on.endPause('lab');
        },
        1,
      ],
      [
        'coming back',
        async (on: ReturnType<typeof lab>) => {
          await on.targets.failed('lab', DOWN);
          await on.endPause('lab');
          await on.targets.succeeded('lab');
        },
        2,
      ],
      ['failing now and then', async (on: ReturnType<typeof lab>) => on.targets.failed('lab', BROKEN), 6],
    ])('the stored limit is brought in line: %s', async (_, prepare, expected) => {
      const on = lab();
      await prepare(on);
      await on.queue('lab').setGlobalConcurrency(99);
      await on.queue('vienna').setGlobalConcurrency(99);
      await on.targets.restoreLimits();
      expect(await on.queue('lab').getGlobalConcurrency()).toBe(expected);
      expect(await on.queue('vienna').getGlobalConcurrency()).toBe(6);
    });
  });
});
