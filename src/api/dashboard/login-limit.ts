import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, type RateLimiterAbstract } from 'rate-limiter-flexible';
import type { KeyScheme } from '../../redis/keys.ts';
import { tooMany } from '../auth/rate-limit.ts';

const WINDOW_SECONDS = 15 * 60;
/** Several people may share an address; a name is one person, who may mistype. */
const TRIES = { address: 50, name: 10 } as const;

export interface LoginLimit {
  /**
   * Counts a try before the password is looked at, so that tries at the same moment cannot slip by.
   * @throws TurnupError `TURNUP_RATE_LIMITED`
   */
  count(address: string, name: string): Promise<void>;
  /** The password was right: the name's tries are forgotten. */
  forget(address: string, name: string): Promise<void>;
}

/** Tries to log in, counted in Redis over all API processes; in this process alone while Redis is away. */
export function createLoginLimit(redis: Redis, keys: KeyScheme): LoginLimit {
  const limiter = (kind: keyof typeof TRIES): RateLimiterAbstract => {
    const limits = { points: TRIES[kind], duration: WINDOW_SECONDS, keyPrefix: `${keys.httpLimit()}:login-${kind}` };
    return new RateLimiterRedis({
      ...limits,
      storeClient: redis,
      rejectIfRedisNotReady: true,
      insuranceLimiter: new RateLimiterMemory(limits),
    });
  };
  const addresses = limiter('address');
  const names = limiter('name');
  // A name may be anything a stranger types: as a key it is cut to size, and its letters stay out of Redis.
  const keyOf = (name: string) => createHash('sha256').update(name).digest('base64url');
  return {
    async count(address, name) {
      await addresses.consume(address).catch(tooMany);
      await names.consume(keyOf(name)).catch(tooMany);
    },
    async forget(address, name) {
      await Promise.all([addresses.reward(address), names.delete(keyOf(name))]);
    },
  };
}
