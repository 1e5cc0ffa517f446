import { describe, expect, test } from 'vitest';
import { createKeys } from '../../src/redis/keys.ts';
import { createRate, type TakeCall } from '../../src/targets/rate.ts';
import { useRedis, waitFor } from '../setup/redis.ts';

const server = useRedis();
const keys = createKeys();
const KEY = keys.bucket('lab');
const never = new AbortController().signal;

const rateOf = (rate: { max: number; perSeconds: number } | undefined, target = 'lab'): TakeCall =>
  createRate(server.client(), keys, target, rate);

/** Lets time pass for the calls that were taken. */
async function later(ms: number): Promise<void> {
  const redis = server.client();
  const times = await redis.lrange(KEY, '0', '-1');
  if (times.length > 0) {
    await redis
      .multi()
      .del(KEY)
      .rpush(KEY, ...times.map((at) => Number(at) - ms * 1_000))
      .exec();
  }
  redis.disconnect();
}

/** How many of these calls may go now: the others are given up. */
async function goNow(...calls: TakeCall[]): Promise<number> {
  let gone = 0;
  for (const take of calls) {
    const giveUp = new AbortController();
    const turn = take(giveUp.signal).then(
      () => (gone += 1),
      () => undefined,
    );
    const still = new Promise((resolve) => setTimeout(resolve, 30, 'still'));
    if ((await Promise.race([turn, still])) === 'still') giveUp.abort();
    await turn;
  }
  return gone;
}

describe('the rate of a target', () => {
  test('without one every call goes', async () => {
    const take = rateOf(undefined);
    for (let at = 0; at < 1_000; at += 1) await take(never);
    expect(await server.client().keys('*')).toEqual([]);
  });

  test('is shared by all workers, and none of them makes it more', async () => {
    const [one, two] = [rateOf({ max: 5, perSeconds: 3_600 }), rateOf({ max: 5, perSeconds: 3_600 })];
    expect(await goNow(one, two, one, two, one, two, one, two)).toBe(5);
  });

  test('is used again as its calls grow old, one by one', async () => {
    const take = rateOf({ max: 3, perSeconds: 60 });
    expect(await goNow(take)).toBe(1);
    await later(40_000);
    expect(await goNow(take, take, take)).toBe(2);
    await later(19_000);
    expect(await goNow(take)).toBe(0);
    await later(1_000);
    expect(await goNow(take, take)).toBe(1);
    await later(40_000);
    expect(await goNow(take, take, take)).toBe(2);
  });

  test('after a rest no window has more than its number', async () => {
    const take = rateOf({ max: 10, perSeconds: 60 });
    await later(3_600_000);
    expect(await goNow(...Array.from({ length: 12 }, () => take))).toBe(10);
    await later(30_000);
    // A bucket that fills evenly would give five more here.
    expect(await goNow(take)).toBe(0);
  });

  test('never more than max in any window, however many ask at once', async () => {
    const rate = { max: 7, perSeconds: 0.15 };
    const takers = [rateOf(rate), rateOf(rate)];
    const redis = server.client();
    const seen: number[] = [];
    const calls = Array.from({ length: 35 }, async (_, at) => {
      await takers[at % 2]!(never);
      seen.push(...(await redis.lrange(KEY, '0', '-1')).map(Number));
    });
    await Promise.all(calls);
    const times = [...new Set(seen)].toSorted((a, b) => a - b);
    // By the clock that granted them, in microseconds.
    expect(times.length).toBe(35);
    expect(await redis.llen(KEY)).toBe(rate.max);
    for (let at = rate.max; at < times.length; at += 1) {
      expect(times[at]! - times[at - rate.max]!).toBeGreaterThanOrEqual(rate.perSeconds * 1_000_000);
    }
  });

  test('of those who wait in a process one asks Redis', async () => {
    const take = rateOf({ max: 1, perSeconds: 3_600 });
    await take(never);
    const redis = server.client();
    const asked = async () => Number(/cmdstat_evalsha:calls=(\d+)/.exec(await redis.info('commandstats'))?.[1] ?? 0);
    const before = await asked();
    const stop = new AbortController();
    const waiting = Array.from({ length: 20 }, () => take(stop.signal));
    await waitFor(async () => (await asked()) > before);
    // What all of them would have asked by now.
    await redis.ping();
    expect((await asked()) - before).toBe(1);
    stop.abort();
    await Promise.allSettled(waiting);
  });

  test('who came first goes first', async () => {
    const take = rateOf({ max: 1, perSeconds: 0.01 });
    const went: number[] = [];
    await Promise.all([0, 1, 2, 3, 4].map(async (at) => take(never).then(() => went.push(at))));
    expect(went).toEqual([0, 1, 2, 3, 4]);
  });

  test('an attempt that is aborted waits no longer, and takes nothing', async () => {
    const take = rateOf({ max: 1, perSeconds: 3_600 });
    await take(never);
    const stop = new AbortController();
    const waiting = [take(stop.signal), take(stop.signal)];
    stop.abort(new Error('the lock was lost'));
    for (const one of await Promise.allSettled(waiting)) expect(one.status).toBe('rejected');
    await later(3_600_000);
    expect(await goNow(take, take)).toBe(1);
  });

  test('one that is aborted before it asks takes nothing', async () => {
    const take = rateOf({ max: 1, perSeconds: 3_600 });
    await expect(take(AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    expect(await goNow(take)).toBe(1);
  });

  test('of one target leaves another alone', async () => {
    const rate = { max: 1, perSeconds: 3_600 };
    expect(await goNow(rateOf(rate), rateOf(rate, 'vienna'))).toBe(2);
  });

  test('a number that was lowered holds from then on', async () => {
    expect(await goNow(...Array.from({ length: 6 }, () => rateOf({ max: 6, perSeconds: 60 })))).toBe(6);
    const lower = rateOf({ max: 2, perSeconds: 60 });
    expect(await goNow(lower)).toBe(0);
    await later(60_000);
    expect(await goNow(lower, lower, lower)).toBe(2);
  });

  test('a clock that was set back does not stop the calls', async () => {
    const take = rateOf({ max: 2, perSeconds: 60 });
    expect(await goNow(take, take)).toBe(2);
    await later(-3_600_000);
    expect(await goNow(take)).toBe(1);
  });

  test('a target at rest leaves nothing behind', async () => {
    await rateOf({ max: 5, perSeconds: 2 })(never);
    const ttl = await server.client().pttl(KEY);
    expect(ttl).toBeGreaterThan(2_000);
    expect(ttl).toBeLessThanOrEqual(3_000);
  });
});
