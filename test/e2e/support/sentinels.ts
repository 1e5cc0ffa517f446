import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { findRedisServer } from '../../setup/redis-program.ts';
import { freePort, startRedis, type TestRedis } from '../../setup/redis-server.ts';
import { until } from './until.ts';

const NAME = 'turnup';
const COUNT = 3;

/** Three Redis servers, one of them the primary, and three sentinels that watch over them. */
export interface Sentinels {
  readonly url: string;
  readonly servers: readonly TestRedis[];
  /** Who the sentinels agree is the primary. */
  primary(): Promise<TestRedis>;
  stop(): Promise<void>;
}

function configuration(port: number, dir: string, primary: number): string {
  return [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${dir}`,
    'daemonize no',
    `sentinel monitor ${NAME} 127.0.0.1 ${primary} 2`,
    `sentinel down-after-milliseconds ${NAME} 4000`,
    `sentinel failover-timeout ${NAME} 8000`,
    '',
  ].join('\n');
}

interface Watcher {
  stop(): Promise<void>;
}

// The shell's input ends with the test run, however that ended, and then it takes the sentinel with it.
const GUARDIAN = '"$@" >/dev/null 2>&1 & sentinel=$!; read -r _; kill -9 $sentinel';

function startSentinel(file: string): Watcher {
  const args = ['-c', GUARDIAN, 'sentinel-guardian', findRedisServer(), file, '--sentinel'];
  const guardian = spawn('/bin/sh', args, { stdio: ['pipe', 'ignore', 'ignore'] });
  const gone = once(guardian, 'exit');
  return {
    async stop() {
      guardian.stdin.end();
      await gone;
    },
  };
}

async function primaryPort(port: number): Promise<number> {
  const sentinel = new Redis({ host: '127.0.0.1', port, retryStrategy: () => null, lazyConnect: true });
  sentinel.on('error', () => undefined);
  try {
    await sentinel.connect();
    const [, found] = (await sentinel.call('SENTINEL', 'get-master-addr-by-name', NAME)) as [string, string];
    return Number(found);
  } finally {
    sentinel.disconnect();
  }
}

export async function startSentinels(): Promise<Sentinels> {
  const root = mkdtempSync(join(tmpdir(), 'turnup-sentinels-'));
  const settings = { 'repl-diskless-sync-delay': '0' };
  const servers = await Promise.all(Array.from({ length: COUNT }, () => startRedis({ aof: true, settings })));
  const [first, ...others] = servers as [TestRedis, ...TestRedis[]];
  for (const replica of others) {
    const client = replica.client();
    await client.replicaof(first.host, first.port);
    client.disconnect();
  }
  const ports: number[] = [];
  const watchers: Watcher[] = [];
  for (let at = 0; at < COUNT; at += 1) {
    const port = await freePort();
    const file = join(root, `sentinel-${at}.conf`);
    writeFileSync(file, configuration(port, root, first.port));
    watchers.push(startSentinel(file));
    ports.push(port);
  }

  async function primary(): Promise<TestRedis> {
    const found = new Set(await Promise.all(ports.map(primaryPort)));
    const server = servers.find(({ port }) => found.size === 1 && found.has(port));
    if (!server) throw new Error(`the sentinels name ${[...found].join(', ')}`);
    return server;
  }

  async function knowsAll(port: number): Promise<boolean> {
    const sentinel = new Redis({ host: '127.0.0.1', port });
    sentinel.on('error', () => undefined);
    const [master] = (await sentinel.call('SENTINEL', 'masters')) as string[][];
    sentinel.disconnect();
    const value = (name: string): number => Number(master?.[master.indexOf(name) + 1]);
    return value('num-slaves') === COUNT - 1 && value('num-other-sentinels') === COUNT - 1;
  }

  await until(
    async () => (await Promise.all(ports.map(knowsAll))).every(Boolean),
    'the sentinels know each other and the replicas',
    { everyMs: 200 },
  );
  return {
    url: `redis+sentinel://${ports.map((port) => `127.0.0.1:${port}`).join(',')}/${NAME}`,
    servers,
    primary,
    async stop() {
      await Promise.all(watchers.map((watcher) => watcher.stop()));
      await Promise.all(servers.map((server) => server.stop()));
      rmSync(root, { recursive: true, force: true });
    },
  };
}
