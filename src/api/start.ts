import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMotor } from '../../flows/motor.ts';
import type { Redis } from 'ioredis';
import { createAuditStore } from '../audits/store.ts';
import { createCollectionQueue } from '../collector/queue.ts';
import { createCollections } from '../collector/read.ts';
import type { Config } from '../config/index.ts';
import { TurnupError } from '../errors/index.ts';
import type { Logger, Metrics } from '../observability/index.ts';
import { createLedger } from '../ledger/ledger.ts';
import { createOrderStore } from '../orders/store.ts';
import { connectRedis } from '../redis/connect.ts';
import { createDurability, type Durability } from '../redis/durability.ts';
import { checkRedis, requireFit } from '../redis/fitness.ts';
import { createKeys, type KeyScheme } from '../redis/keys.ts';
import { watchStore } from '../redis/marker.ts';
import { createKeyRing } from '../secrets/index.ts';
import { createTargets } from '../targets/targets.ts';
import { createApp } from './app.ts';

export interface StartApiOptions {
  /** With at least one secret key. */
  readonly config: Config;
  readonly redisUrl: string;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly timeouts?: Partial<HttpTimeouts>;
}

/** How long a connection may take, in ms: a caller that sends a byte at a time holds one no longer than this. */
export interface HttpTimeouts {
  readonly headersMs: number;
  readonly requestMs: number;
  /** For requests in hand when the server is closed. */
  readonly closeMs: number;
}

export interface RunningApi {
  /** `http://127.0.0.1:3000`, with the port it really has. */
  readonly url: string;
  /** Takes no more connections, ends requests in hand, then lets go of Redis. */
  close(): Promise<void>;
}

const TIMEOUTS: HttpTimeouts = { headersMs: 10_000, requestMs: 30_000, closeMs: 10_000 };
const KEEP_ALIVE_MS = 65_000;
const SWEEP_MS = 50;
const MAX_HEADER_BYTES = 16_384;

function listen(server: Server, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const detail = `cannot listen on ${host}:${port} (${error.code ?? 'unknown reason'})`;
      reject(new TurnupError('TURNUP_CONFIG_INVALID', { detail, cause: error }));
    });
    server.listen(port, host, () => resolve(server.address() as AddressInfo));
  });
}

/** Connections that are idle go at once, the others when their answer is sent, and all of them in the end. */
function closeServer(server: Server, afterMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), afterMs);
    // A connection that is kept alive is idle again once its answer is sent, and nobody else would close it.
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
    server.close(() => {
      clearTimeout(timer);
      clearInterval(sweep);
      resolve();
    });
    server.closeIdleConnections();
  });
}

function urlOf({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

/** What an answer 202 will mean (I1), said loudly where it means less than it should. */
async function ensureDurability(config: Config, redis: Redis, keys: KeyScheme, log: Logger): Promise<Durability> {
  const fitness = await checkRedis(redis);
  requireFit(fitness);
  for (const gap of fitness.notGuaranteed) log.warn({ redis: fitness.product }, `Not guaranteed: ${gap}`);
  const { durability: mode, replicas, embedded } = config.redis;
  return createDurability({ redis, keys, fitness, mode, replicas, saveBeforeAccept: embedded.saveBeforeAccept });
}

/**
 * Starts the API and the dashboard of this process.
 *
 * @throws TurnupError `TURNUP_REDIS_MISSING` or `TURNUP_REDIS_UNFIT`; `TURNUP_CONFIG_INVALID` when the port is taken
 */
export async function startApi(options: StartApiOptions): Promise<RunningApi> {
  const { config, redisUrl, log, metrics } = options;
  const timeouts = { ...TIMEOUTS, ...options.timeouts };
  const keys = createKeys(config.redis.prefix);
  const redis = await connectRedis(redisUrl, { role: 'api', onError: (message) => log.warn(message) });
  const durability = await ensureDurability(config, redis, keys, log).catch((error: unknown) => {
    redis.disconnect();
    throw error;
  });
  const marker = await watchStore({ redis, keys, config, log });
  const clients = config.clients.map(({ name }) => name);
  const store = createOrderStore({ redis, keys, clients, persist: durability.settle });
  const ledger = createLedger({ redis, keys });
  const audits = createAuditStore({ redis, keys, ledger, persist: durability.settle });
  const motor = createMotor({ connection: redis, keys, store, targets: [...config.targets.keys()] });
  // Without a listener BullMQ prints what the connection tells the log anyway.
  for (const queue of motor.queues.all()) {
    queue.on('error', (error) => log.debug({ err: error, queue: queue.name }, 'queue'));
  }
  const targets = createTargets({ targets: config.targets, redis, keys, queueOf: motor.queues.target });
  const queue = createCollectionQueue(redis, keys);
  const collections = createCollections({ redis, keys, sources: config.collections, queue });
  const keyRing = createKeyRing(config.secretKeys);
  const app = createApp({ config, redis, keys, store, audits, motor, targets, collections, keyRing, log, metrics });

  const server = createServer(
    {
      requestTimeout: timeouts.requestMs,
      headersTimeout: timeouts.headersMs,
      connectionsCheckingInterval: Math.min(5_000, timeouts.headersMs),
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
    },
    app,
  );
  server.maxRequestsPerSocket = 0;

  async function release(): Promise<void> {
    marker.close();
    await Promise.allSettled([motor.close(), targets.close(), queue.close()]);
    durability.close();
    redis.disconnect();
  }

  try {
    const url = urlOf(await listen(server, config.http.host, config.http.port));
    log.info({ url }, 'API started');
    return {
      url,
      async close() {
        await closeServer(server, timeouts.closeMs);
        await release();
        log.info('API stopped');
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}
