import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Redis } from 'ioredis';
import { vi } from 'vitest';
import { createProxy, type Proxy } from '../../setup/proxy.ts';
import { freePort, startRedis, type StartRedisOptions, type TestRedis } from '../../setup/redis-server.ts';
import { createCrm, type Crm } from './crm.ts';
import { createOrders, secretsOf, type OrderBody } from './orders.ts';
import { createPlatform, type Platform } from './platform.ts';
import { startProcess, type Running } from './process.ts';
import type { SippulseState } from './sippulse.ts';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const CLI = path('../../../src/cli/turnup.mjs');
const SIMULATOR = path('../../../src/simulators/main.ts');

/** Short, so that what takes half a minute in production takes seconds here. In ms. */
const TIMES = { lock: 2_000, stalled: 750, reconcile: 1_000, connect: 2_000, read: 5_000, write: 2_500 };
const SHUTDOWN_MS = 15_000;

// How long things may take on a machine that is busy with others, not how long they should.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const TARGET = 'vienna';

export interface WorldOptions {
  /** Two letters, in the names of its orders. */
  readonly name: string;
  /** Default: with AOF, as in production. Null: no Redis but the embedded one. */
  readonly redis?: StartRedisOptions | null;
  /** Instead of the URL of the link to Redis. */
  readonly redisUrl?: string;
  /** More of the section `redis`, as YAML of one line. */
  readonly redisSettings?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Whether there is a second target, `saopaulo`, a SIPPulse. */
  readonly sippulse?: boolean;
}

/** The product as processes: Redis, platform, API and workers, and a link that can fail before the first two. */
export interface World {
  /** `TURNUP_DATA` of all its processes. */
  readonly dataDir: string;
  readonly url: string;
  readonly redis: TestRedis;
  readonly redisLink: Proxy;
  /** As `redisLink`, of the API alone. */
  readonly apiRedisLink: Proxy;
  readonly platformLink: Proxy;
  readonly platform: Platform;
  /** The second target's. */
  readonly sippulse: Platform<SippulseState>;
  readonly crm: Crm;
  /** As an operator. */
  readonly desk: Crm;
  readonly operator: { readonly name: string; readonly password: string };
  /** Every process that was started, the platform first. */
  readonly processes: readonly Running[];
  /** Every line that any process wrote. */
  readonly logged: readonly string[];
  /** All that must be seen nowhere: of the configuration, and of the orders made here. */
  readonly secrets: readonly string[];
  order(subscribers?: number): OrderBody;
  /** For orders that are made elsewhere: what must be seen nowhere. */
  keepSecret(...secrets: readonly string[]): void;
  startApi(): Promise<Running>;
  /** @param shutdownMs how long it waits for steps in hand when it is told to stop */
  startWorker(shutdownMs?: number): Promise<Running>;
  startServe(): Promise<Running>;
  startPlatform(): Promise<Running>;
  /** Has workers look now at what they would look at half a minute after its acceptance. */
  lookNow(): Promise<void>;
  close(): Promise<void>;
}

function configuration(parts: {
  port: number;
  redis: string;
  platform: number;
  sippulse: { port: number; password: string } | null;
  key: string;
  tokens: { crm: string; operator: string };
  password: string;
  shutdownMs: number;
}): string {
  const { lock, stalled, reconcile, connect, read, write } = TIMES;
  const timeouts = `{ connectMs: ${connect}, readMs: ${read}, writeMs: ${write} }`;
  const { sippulse } = parts;
  const second = sippulse
    ? `
  saopaulo:
    platform: sippulse
    url: http://127.0.0.1:${sippulse.port}/SipPulse
    auth: { username: admin, password: admin }
    basicAuth: { username: front, password: '${sippulse.password}' }
    timeouts: ${timeouts}
`
    : '';
  return `
http: { host: 127.0.0.1, port: ${parts.port} }
redis: { ${parts.redis} }
secretKeys: [{ id: k1, key: '${parts.key}' }]
clients: [{ name: crm, token: '${parts.tokens.crm}', targets: [${[TARGET, ...(sippulse ? ['saopaulo'] : [])].join(', ')}] }]
operators: [{ name: night, password: '${parts.password}', token: '${parts.tokens.operator}', role: operator }]
log: { level: debug }
limits: { requestsPerMinute: 1000000 }
workers: { lockMs: ${lock}, stalledMs: ${stalled}, reconcileMs: ${reconcile}, shutdownMs: ${parts.shutdownMs} }
targets:
  ${TARGET}:
    platform: sipwise
    url: http://127.0.0.1:${parts.platform}
    auth: { username: administrator, password: administrator }
    resellerId: 1
    concurrency: 6
    timeouts: ${timeouts}${second}
`;
}

export async function lookNow(redis: Redis): Promise<void> {
  const live = '{turnup}:t:live';
  const ids = await redis.zrange(live, 0, '-1');
  if (ids.length > 0) await redis.zadd(live, 'XX', ...ids.flatMap((id) => [0, id]));
  redis.disconnect();
}

export async function createWorld(options: WorldOptions): Promise<World> {
  const dir = mkdtempSync(join(tmpdir(), `turnup-e2e-${options.name}-`));
  const dataDir = join(dir, 'data');
  const logged: string[] = [];
  const processes: Running[] = [];
  const token = (): string => randomBytes(18).toString('hex');
  const tokens = { crm: token(), operator: token() };
  const key = randomBytes(32).toString('base64');
  const password = token();
  const frontPassword = token();
  const secrets = [tokens.crm, tokens.operator, key, password, frontPassword];

  const external = options.redis !== null && options.redisUrl === undefined;
  const redis = external
    ? await startRedis({ aof: true, dir, settings: { 'auto-aof-rewrite-percentage': '0' }, ...options.redis })
    : null;
  const [port, platformPort] = [await freePort(), await freePort()];
  const linkTo = async (to: number): Promise<Proxy> => createProxy({ port: await freePort(), to });
  const platformLink = await linkTo(platformPort);
  const links = redis && { all: await linkTo(redis.port), api: await linkTo(redis.port) };
  const sippulsePort = options.sippulse ? await freePort() : null;
  const platformUrl = `http://127.0.0.1:${platformPort}`;
  const url = `http://127.0.0.1:${port}`;

  function configFile(name: string, redisUrl: string | null, shutdownMs: number): string {
    const file = join(dir, `${name}.yaml`);
    const sections = [redisUrl === null ? '' : `url: '${redisUrl}'`, options.redisSettings ?? ''].filter(Boolean);
    writeFileSync(
      file,
      configuration({
        port,
        redis: sections.join(', '),
        platform: platformLink.port,
        sippulse: sippulsePort === null ? null : { port: sippulsePort, password: frontPassword },
        key,
        tokens,
        password,
        shutdownMs,
      }),
    );
    return file;
  }

  const redisUrl = (link: Proxy | undefined): string | null =>
    options.redisUrl ?? (link ? `redis://127.0.0.1:${link.port}/0` : null);

  function launch(name: string, args: readonly string[]): Running {
    const started = startProcess({
      name,
      args,
      cwd: dir,
      env: { TURNUP_DATA: dataDir, REDIS_URL: '', NODE_ENV: '', ...options.env },
      told: (line) => logged.push(line),
    });
    processes.push(started);
    return started;
  }

  async function turnup(command: string, link: Proxy | undefined, ready: string, shutdownMs = SHUTDOWN_MS) {
    const file = configFile(command, redisUrl(link), shutdownMs);
    const started = launch(command, [CLI, command, '--config', file]);
    await started.says(ready);
    return started;
  }

  async function startSimulator(platform: string, onPort: number): Promise<Running> {
    const started = launch(platform, [SIMULATOR, platform, '--port', String(onPort)]);
    await started.says('"url"');
    return started;
  }
  const startPlatform = (): Promise<Running> => startSimulator('sipwise', platformPort);

  const make = createOrders(TARGET, options.name);
  await startPlatform();
  if (sippulsePort !== null) await startSimulator('sippulse', sippulsePort);
  return {
    dataDir,
    url,
    get redis() {
      if (!redis) throw new Error('this world has no Redis of its own');
      return redis;
    },
    get redisLink() {
      return links!.all;
    },
    get apiRedisLink() {
      return links!.api;
    },
    platformLink,
    platform: createPlatform(platformUrl),
    sippulse: createPlatform(`http://127.0.0.1:${sippulsePort ?? 0}`),
    crm: createCrm(url, tokens.crm),
    desk: createCrm(url, tokens.operator),
    operator: { name: 'night', password },
    processes,
    logged,
    secrets,
    order(subscribers) {
      const order = make(subscribers);
      secrets.push(...secretsOf(order));
      return order;
    },
    keepSecret: (...more) => void secrets.push(...more),
    startApi: () => turnup('api', links?.api, '"API started"'),
    startWorker: (shutdownMs) => turnup('worker', links?.all, '"workers started"', shutdownMs),
    startServe: () => turnup('serve', undefined, '"API started"'),
    startPlatform,
    lookNow: () => lookNow(redis!.client()),
    async close() {
      await Promise.all(processes.filter(({ alive }) => alive).map((process) => process.kill()));
      platformLink.down();
      links?.all.down();
      links?.api.down();
      await redis?.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
