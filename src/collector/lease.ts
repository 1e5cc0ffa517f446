import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { CollectionConfig } from '../config/index.ts';
import { TurnupError } from '../errors/index.ts';
import type { KeyScheme } from '../redis/keys.ts';
import { defineScript, runScript } from '../redis/script.ts';

/** Without a renewal a lease runs out after this, in ms. */
export const LEASE_MS = 30_000;

/*
 * KEYS[1]: leases of a server. ARGV: 1 source, 2 token, 3 how long, in ms, 4 most connections.
 * A source has one lease at a time, a server as many as it allows connections.
 */
const TAKE = defineScript(`
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local held = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
local first = 0
for i = 1, #held, 2 do
  if string.sub(held[i], 1, #ARGV[1] + 1) == ARGV[1] .. '.' then return held[i + 1] - now end
  if first == 0 then first = held[i + 1] - now end
end
if #held / 2 >= tonumber(ARGV[4]) then return first end
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[3]), ARGV[1] .. '.' .. ARGV[2])
return 0
`);

/* ARGV: 1 member, 2 how long, in ms. One that has run out is gone for good: somebody else may have been here. */
const RENEW = defineScript(`
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local ends = tonumber(redis.call('ZSCORE', KEYS[1], ARGV[1]) or '0')
if ends <= now then return 0 end
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[2]), ARGV[1])
return 1
`);

export interface Lease {
  /** Key and member by which a script sees whether the lease still holds. */
  readonly key: string;
  readonly member: string;
  /** Aborted when the lease is lost. */
  readonly signal: AbortSignal;
  /**
   * To be called before anything is written: a process that slept must know by its own clock that its lease is gone.
   * @throws TurnupError `TURNUP_LEASE_LOST`
   */
  require(): void;
  release(): Promise<void>;
}

export type TakenLease = { readonly lease: Lease } | { readonly busyMs: number };

/** Leases of sources with the same server count together. */
function serverOf({ host, port }: Pick<CollectionConfig, 'host' | 'port'>): string {
  return `${host.toLowerCase()}:${port}`;
}

/** The right to be the one that collects from a source; `busyMs`: how long another has it unless it is renewed. */
export async function takeLease(
  redis: Redis,
  keys: KeyScheme,
  source: CollectionConfig,
  leaseMs: number,
): Promise<TakenLease> {
  const key = keys.collectionLeases(serverOf(source));
  const token = randomBytes(9).toString('base64url');
  const member = `${source.name}.${token}`;
  let askedAt = performance.now();
  const busyMs = Number(await runScript(redis, TAKE, key, [source.name, token, leaseMs, source.connections]));
  if (busyMs > 0) return { busyMs };

  const lost = new AbortController();
  let trustedUntil = askedAt + leaseMs;
  const lose = (): void => lost.abort(new TurnupError('TURNUP_LEASE_LOST', { detail: `collection ${source.name}` }));
  async function renew(): Promise<void> {
    askedAt = performance.now();
    const renewed = await runScript(redis, RENEW, key, [member, leaseMs]);
    if (renewed === 1) trustedUntil = askedAt + leaseMs;
    else lose();
  }
  // While Redis is away nothing is renewed, and the clock decides.
  const timer = setInterval(() => void renew().catch(() => undefined), leaseMs / 3);
  return {
    lease: {
      key,
      member,
      signal: lost.signal,
      require() {
        if (performance.now() >= trustedUntil) lose();
        lost.signal.throwIfAborted();
      },
      async release() {
        clearInterval(timer);
        await redis.zrem(key, member);
      },
    },
  };
}

/** Whether somebody collects from the source at the moment. */
export async function isLeased(redis: Redis, keys: KeyScheme, source: CollectionConfig): Promise<boolean> {
  const [seconds, micros] = await redis.time();
  const now = Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
  const members = await redis.zrangebyscore(keys.collectionLeases(serverOf(source)), `(${now}`, '+inf');
  return members.some((member) => member.startsWith(`${source.name}.`));
}
