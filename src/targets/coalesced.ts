import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { defineScript, runScript } from '../redis/script.ts';

/*
 * Hash: tickets (the last that was given out), served (the highest that a run served), token and until (who runs the
 * work and for how long that is believed), covers (the highest ticket that this run serves).
 * A run serves the tickets that were given out before it began. Times are the Redis server's.
 */
const PRELUDE = `
local K, KEPT_MS = KEYS[1], 3600000
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local function get(field) return tonumber(redis.call('HGET', K, field) or '0') end
`;

/** ARGV: 1 ticket, 0 for a new one, 2 token, 3 how long a run is believed, in ms. Gives { ticket, what to do }. */
const ASK = defineScript(`${PRELUDE}
local ticket = tonumber(ARGV[1])
-- A Redis that lost its data gives the numbers out anew.
if ticket == 0 or get('tickets') < ticket then ticket = redis.call('HINCRBY', K, 'tickets', 1) end
redis.call('PEXPIRE', K, KEPT_MS)
if get('served') >= ticket then return { ticket, 'served' } end
if get('until') > now and redis.call('HGET', K, 'token') ~= ARGV[2] then return { ticket, 'wait' } end
redis.call('HSET', K, 'token', ARGV[2], 'until', now + tonumber(ARGV[3]), 'covers', get('tickets'))
return { ticket, 'run' }
`);

/** ARGV: 1 token, 2 how long from now a run is believed, in ms. */
const RENEW = defineScript(`${PRELUDE}
if redis.call('HGET', K, 'token') ~= ARGV[1] then return 0 end
redis.call('HSET', K, 'until', now + tonumber(ARGV[2]))
redis.call('PEXPIRE', K, KEPT_MS)
return 1
`);

/** ARGV: 1 token, 2 whether the work ran well. Who was taken for dead says nothing: it does not know whom it served. */
const END = defineScript(`${PRELUDE}
if redis.call('HGET', K, 'token') ~= ARGV[1] then return 0 end
if ARGV[2] == '1' then redis.call('HSET', K, 'served', math.max(get('served'), get('covers'))) end
redis.call('HDEL', K, 'token', 'until', 'covers')
return 1
`);

export interface CoalescedOptions {
  readonly redis: Redis;
  /** `keys.coalesced(…)`: one for each kind of work on each target. */
  readonly key: string;
  readonly signal: AbortSignal;
  /** How long a run is believed without a sign of life, in ms. */
  readonly believedMs?: number;
}

const BELIEVED_MS = 10_000;
/** Between two looks, with some spread, so that those who wait do not ask in step. */
const LOOK_MS = 50;

/**
 * Resolves once `work` ran well that began after this was called: here, or in any process that asks for the same key.
 * @throws what `work` throws when it fails here; the signal's reason
 */
export async function coalesced(options: CoalescedOptions, work: () => Promise<void>): Promise<void> {
  const { redis, key, signal, believedMs = BELIEVED_MS } = options;
  const token = randomBytes(9).toString('base64url');
  let ticket = 0;
  for (;;) {
    signal.throwIfAborted();
    const [given, answer] = (await runScript(redis, ASK, key, [ticket, token, believedMs])) as [number, string];
    ticket = given;
    if (answer === 'served') return;
    if (answer === 'run') return runAlone(options, token, believedMs, work);
    await sleep(LOOK_MS + Math.random() * LOOK_MS, undefined, { signal });
  }
}

async function runAlone(
  { redis, key }: CoalescedOptions,
  token: string,
  believedMs: number,
  work: () => Promise<void>,
): Promise<void> {
  // A sign of life that does not arrive costs a second run of the work, and nothing else.
  const alive = setInterval(() => {
    runScript(redis, RENEW, key, [token, believedMs]).catch(() => undefined);
  }, believedMs / 3);
  let isDone = false;
  try {
    await work();
    isDone = true;
  } finally {
    clearInterval(alive);
    // The work is done or has failed, whatever becomes of this: others believe it running a little longer.
    await runScript(redis, END, key, [token, isDone ? 1 : 0]).catch(() => undefined);
  }
}
