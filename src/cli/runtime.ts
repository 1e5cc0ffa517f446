import manifest from '../../package.json' with { type: 'json' };
import { loadConfig, withSecretKeys, type Config } from '../config/index.ts';
import { TurnupError } from '../errors/index.ts';
import { createLogger, createMetrics, type Logger, type Metrics } from '../observability/index.ts';
import { connectRedis } from '../redis/connect.ts';
import { startEmbeddedRedis } from '../redis/embedded/index.ts';
import { checkRedis, requireFit } from '../redis/fitness.ts';

/** What `startApi` and `startWorkers` are given. */
export interface Runtime {
  /** With at least one secret key. */
  readonly config: Config;
  readonly redisUrl: string;
  readonly log: Logger;
  readonly metrics: Metrics;
}

export interface OpenRuntime extends Runtime {
  /** Ends what was started for it: an embedded Redis. */
  close(): Promise<void>;
}

export interface OpenRuntimeOptions {
  /** `--config` */
  readonly config?: string;
  /** Which command: only `serve` may start a Redis when none is configured. */
  readonly role: 'serve' | 'api' | 'worker';
}

interface Store {
  readonly url: string;
  stop(): Promise<void>;
}

async function openStore(config: Config, role: OpenRuntimeOptions['role'], log: Logger): Promise<Store> {
  if (config.redis.url !== null) return { url: config.redis.url, stop: () => Promise.resolve() };
  if (role !== 'serve') {
    throw new TurnupError('TURNUP_REDIS_MISSING', {
      detail:
        'API and workers in processes of their own meet in a Redis that all of them reach, so a URL is needed; ' +
        '"turnup serve" runs both in one process and can do without',
    });
  }
  const redis = await startEmbeddedRedis({
    dataDir: config.dataDir,
    log,
    production: config.production,
    allowInProduction: config.redis.embedded.allowInProduction,
  });
  log.info(redis.describe);
  return { url: redis.url, stop: redis.stop };
}

/** Refuses a Redis that could lose orders silently. What else it does not guarantee the API says; without one, this. */
async function examine(url: string, role: OpenRuntimeOptions['role'], log: Logger): Promise<void> {
  const redis = await connectRedis(url, { role: 'api' });
  try {
    const fitness = await checkRedis(redis);
    requireFit(fitness);
    log.info({ product: fitness.product, appendFsync: fitness.appendFsync }, 'redis is fit');
    if (role !== 'worker') return;
    for (const gap of fitness.notGuaranteed) log.warn({ redis: fitness.product }, `Not guaranteed: ${gap}`);
  } finally {
    redis.disconnect();
  }
}

/**
 * Reads the configuration, opens the log, finds or starts the Redis and examines it.
 * @throws TurnupError `TURNUP_CONFIG_INVALID`, `TURNUP_REDIS_MISSING`, `TURNUP_REDIS_UNFIT`, `TURNUP_DATA_IN_USE`
 */
export async function openRuntime(options: OpenRuntimeOptions): Promise<OpenRuntime> {
  const read = await loadConfig(options.config === undefined ? {} : { path: options.config });
  const log = createLogger({ level: read.log.level });
  for (const warning of read.warnings) log.warn(warning);
  const store = await openStore(read, options.role, log);
  try {
    const config = await withSecretKeys(read, (line) => log.warn(line));
    await examine(store.url, options.role, log);
    return {
      config,
      redisUrl: store.url,
      log,
      metrics: createMetrics({ version: manifest.version }),
      close: store.stop,
    };
  } catch (error) {
    await store.stop();
    throw error;
  }
}
