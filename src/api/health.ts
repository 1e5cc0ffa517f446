import type { RequestHandler } from 'express';
import type { Redis } from 'ioredis';
import { checkRedis } from '../redis/fitness.ts';
import type { KeyScheme } from '../redis/keys.ts';
import { liveWorkers } from '../redis/workers.ts';

export interface ReadinessCheck {
  readonly name: 'redis' | 'workers';
  readonly ok: boolean;
  /** Without names or addresses: anybody may ask. */
  readonly detail: string;
}

/** The process answers; says nothing of what it needs. */
export const live: RequestHandler = (_req, res) => {
  res.set('Cache-Control', 'no-store').json({ status: 'ok' });
};

async function check(name: ReadinessCheck['name'], look: () => Promise<string | null>, good: string) {
  const fault = await look().catch(() => 'does not answer');
  return { name, ok: fault === null, detail: fault ?? good } satisfies ReadinessCheck;
}

async function redisFault(redis: Redis): Promise<string | null> {
  const [info, fitness] = await Promise.all([redis.info('replication'), checkRedis(redis)]);
  if (!/^role:(master|primary)/m.test(info)) return 'is a replica and takes no writes';
  return fitness.ok ? null : fitness.faults.join(' ');
}

/** Whether orders can be taken and worked on: a Redis that takes writes, and a worker that gave a sign of life. */
export function createReadiness(redis: Redis, keys: KeyScheme): RequestHandler {
  return async (_req, res) => {
    const checks = await Promise.all([
      check('redis', () => redisFault(redis), 'answers'),
      check(
        'workers',
        async () => ((await liveWorkers(redis, keys)).length > 0 ? null : 'none gave a sign of life lately'),
        'at work',
      ),
    ]);
    const ready = checks.every(({ ok }) => ok);
    res.set('Cache-Control', 'no-store');
    res.status(ready ? 200 : 503).json({ status: ready ? 'ready' : 'notReady', checks });
  };
}
