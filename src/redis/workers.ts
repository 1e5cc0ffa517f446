import type { Redis } from 'ioredis';
import type { KeyScheme } from './keys.ts';

export const HEARTBEAT_MS = 5_000;
const SILENT_AFTER_MS = 4 * HEARTBEAT_MS;

/** A worker process says that it is there. */
export async function beat(redis: Redis, keys: KeyScheme, name: string): Promise<void> {
  const now = Date.now();
  await redis
    .multi()
    .zadd(keys.workers(), now, name)
    .zremrangebyscore(keys.workers(), 0, now - 10 * SILENT_AFTER_MS)
    .exec();
}

export async function stopBeating(redis: Redis, keys: KeyScheme, name: string): Promise<void> {
  await redis.zrem(keys.workers(), name);
}

/** Names of the worker processes that gave a sign of life in the last 20 s. */
export async function liveWorkers(redis: Redis, keys: KeyScheme): Promise<string[]> {
  return redis.zrangebyscore(keys.workers(), Date.now() - SILENT_AFTER_MS, '+inf');
}
