import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { startRedis, useRedis, waitFor } from '../setup/redis.ts';

describe('useRedis', () => {
  const redis = useRedis();

  test('gives a real server', async () => {
    const client = redis.client();
    await client.set('a', '1');
    expect(await client.get('a')).toBe('1');
    expect(await client.info('server')).toContain(`process_id:${redis.pid}`);
  });

  test('is empty before each test', async () => {
    expect(await redis.client().dbsize()).toBe(0);
  });
});

describe('startRedis', () => {
  test('with AOF keeps what it acknowledged over kill -9 and comes back on the same port', async () => {
    const redis = await startRedis({ aof: true });
    const client = redis.client();
    const { pid } = redis;
    for (let n = 0; n < 50; n++) await client.incr('n');
    await redis.kill();
    expect(redis.pid).toBeNull();
    await redis.restart();
    expect(redis.pid).not.toBe(pid);
    expect(await client.get('n')).toBe('50');
    await redis.stop();
  });
  test('without AOF forgets', async () => {
    const redis = await startRedis();
    await redis.client().set('n', 1);
    await redis.kill();
    await redis.restart();
    expect(await redis.client().get('n')).toBeNull();
    await redis.stop();
  });
});

describe('waitFor', () => {
  test('names what it waited for', async () => {
    await expect(waitFor(() => false, { timeoutMs: 30, what: 'the moon' })).rejects.toThrow(/the moon.*false/);
  });
});

test('a server whose test run is killed goes away with its folder', async () => {
  const script = `
    const { startRedis } = await import(${JSON.stringify(import.meta.resolve('../setup/redis-server.ts'))});
    const redis = await startRedis();
    console.log(JSON.stringify({ pid: redis.pid, dir: redis.dir }));`;
  const run = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(run.stdout, 'data')) as [Buffer];
  const { pid, dir } = JSON.parse(line.toString('utf8')) as { pid: number; dir: string };
  expect(existsSync(dir)).toBe(true);
  run.kill('SIGKILL');
  await waitFor(() => !existsSync(dir), { what: 'the folder is removed' });
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});
