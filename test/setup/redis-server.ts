import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { endGuarded, startGuarded, type Guarded } from './guarded.ts';
import { findRedisServer } from './redis-program.ts';
import { waitFor } from './wait-for.ts';

export interface StartRedisOptions {
  /** AOF with `appendfsync always`, as in production. Default false: nothing on disk. */
  aof?: boolean;
  /** Where its files live; kept when the server is stopped. Default: a temporary folder that is removed. */
  dir?: string;
  /** More settings: `{ 'maxmemory-policy': 'allkeys-lru' }`. */
  settings?: Readonly<Record<string, string>>;
  /** A configuration file for the server, instead of `aof` and the helper's own settings. */
  configFile?: string;
}

export interface TestRedis {
  readonly host: string;
  readonly port: number;
  readonly url: string;
  readonly dir: string;
  /** Process id of the server, null while it is down. */
  readonly pid: number | null;
  /** A connection that closes with the server handle. */
  client(): Redis;
  /** `kill -9`. Resolves when the process is gone. */
  kill(): Promise<void>;
  /** SIGTERM, as a service manager would. Resolves when the process is gone. */
  shutdown(): Promise<void>;
  /** Starts it again, same port and folder. */
  restart(): Promise<void>;
  /** Ends it for good: connections, process, temporary folder. */
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, HOST, () => server.close(() => resolve(true)));
  });
}

/** Outside the range the kernel gives to outgoing connections, so that a killed server finds its port free again. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (await isFree(port)) return port;
  }
}

function plainSettings(aof: boolean): Record<string, string> {
  return {
    bind: HOST,
    save: '',
    appendonly: aof ? 'yes' : 'no',
    appendfsync: 'always',
    'maxmemory-policy': 'noeviction',
  };
}

async function launch(port: number, dir: string, removed: string, options: StartRedisOptions): Promise<Guarded> {
  const settings: Record<string, string> = {
    port: String(port),
    dir,
    logfile: join(dir, 'redis.log'),
    daemonize: 'no',
    ...(options.configFile ? {} : plainSettings(options.aof ?? false)),
    ...options.settings,
  };
  const given = options.configFile ? [options.configFile] : [];
  const args = [...given, ...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])];
  return startGuarded([findRedisServer(), ...args], removed);
}

/** A server on loopback that answers. With `dir` it finds there what an earlier one left. */
export async function startRedis(options: StartRedisOptions = {}): Promise<TestRedis> {
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'turnup-redis-'));
  const removed = options.dir === undefined ? dir : '';
  const clients = new Set<Redis>();
  const port = options.settings?.['port'] ? Number(options.settings['port']) : await freePort();
  let running: Guarded | null = null;

  const start = async (): Promise<void> => {
    const started = await launch(port, dir, removed, options);
    const probe = new Redis({
      host: HOST,
      port,
      lazyConnect: true,
      retryStrategy: () => null,
      password: options.settings?.['requirepass'],
    });
    probe.on('error', () => undefined);
    let failed = false;
    void started.gone.then(() => (failed = true));
    await waitFor(
      async () => {
        if (failed) return true;
        if (probe.status !== 'ready') await probe.connect();
        return (await probe.info('persistence')).includes('loading:0');
      },
      { timeoutMs: 30_000, what: `redis-server answers on port ${port}` },
    ).finally(() => probe.disconnect());
    if (failed) throw new Error(`redis-server did not start:\n${await readFile(join(dir, 'redis.log'), 'utf8')}`);
    running = started;
  };

  /** Leaves the folder to this process. */
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (!running) return;
    const ending = running;
    running = null;
    await endGuarded(ending, signal);
  };

  try {
    await start();
  } catch (error) {
    // Another test file took the port between the look and the start.
    if (options.settings?.['port'] || !String(error).includes('Address already in use')) throw error;
    return startRedis(options);
  }
  return {
    host: HOST,
    port,
    url: `redis://${HOST}:${port}/0`,
    dir,
    get pid() {
      return running?.pid ?? null;
    },
    client() {
      const client = new Redis({
        host: HOST,
        port,
        maxRetriesPerRequest: null,
        password: options.settings?.['requirepass'],
      });
      client.on('error', () => undefined);
      clients.add(client);
      return client;
    },
    kill: () => end('SIGKILL'),
    shutdown: () => end('SIGTERM'),
    restart: async () => {
      await end('SIGTERM');
      await start();
    },
    stop: async () => {
      for (const client of clients) client.disconnect();
      await end('SIGKILL');
      if (removed) rmSync(removed, { recursive: true, force: true });
    },
  };
}
