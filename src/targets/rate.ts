import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { KeyScheme } from '../redis/keys.ts';
import { defineScript, runScript } from '../redis/script.ts';

/*
 * List: times of the last calls, in microseconds, the newest at the end. ARGV: 1 calls in a window, 2 window in µs.
 * Gives 0 when a call may go, else how long to wait, in ms. The times themselves are kept because a bucket that is
 * filled evenly lets nearly twice `max` through in the window after a rest.
 * A time that lies ahead is of a clock that was set back: it would stop every call until it has come.
 */
const TAKE = defineScript(`
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local max, window = tonumber(ARGV[1]), tonumber(ARGV[2])
local newest = redis.call('LINDEX', KEYS[1], -1)
if newest and tonumber(newest) > now then redis.call('DEL', KEYS[1]) end
local oldest = redis.call('LINDEX', KEYS[1], -max)
local wait = oldest and tonumber(oldest) + window - now or 0
if wait > 0 then return math.ceil(wait / 1000) end
redis.call('RPUSH', KEYS[1], string.format('%.0f', now))
redis.call('LTRIM', KEYS[1], -max, -1)
redis.call('PEXPIRE', KEYS[1], math.ceil(window / 1000) + 1000)
return 0
`);

/** Takes one call from the target's budget; waits while it is used up. */
export type TakeCall = (signal: AbortSignal) => Promise<void>;

/** At most `max` calls in any `perSeconds`, over all workers, for every call that goes to the target, logins included. */
export function createRate(
  redis: Redis,
  keys: KeyScheme,
  target: string,
  rate: { max: number; perSeconds: number } | undefined,
): TakeCall {
  if (!rate) return () => Promise.resolve();
  const args = [rate.max, rate.perSeconds * 1_000_000];
  // Who waits stands in line, so that one of a process asks Redis and not all, and nobody is overtaken for ever.
  let line: Promise<unknown> = Promise.resolve();

  async function take(signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const wait = Number(await runScript(redis, TAKE, keys.bucket(target), args));
      if (wait === 0) return;
      await sleep(wait, undefined, { signal });
    }
  }

  return (signal) => {
    const turn = line.then(() => take(signal));
    line = turn.catch(() => undefined);
    return turn;
  };
}
