import type { RequestHandler } from 'express';
import type { Redis } from 'ioredis';
import { checkRedis } from '../redis/fitness.ts';
import type { KeyScheme } from '../redis/keys.ts';
import { describeLoss, lastLoss } from '../redis/marker.ts';
import { liveWorkers } from '../redis/workers.ts';
import type { Targets } from '../targets/targets.ts';

type ReadinessTargets = Pick<Targets, 'names' | 'breaker'>;

export interface ReadinessCheck {
  readonly name: 'redis' | 'workers' | 'targets';
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

const infoNumber = (info: string, name: string): number =>
  Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);

async function redisFault(redis: Redis): Promise<string | null> {
  const [replication, memory, fitness] = await Promise.all([
    redis.info('replication'),
    redis.info('memory'),
    checkRedis(redis),
  ]);
  if (!/^role:(master|primary)/m.test(replication)) return 'is a replica and takes no writes';
  const limit = infoNumber(memory, 'maxmemory');
  if (limit > 0 && infoNumber(memory, 'used_memory') > limit) return 'is full and takes no writes';
  return fitness.ok ? null : fitness.faults.join(' ');
}

/** How long a loss of data is told here; the log and the metrics tell it longer. */
const LOSS_TOLD_MS = 24 * 3_600_000;

/** A Redis that lost its data takes orders as well as any, so it is ready; whoever looks should know all the same. */
async function redisCheck(redis: Redis, keys: KeyScheme): Promise<ReadinessCheck> {
  const loss = await lastLoss(redis, keys).catch(() => null);
  const recent = loss !== null && Date.now() - Date.parse(loss.at) < LOSS_TOLD_MS ? loss : null;
  return check('redis', () => redisFault(redis), recent ? `${describeLoss(recent.kind)} (${recent.at})` : 'answers');
}

/** A target that is away keeps nobody from placing orders: it is told, and nothing follows from it. */
async function targetsDetail(targets: ReadinessTargets): Promise<string> {
  const names = targets.names();
  const views = await Promise.all(names.map((name) => targets.breaker(name)));
  const parked = views.filter(({ state }) => state !== 'closed').length;
  return parked === 0 ? 'all breakers are closed' : `the breakers of ${parked} of ${names.length} are not closed`;
}

/** Whether orders can be taken and worked on: a Redis that takes writes, and a worker that gave a sign of life. */
export function createReadiness(redis: Redis, keys: KeyScheme, targets: ReadinessTargets): RequestHandler {
  return async (_req, res) => {
    const checks = await Promise.all([
      redisCheck(redis, keys),
      check(
        'workers',
        async () => ((await liveWorkers(redis, keys)).length > 0 ? null : 'none gave a sign of life lately'),
        'at work',
      ),
      targetsDetail(targets)
        .catch(() => 'does not answer')
        .then((detail): ReadinessCheck => ({ name: 'targets', ok: true, detail })),
    ]);
    const ready = checks.every(({ ok }) => ok);
    res.set('Cache-Control', 'no-store');
    res.status(ready ? 200 : 503).json({ status: ready ? 'ready' : 'notReady', checks });
  };
}
