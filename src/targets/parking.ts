import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { KeyScheme } from '../redis/keys.ts';
import type { Breaker } from './breaker.ts';

/** Longer than any order waits; closing by hand ends it, and `restore` does when that was cut short. */
const UNTIL_CLOSED_MS = 10 * 365 * 24 * 3600 * 1000;
/** No wish for fewer calls is obeyed for longer at a time: a wrong clock of the target must not stop it for a year. */
const LONGEST_THROTTLE_MS = 3_600_000;
/** A pause this short ends by itself before anybody could tell whether it is right. */
const NEARLY_OVER_MS = 2_000;
/** BullMQ keeps a pause as a count of jobs that no limit reaches; the count of a limiter does not matter here. */
const ANY_COUNT = Number.MAX_SAFE_INTEGER;

/** What a breaker and a throttle do to the target's queue: pause it, and let so many steps at once through. */
export function createParking(options: {
  redis: Redis;
  keys: KeyScheme;
  name: string;
  queue: () => Queue;
  breaker: Breaker;
  /** Steps at once as configured. */
  concurrency: number;
}) {
  const { redis, queue, breaker, concurrency } = options;
  const throttleKey = options.keys.throttle(options.name);

  /** Brings BullMQ's limit in line with the breaker, also when others do so at the same time: the last one looks again. */
  async function limit(): Promise<void> {
    let applied: number | null = null;
    for (;;) {
      const allowed = await breaker.allowed();
      if (allowed === applied) return;
      await queue().setGlobalConcurrency(allowed === 0 ? concurrency : Math.min(allowed, concurrency));
      applied = allowed;
    }
  }

  /** Jobs wait and burn no attempt; when the pause is over one goes first (I6). */
  async function pause(ms: number): Promise<number> {
    const pauseMs = Number.isFinite(ms) ? Math.ceil(ms) : UNTIL_CLOSED_MS;
    await limit();
    await queue().rateLimit(pauseMs);
    return pauseMs;
  }

  const parkedFor = (): Promise<number> => queue().getRateLimitTtl(ANY_COUNT);

  return {
    limit,
    pause,

    /** Parks the queue for a while, never shorter than it is parked already: BullMQ's pauses replace each other. */
    async throttle(ms: number): Promise<number> {
      const parkedMs = Math.max(Math.min(Math.max(ms, 1), LONGEST_THROTTLE_MS), await parkedFor());
      await redis.set(throttleKey, Date.now() + parkedMs, 'PX', Math.ceil(parkedMs) + NEARLY_OVER_MS);
      await queue().rateLimit(parkedMs);
      // Somebody may have opened the breaker in between.
      const remaining = await breaker.remaining();
      return remaining > parkedMs ? pause(remaining) : parkedMs;
    },

    /** Until when the target asked for no calls, in ms; null when it did not. */
    async throttledUntil(): Promise<number | null> {
      const until = Number((await redis.get(throttleKey)) ?? 0);
      return until > Date.now() ? until : null;
    },

    /** Ends every pause. */
    async release(): Promise<void> {
      await redis.del(throttleKey);
      await queue().removeRateLimitKey();
      await limit();
    },

    /**
     * Repairs what a crash between breaker and queue left: a limit that is not the breaker's, an open breaker whose
     * queue runs, a queue that is parked for nothing. Gives what was repaired.
     */
    async restore(): Promise<'parked' | 'released' | null> {
      await limit();
      const remaining = await breaker.remaining();
      const parkedMs = await parkedFor();
      if (remaining > NEARLY_OVER_MS && parkedMs < Math.min(remaining, UNTIL_CLOSED_MS) - NEARLY_OVER_MS) {
        // A pause until further notice gets shorter by itself; that is no repair.
        const isRepair = parkedMs <= 0;
        await pause(remaining);
        return isRepair ? 'parked' : null;
      }
      if (remaining === 0 && parkedMs > NEARLY_OVER_MS && (await redis.exists(throttleKey)) === 0) {
        await queue().removeRateLimitKey();
        return 'released';
      }
      return null;
    },
  };
}
