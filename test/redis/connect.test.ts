import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Redis } from 'ioredis';
import { connectRedis, type RedisRole } from '../../src/redis/connect.ts';
import { createProxy } from '../setup/proxy.ts';
import { freePort, startRedis, type TestRedis } from '../setup/redis-server.ts';
import { waitFor } from '../setup/wait-for.ts';

const PASSWORD = 'a-redis-password';
let server: TestRedis;
let url: string;
const open = new Set<Redis>();

async function connect(role: RedisRole): Promise<Redis> {
  const redis = await connectRedis(url, { role });
  open.add(redis);
  return redis;
}

beforeAll(async () => {
  server = await startRedis({ aof: true, settings: { requirepass: PASSWORD } });
  url = `redis://:${PASSWORD}@${server.host}:${server.port}/0`;
});
afterEach(() => {
  for (const redis of open) redis.disconnect();
  open.clear();
});
afterAll(() => server.stop());

describe('connection to Redis', () => {
  it('of the API fails at once while Redis is away, and comes back', async () => {
    const redis = await connect('api');
    const inHand = redis.blpop('nothing', 0).catch((error: Error) => error.message);
    await server.kill();
    expect(await inHand).toMatch(/retries per request/);
    await expect(redis.set('a', '1')).rejects.toThrow(/writeable/);
    await server.restart();
    await waitFor(() => redis.ping(), { what: 'the connection is back' });
    expect(await redis.get('a')).toBeNull();
  });

  it('of the API does not wait for a Redis that hangs', async () => {
    const redis = await connect('api');
    process.kill(server.pid!, 'SIGSTOP');
    try {
      await expect(redis.get('a')).rejects.toThrow(/timed out/);
    } finally {
      process.kill(server.pid!, 'SIGCONT');
    }
  });

  it('comes back from a Redis that vanished without a word', async () => {
    const proxy = await createProxy({ port: await freePort(), to: server.port });
    const redis = await connectRedis(url.replace(String(server.port), String(proxy.port)), { role: 'api' });
    open.add(redis);
    proxy.freeze();
    await expect(redis.get('a')).rejects.toThrow(/timed out/);
    await waitFor(() => redis.ping(), { what: 'the API is connected anew' });
    proxy.down();
  });

  it('leaves a Redis that became a replica', async () => {
    const other = await startRedis({ settings: { requirepass: PASSWORD } });
    const proxy = await createProxy({ port: await freePort(), to: server.port });
    const redis = await connectRedis(url.replace(String(server.port), String(proxy.port)), { role: 'worker' });
    open.add(redis);
    const admin = other.client();
    await admin.replicaof(server.host, server.port);
    proxy.leadTo(other.port);
    await expect(redis.set('c', '3')).resolves.toBe('OK');
    await redis.replicaof(other.host, other.port);
    await admin.replicaof('NO', 'ONE');
    await waitFor(() => redis.set('c', '4'), { what: 'the new primary takes a write' });
    expect(await admin.get('c')).toBe('4');
    proxy.down();
    await other.stop();
    await server.restart();
  });

  it('of a worker waits until Redis is back', async () => {
    const redis = await connect('worker');
    await server.kill();
    const later = redis.set('b', '2');
    await server.restart();
    expect(await later).toBe('OK');
  });

  it('says where it failed and why, without the password', async () => {
    const wrong = url.replace(PASSWORD, 'wrong-password-here');
    await expect(connectRedis(wrong, { role: 'api' })).rejects.toMatchObject({
      code: 'TURNUP_REDIS_MISSING',
      message: expect.stringMatching(/^No Redis: redis:\/\/127\.0\.0\.1:\d+\/0 does not answer \(.*WRONGPASS/),
    });
    await expect(connectRedis(wrong, { role: 'api' })).rejects.not.toThrow(/wrong-password/);
    const away = connectRedis('redis://:secret@127.0.0.1:1/0', { role: 'worker', startMs: 200 });
    await expect(away).rejects.toThrow(/127\.0\.0\.1:1\/0 does not answer \(connect ECONNREFUSED/);
  });
});
