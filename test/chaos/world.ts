import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findRedisServer } from '../setup/redis-program.ts';
import { freePort, startRedis, type TestRedis } from '../setup/redis-server.ts';
import { createNode, type Node } from './node.ts';
import { LOGIN, openPlatform, type PlatformHand } from './platform.ts';
import { createProxy, type Proxy } from './proxy.ts';
import { createTap, type TappedCall } from './tap.ts';

export const CLIENT_TOKEN = 'chaos-client-token-5f1c0a77';
export const OPERATOR_TOKEN = 'chaos-operator-token-9e2b41d3';
const OPERATOR_PASSWORD = 'chaos-operator-password-77aa';
export const KEY = Buffer.alloc(32, 7).toString('base64');
export const TARGET = 'lab';

/** Short, so that what production recovers from in a minute takes seconds here. In ms. */
export const TIMES = { lock: 2_000, stalled: 1_000, reconcile: 1_000, connect: 600, read: 1_200, write: 1_500 };

export interface Link {
  readonly proxy: Proxy;
  /** The process behind which it lies. */
  readonly owner: string;
  readonly to: 'redis' | 'platform';
}

/** Everything of one run: each part a process of its own, each way between two of them a proxy. */
export interface World {
  readonly redis: TestRedis;
  readonly simulator: Node;
  readonly api: Node;
  readonly workers: readonly Node[];
  readonly links: readonly Link[];
  readonly hand: PlatformHand;
  readonly apiUrl: string;
  /** Every request of the workers that went on the wire to the platform. */
  readonly tapped: readonly TappedCall[];
  readonly logFiles: readonly string[];
  close(): Promise<void>;
}

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

function configuration(ports: { api: number; redis: number; platform: number }): string {
  return `
http: { host: 127.0.0.1, port: ${ports.api} }
redis: { url: 'redis://127.0.0.1:${ports.redis}/0' }
secretKeys: [{ id: k1, key: ${KEY} }]
clients: [{ name: crm, token: ${CLIENT_TOKEN}, targets: [${TARGET}] }]
operators: [{ name: night, password: ${OPERATOR_PASSWORD}, token: ${OPERATOR_TOKEN}, role: operator }]
limits: { requestsPerMinute: 10000000 }
workers: { lockMs: ${TIMES.lock}, stalledMs: ${TIMES.stalled}, reconcileMs: ${TIMES.reconcile}, shutdownMs: 3000 }
targets:
  ${TARGET}:
    platform: sipwise
    url: http://127.0.0.1:${ports.platform}
    auth: { username: ${LOGIN.username}, password: ${LOGIN.password} }
    resellerId: 1
    concurrency: 6
    timeouts: { connectMs: ${TIMES.connect}, readMs: ${TIMES.read}, writeMs: ${TIMES.write} }
`;
}

/** @throws Error in one line when there is no redis-server. */
export async function createWorld(dir: string): Promise<World> {
  findRedisServer();
  mkdirSync(dir, { recursive: true });
  const logFile = (name: string): string => join(dir, `${name}.log`);
  const redisDir = join(dir, 'redis');
  mkdirSync(redisDir);
  // Without rewriting the file tells every write there ever was: the auditor looks for secrets in it.
  const redis = await startRedis({ aof: true, dir: redisDir, settings: { 'auto-aof-rewrite-percentage': '0' } });

  const simulatorPort = await freePort();
  const simulator = createNode({
    name: 'simulator',
    args: [
      path('../../src/simulators/main.ts'),
      'sipwise',
      '--port',
      String(simulatorPort),
      '--data',
      join(dir, 'platform.ndjson'),
    ],
    logFile: logFile('simulator'),
    ready: '"url"',
  });
  await simulator.start();
  const hand = await openPlatform(`http://127.0.0.1:${simulatorPort}`);

  const tapped: TappedCall[] = [];
  const links: Link[] = [];
  async function link(owner: string, to: Link['to']): Promise<number> {
    const port = await freePort();
    const options =
      to === 'redis' ? { port, to: redis.port } : { port, to: simulatorPort, listener: createTap(owner, tapped) };
    links.push({ owner, to, proxy: await createProxy(`${owner}-${to}`, options) });
    return port;
  }

  async function member(role: 'api' | 'worker', name: string, apiPort: number): Promise<Node> {
    const file = join(dir, `${name}.yaml`);
    const platform = role === 'worker' ? await link(name, 'platform') : simulatorPort;
    writeFileSync(file, configuration({ api: apiPort, redis: await link(name, 'redis'), platform }));
    const ready = role === 'api' ? '"API started"' : '"workers started"';
    return createNode({ name, args: [path('./child.ts'), role, file], logFile: logFile(name), ready });
  }

  const apiPort = await freePort();
  const api = await member('api', 'api', apiPort);
  const workers = [await member('worker', 'worker-a', 0), await member('worker', 'worker-b', 0)];
  const nodes = [api, ...workers];

  async function close(): Promise<void> {
    for (const node of [...nodes, simulator]) await node.kill();
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
    simulator,
    api,
    workers,
    links,
    hand,
    apiUrl: `http://127.0.0.1:${apiPort}`,
    tapped,
    logFiles: [...nodes.map((node) => node.logFile), simulator.logFile, join(redisDir, 'redis.log')],
    close,
  };
}
