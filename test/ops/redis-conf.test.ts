import { resolve } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '../setup/redis.ts';

const configFile = resolve(import.meta.dirname, '../../ops/redis.conf');

let redis: TestRedis | undefined;
afterEach(async () => {
  await redis?.stop();
  redis = undefined;
});

test('a real server starts with ops/redis.conf and has what I1 and I2 rest on', async () => {
  redis = await startRedis({ configFile });
  const client = redis.client();
  const expected = {
    appendonly: 'yes',
    appendfsync: 'always',
    'no-appendfsync-on-rewrite': 'no',
    'aof-load-truncated': 'yes',
    save: '',
    'maxmemory-policy': 'noeviction',
    'protected-mode': 'yes',
    timeout: '0',
  };
  for (const [name, value] of Object.entries(expected)) {
    const [, got] = (await client.config('GET', name)) as [string, string];
    expect(`${name} ${got}`).toBe(`${name} ${value}`);
  }
  const [, maxmemory] = (await client.config('GET', 'maxmemory')) as [string, string];
  expect(Number(maxmemory)).toBeGreaterThan(0);
});

test('what it acknowledged is there after kill -9', async () => {
  redis = await startRedis({ configFile });
  await redis.client().set('order', 'accepted');
  await redis.kill();
  await redis.restart();
  expect(await redis.client().get('order')).toBe('accepted');
});

test('full, it refuses writes and throws nothing away', async () => {
  redis = await startRedis({ configFile, settings: { maxmemory: '4mb' } });
  const client = redis.client();
  await client.set('order', 'accepted');
  const fill = async () => {
    for (let n = 0; n < 100; n++) await client.set(`filler:${n}`, 'x'.repeat(100_000));
  };
  await expect(fill()).rejects.toThrow(/^OOM/);
  expect(await client.get('order')).toBe('accepted');
});

test('it listens on loopback only', async () => {
  redis = await startRedis({ configFile });
  const [, bind] = (await redis.client().config('GET', 'bind')) as [string, string];
  expect(bind).toMatch(/^127\.0\.0\.1\b/);
});
