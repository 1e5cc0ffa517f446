import type { Redis } from 'ioredis';
import type { KeyScheme } from '../redis/keys.ts';
import { defineScript, runScript } from '../redis/script.ts';

export interface BreakerReason {
  code: string;
  title: string;
  detail: string | null;
}

/** Times are ISO 8601 UTC. `until` is null when closed, or when a person opened it until further notice. */
export interface BreakerView {
  state: 'closed' | 'open' | 'halfOpen';
  since: string | null;
  until: string | null;
  reason: BreakerReason | null;
  /** Transient failures in a row. */
  failures: number;
  /** Who opened it: `turnup` or `operator:<name>`. */
  by: string | null;
}

/** One turn of a breaker, for people who ask later. */
export interface BreakerChange {
  /** ISO 8601 UTC. */
  at: string;
  state: 'open' | 'closed';
  by: string;
  reason: BreakerReason | null;
}

export interface BreakerLimits {
  /** First pause, doubled at each opening in a row. */
  firstMs: number;
  longestMs: number;
  /** Transient failures in a row that count as an outage. */
  failuresToOpen: number;
}

/** Turns kept for each target. */
const KEPT_CHANGES = 100;

const LOG = `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local function log(key, state, by, reason)
  redis.call('LPUSH', key, '{"at":' .. string.format('%.0f', now) .. ',"state":"' .. state .. '","by":' .. cjson.encode(by) ..
    ',"reason":' .. (reason ~= '' and reason or 'null') .. '}')
  redis.call('LTRIM', key, 0, ${KEPT_CHANGES - 1})
end
`;

/*
 * Hash: state, since, until, openings, failures, reason, by, ramp (steps at once that are allowed while coming back).
 * ARGV: 1 reason, 2 by, 3 first ms, 4 longest ms, 5 hold (1 = until a person closes it), 6 key of the log
 * Gives how long to pause, in ms. A breaker that is open already is not opened longer by calls that were under way.
 */
const OPEN = defineScript(`${LOG}
local state, ends = redis.call('HGET', KEYS[1], 'state'), redis.call('HGET', KEYS[1], 'until')
local byHand = ARGV[5] == '1'
if state == 'open' and not byHand then
  if ends == '' then return -1 end
  if tonumber(ends) > now then return tonumber(ends) - now end
end
local openings = redis.call('HINCRBY', KEYS[1], 'openings', 1)
local pause = math.min(tonumber(ARGV[3]) * 2 ^ math.min(openings - 1, 30), tonumber(ARGV[4]))
if state ~= 'open' then redis.call('HSET', KEYS[1], 'since', now) end
-- A probe that failed is no news.
if state ~= 'open' or byHand then log(ARGV[6], 'open', ARGV[2], ARGV[1]) end
redis.call('HSET', KEYS[1], 'state', 'open', 'until', byHand and '' or now + pause, 'reason', ARGV[1], 'by', ARGV[2], 'ramp', 1)
return byHand and -1 or pause
`);

/*
 * ARGV: 1 configured concurrency, 2 by hand, 3 by, 4 reason or '', 5 key of the log. Gives { was, steps at once allowed
 * now }; 0 = all that is configured.
 * A breaker a person opened is closed by a person only. While its pause runs no success closes it: that of a call that
 * was under way when it opened says nothing of what made it open.
 */
const SUCCEED = defineScript(`${LOG}
local state, ends = redis.call('HGET', KEYS[1], 'state') or 'closed', redis.call('HGET', KEYS[1], 'until')
local byHand = ARGV[2] == '1'
if state == 'open' and not byHand and (ends == '' or tonumber(ends) > now) then return { state, -1 } end
local ramp = tonumber(redis.call('HGET', KEYS[1], 'ramp') or '0')
redis.call('HDEL', KEYS[1], 'failures')
if state == 'open' then
  redis.call('HSET', KEYS[1], 'state', 'closed')
  log(ARGV[5], 'closed', ARGV[3], ARGV[4])
end
if ramp == 0 then return { state, 0 } end
ramp = ramp * 2
if ramp >= tonumber(ARGV[1]) or byHand then
  redis.call('DEL', KEYS[1])
  return { state, 0 }
end
redis.call('HSET', KEYS[1], 'ramp', ramp)
redis.call('HDEL', KEYS[1], 'until', 'reason', 'by')
return { state, ramp }
`);

/** The hash, after the time of the one clock that all processes share. */
const READ = defineScript(`
local clock = redis.call('TIME')
local reply = redis.call('HGETALL', KEYS[1])
table.insert(reply, 1, tostring(clock[1] * 1000 + math.floor(clock[2] / 1000)))
return reply
`);

export type Breaker = ReturnType<typeof createBreaker>;

/** The breaker of one target, shared by all workers through Redis (I6). It only keeps state; targets.ts acts on it. */
export function createBreaker(redis: Redis, keys: KeyScheme, target: string, limits: BreakerLimits) {
  const key = keys.breaker(target);
  const logKey = keys.breakerLog(target);

  async function look(): Promise<{ now: number; stored: Record<string, string> }> {
    const [now, ...pairs] = (await runScript(redis, READ, key, [])) as string[];
    const stored: Record<string, string> = {};
    for (let at = 0; at < pairs.length; at += 2) stored[pairs[at]!] = pairs[at + 1]!;
    return { now: Number(now), stored };
  }

  async function succeed(concurrency: number, byHand: boolean, by: string, reason: BreakerReason | null) {
    const args = [concurrency, byHand ? 1 : 0, by, reason ? JSON.stringify(reason) : '', logKey];
    const [was, allowed] = (await runScript(redis, SUCCEED, key, args)) as [string, number];
    return { closed: was === 'open' && allowed >= 0, allowed };
  }

  return {
    /** How long the target is paused from now, in ms; Infinity until a person closes it. */
    async open(reason: BreakerReason, by: string, byHand = false): Promise<number> {
      const args = [JSON.stringify(reason), by, limits.firstMs, limits.longestMs, byHand ? 1 : 0, logKey];
      const pause = Number(await runScript(redis, OPEN, key, args));
      return pause < 0 ? Number.POSITIVE_INFINITY : pause;
    },
    /** Counts a transient failure; true when it is one too many. */
    async failed(): Promise<boolean> {
      return (await redis.hincrby(key, 'failures', 1)) >= limits.failuresToOpen;
    },
    /** A step went well. Gives whether that closed the breaker and how many steps may run at once (0 = as configured). */
    succeeded: (concurrency: number) => succeed(concurrency, false, 'turnup', null),
    /** Closes it at once, whoever opened it. */
    close: (by: string, reason: BreakerReason) => succeed(1, true, by, reason),
    /** How many steps may run at once: 1 while it is not closed, more while it comes back, 0 = as configured. */
    async allowed(): Promise<number> {
      return Number((await redis.hget(key, 'ramp')) ?? 0);
    },
    /** How long the pause still is, in ms: 0 when there is none, Infinity until a person closes it. */
    async remaining(): Promise<number> {
      const { now, stored } = await look();
      if (stored['state'] !== 'open') return 0;
      return stored['until'] ? Math.max(0, Number(stored['until']) - now) : Number.POSITIVE_INFINITY;
    },
    async read(): Promise<BreakerView> {
      const { now, stored } = await look();
      const since = stored['since'] ? Number(stored['since']) : null;
      const until = stored['until'] ? Number(stored['until']) : null;
      const open = stored['state'] === 'open';
      return {
        state: !open ? 'closed' : until !== null && until <= now ? 'halfOpen' : 'open',
        since: open && since ? new Date(since).toISOString() : null,
        until: open && until ? new Date(until).toISOString() : null,
        reason: open && stored['reason'] ? (JSON.parse(stored['reason']) as BreakerReason) : null,
        failures: Number(stored['failures'] ?? 0),
        by: open ? (stored['by'] ?? null) : null,
      };
    },
    /** When it opened and closed, newest first. */
    async changes(limit: number): Promise<BreakerChange[]> {
      const entries = await redis.lrange(logKey, 0, limit - 1);
      return entries.map((entry) => {
        const { at, ...change } = JSON.parse(entry) as Omit<BreakerChange, 'at'> & { at: number };
        return { at: new Date(at).toISOString(), ...change };
      });
    },
  };
}
