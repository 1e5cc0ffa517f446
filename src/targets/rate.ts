import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { KeyScheme } from '../redis/keys.ts';
import { defineScript, runScript } from '../redis/script.ts';

/*
 * ARGV: 1 bucket size, 2 ms per token. The bucket is kept as the time at which it would be full again (GCRA).
 * Gives 0 when a token was taken, else how long to wait, in ms.
 */
const TAKE = defineScript(`
local clock = redis.call('TIME')
local now = clock[1] * 1000 + clock[2] / 1000
local size, every = tonumber(ARGV[1]), tonumber(ARGV[2])
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
local wait = full + every - now - size * every
if wait > 0 then return math.ceil(wait) end
redis.call('SET', KEYS[1], tostring(full + every), 'PX', math.ceil(size * every) + 1000)
return 0
`);

/** Takes one call from the target's budget; waits while it is used up. */
export type TakeCall = (signal: AbortSignal) => Promise<void>;

/** A token bucket over all workers, for every call that goes to the target, logins included. */
export function createRate(
  redis: Redis,
  keys: KeyScheme,
  target: string,
  rate: { max: number; perSeconds: number } | undefined,
): TakeCall {
  if (!rate) return () => Promise.resolve();
  const args = [rate.max, (rate.perSeconds * 1000) / rate.max];
  return async (signal) => {
    for (;;) {
      const wait = Number(await runScript(redis, TAKE, keys.bucket(target), args));
      if (wait === 0) return;
      await sleep(wait, undefined, { signal });
    }
  };
}
