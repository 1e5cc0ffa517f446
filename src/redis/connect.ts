import { Redis, type RedisOptions } from 'ioredis';
import { TurnupError } from '../errors/index.ts';
import { parseSentinelUrl } from './sentinel.ts';
import { inabilityOf } from './unable.ts';

/**
 * `api`: a command fails within about 2 s when Redis is away, so that a caller is told instead of kept waiting, and
 * nothing is sent again behind its back. `worker`: commands wait until Redis is back; BullMQ's workers need that.
 */
export type RedisRole = 'api' | 'worker';

export interface ConnectRedisOptions {
  role: RedisRole;
  /** Told when the connection breaks or cannot be made, in words without secrets. Default: nobody. */
  onError?: (message: string) => void;
  /** How long to try at the start, in ms. Default 5,000. */
  startMs?: number;
}

const FAIL_MS = 2000;
const START_MS = 5000;
const LONGEST_RETRY_MS = 2000;
/*
 * A machine that vanished sends no reset, and TCP itself gives up only after a quarter of an hour. Nothing that a
 * worker asks takes as long as this: it blocks for jobs for 10 s at most.
 */
const SILENT_MS = 15_000;

const BY_ROLE: Readonly<Record<RedisRole, RedisOptions>> = {
  api: {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    commandTimeout: FAIL_MS,
    connectTimeout: FAIL_MS,
    socketTimeout: 2 * FAIL_MS,
  },
  worker: { maxRetriesPerRequest: null, connectTimeout: 10_000, socketTimeout: SILENT_MS },
};

/** `redis://host:6379/0` without what is secret in it, for messages. */
export function shownRedisUrl(url: string): string {
  const sentinel = parseSentinelUrl(url);
  if (sentinel) return sentinel.shown;
  if (!URL.canParse(url)) return 'the Redis URL';
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

/** After a failover the old primary takes no writes: go and look for the new one. */
function lostPrimary(error: Error): boolean {
  return inabilityOf(error.message) === 'READONLY';
}

const WONT_HEAL = /^(WRONGPASS|NOAUTH|NOPERM|ERR (invalid|Client sent AUTH|DB index|AUTH))/;

function waitReady(redis: Redis, url: string, startMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let last = 'no answer';
    const stop = (settle: () => void): void => {
      clearTimeout(timer);
      redis.off('ready', ready);
      redis.off('error', failed);
      settle();
    };
    const giveUp = (): void =>
      stop(() => {
        redis.disconnect();
        reject(new TurnupError('TURNUP_REDIS_MISSING', { detail: `${shownRedisUrl(url)} does not answer (${last})` }));
      });
    const ready = (): void => stop(resolve);
    const failed = (error: Error): void => {
      last = error.message || ((error as NodeJS.ErrnoException).code ?? last);
      if (WONT_HEAL.test(error.message)) giveUp();
    };
    const timer = setTimeout(giveUp, startMs);
    redis.on('ready', ready);
    redis.on('error', failed);
  });
}

/**
 * A connection to `url` that is ready for commands and comes back by itself after it was lost: `redis://`, `rediss://`
 * for TLS, or `redis+sentinel://` (sentinel.ts). Close it with `disconnect()`.
 * @throws TurnupError `TURNUP_REDIS_MISSING` when it cannot be made within `startMs`, or the login is refused
 */
export async function connectRedis(url: string, options: ConnectRedisOptions): Promise<Redis> {
  const { role, onError, startMs = START_MS } = options;
  const common: RedisOptions = {
    ...BY_ROLE[role],
    connectionName: `turnup-${role}`,
    // Quick at first, because most breaks are short; jitter, because every process lost its connections together.
    retryStrategy: (times) => Math.min(LONGEST_RETRY_MS, 50 * 2 ** Math.min(times, 10)) * (0.5 + Math.random() / 2),
    reconnectOnError: lostPrimary,
  };
  const sentinel = parseSentinelUrl(url);
  const redis = sentinel ? new Redis({ ...sentinel.options, ...common }) : new Redis(url, common);
  // Also keeps ioredis from printing errors of its own accord.
  redis.on('error', (error) => onError?.(`${shownRedisUrl(url)}: ${error.message}`));
  await waitReady(redis, url, startMs);
  return redis;
}
