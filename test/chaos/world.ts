import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findRedisServer } from '../setup/redis-program.ts';
import { freePort, startRedis, type TestRedis } from '../setup/redis-server.ts';
import { createNode, type Node } from './node.ts';
import { createControl, type Control } from './control.ts';
import type { Bench, ChaosPlatform } from './platforms/platform.ts';
import { createProxy, type Proxy } from './proxy.ts';
import { createTap, type TappedCall } from './tap.ts';

export const CLIENT_TOKEN = 'chaos-client-token-5f1c0a77';
export const OPERATOR_TOKEN = 'chaos-operator-token-9e2b41d3';
const OPERATOR_PASSWORD = 'chaos-operator-password-77aa';
export const KEY = Buffer.alloc(32, 7).toString('base64');

/** Short, so that what production recovers from in a minute takes seconds here. In ms. */
export const TIMES = { lock: 2_000, stalled: 1_000, reconcile: 1_000, connect: 600, read: 1_200, write: 1_500 };

export interface Link {
  readonly proxy: Proxy;
  /** The process behind which it lies. */
  readonly owner: string;
  /** Redis, or a target. */
  readonly to: string;
}

/** A stand-in with what is known of it. */
export interface Site {
  readonly platform: ChaosPlatform;
  readonly simulator: Node;
  readonly port: number;
  readonly bench: Bench;
  readonly control: Control;
}

/** Everything of one run: each part a process of its own, each way between two of them a proxy. */
export interface World {
  readonly redis: TestRedis;
  readonly sites: readonly Site[];
  readonly api: Node;
  readonly workers: readonly Node[];
  readonly links: readonly Link[];
  readonly apiUrl: string;
  /** Every request of the workers that went on the wire to a platform. */
  readonly tapped: readonly TappedCall[];
  readonly logFiles: readonly string[];
  close(): Promise<void>;
}

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** @param targets their settings by their names */
function configuration(ports: { api: number; redis: number }, targets: ReadonlyMap<string, string>): string {
  return `
http: { host: 127.0.0.1, port: ${ports.api} }
redis: { url: 'redis://127.0.0.1:${ports.redis}/0' }
secretKeys: [{ id: k1, key: ${KEY} }]
clients: [{ name: crm, token: ${CLIENT_TOKEN}, targets: [${[...targets.keys()].join(', ')}] }]
operators: [{ name: night, password: ${OPERATOR_PASSWORD}, token: ${OPERATOR_TOKEN}, role: operator }]
limits: { requestsPerMinute: 10000000 }
workers: { lockMs: ${TIMES.lock}, stalledMs: ${TIMES.stalled}, reconcileMs: ${TIMES.reconcile}, shutdownMs: 3000 }
targets:
${[...targets.values()].join('')}`;
}

function targetOf({ name, settings }: ChaosPlatform, port: number): string {
  return `  ${name}:
    platform: ${name}
    url: http://127.0.0.1:${port}
    concurrency: 6
    timeouts: { connectMs: ${TIMES.connect}, readMs: ${TIMES.read}, writeMs: ${TIMES.write} }
${settings.map((line) => `    ${line}\n`).join('')}`;
}

async function createSite(platform: ChaosPlatform, dir: string): Promise<Site> {
  const port = await freePort();
  const name = `simulator-${platform.name}`;
  const simulator = createNode({
    name,
    args: [
      path('../../src/simulators/main.ts'),
      platform.name,
      '--port',
      String(port),
      '--data',
      join(dir, `${platform.name}.ndjson`),
      ...(platform.standIn ?? []),
    ],
    logFile: join(dir, `${name}.log`),
    ready: '"url"',
  });
  await simulator.start();
  const url = `http://127.0.0.1:${port}`;
  return { platform, simulator, port, bench: await platform.open(url), control: createControl(url) };
}

/** @throws Error in one line when there is no redis-server. */
export async function createWorld(dir: string, platforms: readonly ChaosPlatform[]): Promise<World> {
  findRedisServer();
  mkdirSync(dir, { recursive: true });
  const logFile = (name: string): string => join(dir, `${name}.log`);
  const redisDir = join(dir, 'redis');
  mkdirSync(redisDir);
  // Without rewriting the file tells every write there ever was: the auditor looks for secrets in it.
  const redis = await startRedis({ aof: true, dir: redisDir, settings: { 'auto-aof-rewrite-percentage': '0' } });

  const sites: Site[] = [];
  for (const platform of platforms) sites.push(await createSite(platform, dir));

  const tapped: TappedCall[] = [];
  const links: Link[] = [];
  async function link(worker: string, to: string, server: number): Promise<number> {
    const port = await freePort();
    const listener = to === 'redis' ? {} : { listener: createTap({ worker, target: to }, tapped) };
    const proxy = await createProxy(`${worker}-${to}`, { port, to: server, ...listener });
    links.push({ owner: worker, to, proxy });
    return port;
  }

  async function member(role: 'api' | 'worker', name: string, apiPort: number): Promise<Node> {
    const file = join(dir, `${name}.yaml`);
    const targets = new Map<string, string>();
    for (const { platform, port } of sites)
      targets.set(platform.name, targetOf(platform, role === 'worker' ? await link(name, platform.name, port) : port));
    const ports = { api: apiPort, redis: await link(name, 'redis', redis.port) };
    writeFileSync(file, configuration(ports, targets));
    const ready = role === 'api' ? '"API started"' : '"workers started"';
    return createNode({ name, args: [path('./child.ts'), role, file], logFile: logFile(name), ready });
  }

  const apiPort = await freePort();
  const api = await member('api', 'api', apiPort);
  const workers = [await member('worker', 'worker-a', 0), await member('worker', 'worker-b', 0)];
  const nodes = [api, ...workers];

  async function close(): Promise<void> {
    for (const node of [...nodes, ...sites.map(({ simulator }) => simulator)]) await node.kill();
    for (const { proxy } of links) await proxy.close();
    await redis.stop();
  }

  try {
    await Promise.all(nodes.map((node) => node.start()));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    redis,
    sites,
    api,
    workers,
    links,
    apiUrl: `http://127.0.0.1:${apiPort}`,
    tapped,
    logFiles: [
      ...[...nodes, ...sites.map(({ simulator }) => simulator)].map((node) => node.logFile),
      join(redisDir, 'redis.log'),
    ],
    close,
  };
}
