import type { Redis } from 'ioredis';
import { TurnupError } from '../errors/index.ts';
import type { RedisFitness } from './fitness.ts';
import type { KeyScheme } from './keys.ts';

/** Makes what was written so far outlive the crash of Redis, as far as this Redis can (I1). */
export interface Durability {
  /**
   * Resolves when everything that any connection of this process had an answer for is on disk, and on as many replicas
   * as are wanted.
   * @throws TurnupError `TURNUP_STORE_UNAVAILABLE` when that cannot be reached in time
   */
  settle(): Promise<void>;
  close(): void;
}

export interface DurabilityOptions {
  redis: Redis;
  keys: KeyScheme;
  fitness: RedisFitness;
  /** `redis.durability` of the configuration. */
  mode: 'auto' | 'none';
  /** `redis.embedded.saveBeforeAccept` of the configuration. */
  saveBeforeAccept: boolean;
  /** `redis.replicas` of the configuration. Default 0. */
  replicas?: number;
}

const WAIT_MS = 1500;

/**
 * Callers that come while a write-out is under way share the next one: it covers all of them, and under load there are
 * few of them, however many callers.
 */
export function shared(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  const start = (): Promise<void> => {
    running = work().finally(() => {
      running = null;
    });
    return running;
  };
  return () => {
    if (!running) return start();
    next ??= running
      .then(
        () => undefined,
        () => undefined,
      )
      .then(() => {
        next = null;
        return start();
      });
    return next;
  };
}

const NOTHING: Durability = { settle: () => Promise.resolve(), close: () => undefined };

/** The order is stored, but whether it is on disk is not known: whoever sent it should send it again. */
async function orUnavailable(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    if (cause instanceof TurnupError) throw cause;
    const detail = `Redis could not be made to write: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new TurnupError('TURNUP_STORE_UNAVAILABLE', { detail, cause });
  }
}

/** Gives how many have it: on disk here (0 or 1; 1 where every write is on disk at once), and replicas. */
async function waitFor(redis: Redis, waitAof: boolean, replicas: number): Promise<readonly [number, number]> {
  if (!waitAof) return [1, await redis.wait(replicas, WAIT_MS)];
  return (await redis.call('WAITAOF', '1', String(replicas), String(WAIT_MS))) as [number, number];
}

async function waiting(redis: Redis, keys: KeyScheme, waitAof: boolean, replicas: number): Promise<Durability> {
  // A connection of its own, because WAITAOF holds up every later command of the one it is sent on. It waits for the
  // writes of its own connection only: one more write, later than those it is asked about, stands for them all.
  // What was sent on a connection that broke must not be waited for on another: that one would have nothing to wait for.
  const connection = redis.duplicate({
    connectionName: 'turnup-durability',
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    commandTimeout: 2 * WAIT_MS,
    socketTimeout: 3 * WAIT_MS,
  });
  connection.on('error', () => undefined);
  await orUnavailable(() => connection.connect());
  const wait = shared(async () => {
    await connection.set(keys.durable(), Date.now());
    const [onDisk, copies] = await waitFor(connection, waitAof, replicas);
    if (onDisk < 1) {
      throw new TurnupError('TURNUP_STORE_UNAVAILABLE', { detail: 'Redis did not reach its disk in time' });
    }
    if (copies < replicas) {
      const detail = `${copies} of ${replicas} replicas took the write in time`;
      throw new TurnupError('TURNUP_STORE_UNAVAILABLE', { detail });
    }
  });
  return { settle: () => orUnavailable(wait), close: () => connection.disconnect() };
}

/**
 * What makes writes durable on this Redis: nothing where each is on disk at once, else `WAITAOF`, else `SAVE`; where
 * replicas are to have them too, `WAITAOF` or `WAIT`.
 */
export async function createDurability(options: DurabilityOptions): Promise<Durability> {
  const { redis, keys, fitness, mode, saveBeforeAccept, replicas = 0 } = options;
  if (mode === 'none') return NOTHING;
  const isOnDisk = fitness.appendFsync === 'always';
  if (replicas > 0 || (fitness.waitAof && !isOnDisk)) return waiting(redis, keys, fitness.waitAof, replicas);
  if (isOnDisk) return NOTHING;
  if (!fitness.snapshotsOnly || !saveBeforeAccept) return NOTHING;
  const save = shared(async () => {
    await redis.save();
  });
  return { settle: () => orUnavailable(save), close: () => undefined };
}
