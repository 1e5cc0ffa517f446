import { hostname } from 'node:os';
import { paceMs, type Config } from '../src/config/index.ts';
import { TurnupError } from '../src/errors/index.ts';
import type { Logger, Metrics } from '../src/observability/index.ts';
import { connectRedis } from '../src/redis/connect.ts';
import { createDurability } from '../src/redis/durability.ts';
import { checkRedis } from '../src/redis/fitness.ts';
import { createKeys } from '../src/redis/keys.ts';
import { watchStore } from '../src/redis/marker.ts';
import { beat, HEARTBEAT_MS, stopBeating } from '../src/redis/workers.ts';
import { createKeyRing } from '../src/secrets/index.ts';
import type { AuditSettings } from './audit/auditor.ts';
import { startCollections } from './collections.ts';
import { createEngine, type EngineOptions } from './engine.ts';

export interface StartWorkersOptions {
  config: Config;
  redisUrl: string;
  log: Logger;
  metrics: Metrics;
  /** Other limits of the targets' breakers than the built-in ones. */
  breaker?: EngineOptions['breaker'];
}

const HOUR_MS = 3_600_000;

function auditSettings({ audits, workers, retention }: Config): AuditSettings {
  return {
    customersPerSecond: workers.auditPerSecond,
    idempotencyMs: retention.idempotencyDays * 24 * HOUR_MS,
    schedules: audits.map(({ target, cron, timezone, every, repair }) => ({
      target,
      repair,
      when: every === undefined ? { cron: cron!, timezone } : { everyMs: paceMs(every) },
    })),
  };
}

/**
 * Starts the processors of this process: the orders' and one for each target, with their reconciler, and the collector.
 * @throws TurnupError `TURNUP_CONFIG_INVALID` for a key of a collection; `TURNUP_KEY_MISSING` when the store
 * holds orders sealed with a key that is not configured
 */
export async function startWorkers({ config, redisUrl, log, metrics, breaker }: StartWorkersOptions) {
  const keys = createKeys(config.redis.prefix);
  const redis = await connectRedis(redisUrl, { role: 'worker' });
  const name = `${hostname()}-${process.pid}`;
  const { durability: mode, replicas } = config.redis;
  const fitness = await checkRedis(redis);
  // A snapshot for every step would keep the store from anything else.
  const durability = await createDurability({ redis, keys, fitness, mode, replicas, saveBeforeAccept: false });
  const keyRing = createKeyRing(config.secretKeys);
  const engine = createEngine({
    redis,
    keys,
    clients: config.clients.map((client) => client.name),
    persist: durability.settle,
    targets: config.targets,
    keyRing,
    log,
    observer: metrics,
    onBreaker: (target, view) => log.warn({ target, breaker: view }, `breaker ${view.state}`),
    ...(breaker && { breaker }),
    name,
    audits: auditSettings(config),
    timing: {
      ...config.workers,
      settledMs: config.retention.settledHours * HOUR_MS,
      archiveMs: config.retention.archiveDays * 24 * HOUR_MS,
    },
  });
  const unknown = (await engine.store.keyIdsInUse()).filter((id) => !keyRing.knows(id));
  async function release(): Promise<void> {
    await engine.close();
    durability.close();
    redis.disconnect();
  }
  if (unknown.length > 0) {
    await release();
    throw new TurnupError('TURNUP_KEY_MISSING', { detail: unknown.join(', ') });
  }
  const collects = config.workers.collect && config.collections.size > 0;
  const collections = !collects
    ? null
    : await startCollections({
        redis,
        keys,
        log,
        observer: metrics,
        sources: config.collections,
        name,
        timing: config.workers,
      }).catch(async (error: unknown) => {
        await release();
        throw error;
      });
  const marker = await watchStore({ redis, keys, config, log });
  await engine.start();
  await beat(redis, keys, name);
  const heart = setInterval(() => {
    beat(redis, keys, name).catch((error: unknown) => log.warn({ err: error }, 'no sign of life could be left'));
  }, HEARTBEAT_MS);
  const sources = collects ? [...config.collections.keys()] : [];
  log.info({ worker: name, targets: engine.targets.names(), sources }, 'workers started');

  return {
    engine,
    async close(): Promise<void> {
      clearInterval(heart);
      marker.close();
      await Promise.all([engine.close(), collections?.close()]);
      // A Redis that is away must not keep the process from ending; its sign of life runs out by itself.
      if (redis.status === 'ready') await stopBeating(redis, keys, name).catch(() => {});
      durability.close();
      redis.disconnect();
    },
  };
}
