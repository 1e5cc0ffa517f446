import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Pool } from 'undici';
import { createMotor } from '../../flows/motor.ts';
import { createOrderStore } from '../../src/orders/store.ts';
import { connectRedis } from '../../src/redis/connect.ts';
import { startEmbeddedRedis } from '../../src/redis/embedded/index.ts';
import { createKeys } from '../../src/redis/keys.ts';
import { createFloorProducer, FLOOR_PREFIX } from './floor.ts';
import { benchOrder } from './order.ts';
import { launchChild, launchSimulator } from './processes.ts';
import { drainWithFaults, outage, type TroubleBench } from './trouble.ts';

const HELP = `npm run bench -- [--orders N] [--rounds R] [--idle N] [--concurrency N] [--backlog N]

Pushes N single-subscriber orders through the real pipeline in one worker process, and in the same run the floor: as
many BullMQ flows of the same shape with the bare five platform calls. Then the same with calls that fail, and an outage
of a minute with a backlog of orders (--backlog, default 5000; 0: none). Prints one JSON line a metric.

BENCH_FSYNC (always, everysec, no) sets another appendfsync for both; BENCH_NODE_ARGS goes to the measured processes,
for instance --cpu-prof.
`;

const { values } = parseArgs({
  options: {
    orders: { type: 'string', default: '1500' },
    rounds: { type: 'string', default: '3' },
    idle: { type: 'string', default: '150' },
    concurrency: { type: 'string', default: '8' },
    backlog: { type: 'string', default: '5000' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const ORDERS = Number(values.orders);
const ROUNDS = Number(values.rounds);
const IDLE = Number(values.idle);
const BACKLOG = Number(values.backlog);
const OUTAGE_SECONDS = 60;
/** Calls a second the target of the outage bears; about half of what it could be sent here. */
const OUTAGE_RATE = 600;
const INTAKE_CONNECTIONS = 16;
const TOKEN = 'bench-client-token-0123456789';

const dataDir = await mkdtemp(join(tmpdir(), 'turnup-bench-'));
const tell = (line: string) => process.stderr.write(`${line}\n`);
const embedded = await startEmbeddedRedis({ dataDir, log: { info: tell, warn: tell } });
const simulator = await launchSimulator();
const redis = await connectRedis(embedded.url, { role: 'worker' });
if (process.env['BENCH_FSYNC']) await redis.config('SET', 'appendfsync', process.env['BENCH_FSYNC']);
const yamlFor = (rate: { max: number; perSeconds: number } | null): string => `
http: { host: 127.0.0.1, port: 0 }
secretKeys: [{ id: k1, key: ${Buffer.alloc(32, 7).toString('base64')} }]
clients: [{ name: crm, token: ${TOKEN}, targets: [lab] }]
limits: { requestsPerMinute: 10000000 }
log: { level: error }
targets:
  lab:
    platform: sipwise
    url: ${simulator.url}
    auth: { username: administrator, password: administrator }
    resellerId: 1
    concurrency: ${values.concurrency}
${rate ? `    rate: ${JSON.stringify(rate)}` : ''}
`;
const argsFor: TroubleBench['argsFor'] = (rate) => [
  embedded.url,
  simulator.url,
  values.concurrency,
  Buffer.from(yamlFor(rate)).toString('base64'),
];
const args = argsFor(null);
const keys = createKeys();
const store = createOrderStore({ redis, keys, clients: ['crm'] });
const floor = createFloorProducer(redis);
let placed = 0;
let floorPlaced = 0;

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
const median = (numbers: readonly number[]) =>
  percentile(
    numbers.toSorted((a, b) => a - b),
    0.5,
  );

async function until(condition: () => Promise<boolean>, everyMs: number): Promise<void> {
  while (!(await condition())) await sleep(everyMs);
}

async function memory(): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
}

async function post(pool: Pool, at: number): Promise<string> {
  const { statusCode, body } = await pool.request({
    method: 'POST',
    path: '/v1/orders',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify(benchOrder(at, 'lab')),
  });
  const answer = (await body.json()) as { id: string };
  if (statusCode !== 202) throw new Error(`intake answered ${statusCode} ${JSON.stringify(answer)}`);
  return answer.id;
}

/** Posts `count` orders as fast as they are taken. */
async function intake(url: string, count: number): Promise<{ seconds: number; latencies: number[] }> {
  const pool = new Pool(url, { connections: INTAKE_CONNECTIONS });
  const latencies: number[] = [];
  const last = placed + count;
  const startedAt = performance.now();
  async function client(): Promise<void> {
    while (placed < last) {
      placed += 1;
      const sentAt = performance.now();
      await post(pool, placed);
      latencies.push(performance.now() - sentAt);
    }
  }
  await Promise.all(Array.from({ length: INTAKE_CONNECTIONS }, client));
  const seconds = (performance.now() - startedAt) / 1000;
  await pool.close();
  return { seconds, latencies };
}

const completedOrders = () => redis.zcard(keys.index('state', 'completed'));
const completedFlows = () => redis.zcard(`${FLOOR_PREFIX}:orders:completed`);

/** Seconds from the start of the workers until `count` more are done. */
async function drain(role: 'worker' | 'floor', done: () => Promise<number>, count: number): Promise<number> {
  const worker = await launchChild(role, args);
  const before = await done();
  await worker.go();
  const startedAt = performance.now();
  await until(async () => (await done()) - before >= count, 10);
  const seconds = (performance.now() - startedAt) / 1000;
  await worker.stop();
  return seconds;
}

async function idleTurnup(url: string): Promise<number[]> {
  const worker = await launchChild('worker', args);
  await worker.go();
  const pool = new Pool(url, { connections: 1 });
  const times: number[] = [];
  for (let n = 0; n < IDLE; n += 1) {
    placed += 1;
    const id = await post(pool, placed);
    await until(async () => (await redis.hget(keys.order(id), 'completed')) !== null, 2);
    const [created, completed] = await redis.hmget(keys.order(id), 'created', 'completed');
    times.push(Number(completed) - Number(created));
  }
  await pool.close();
  await worker.stop();
  return times.toSorted((a, b) => a - b);
}

async function idleFloor(): Promise<number[]> {
  const worker = await launchChild('floor', args);
  await worker.go();
  const times: number[] = [];
  for (let n = 0; n < IDLE; n += 1) {
    floorPlaced += 1;
    const { job } = await floor.add(floorPlaced);
    const key = `${FLOOR_PREFIX}:orders:${job.id}`;
    await until(async () => (await redis.hget(key, 'finishedOn')) !== null, 2);
    const [added, finished] = await redis.hmget(key, 'timestamp', 'finishedOn');
    times.push(Number(finished) - Number(added));
  }
  await worker.stop();
  return times.toSorted((a, b) => a - b);
}

async function callsSince(before: number): Promise<number> {
  const answer = await fetch(`${simulator.url}/__calls`);
  const calls = (await answer.json()) as { path: string }[];
  return calls.length - before;
}

function report(metric: string, value: number, unit: string, floorValue: number | null = null, ratio?: number): void {
  const round = (number: number) => Math.round(number * 1000) / 1000;
  const line = {
    metric,
    value: round(value),
    floor: floorValue === null ? null : round(floorValue),
    ratio: floorValue === null ? null : round(ratio ?? value / floorValue),
    unit,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

async function archiveAll(): Promise<void> {
  const motor = createMotor({ connection: redis, keys, store, targets: ['lab'] });
  for (;;) {
    const ids = await store.dueForArchive(0, 200);
    if (ids.length === 0) break;
    for (const id of ids) {
      const order = await store.placement(id);
      if (order) await motor.removeJobs(order);
      await store.archive(id, 3_600_000);
    }
  }
  await motor.close();
}

tell(
  `bench: ${cpus().length} x ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, ` +
    `${embedded.describe}; ${ORDERS} orders x ${ROUNDS} rounds, concurrency ${values.concurrency}`,
);
const api = await launchChild('api', args);
const { url } = await api.go();
if (!url) throw new Error('the API gave no URL');
// The first orders load definitions and compile the code; they are not counted.
await intake(url, 50);
await drain('worker', completedOrders, 50);

const intakes: { seconds: number; latencies: number[] }[] = [];
const turnupSeconds: number[] = [];
const floorSeconds: number[] = [];
const bytes = { running: 0, settled: 0, archived: 0 };
let calls = 0;
for (let round = 0; round < ROUNDS; round += 1) {
  const empty = await memory();
  intakes.push(await intake(url, ORDERS));
  if (round === 0) bytes.running = ((await memory()) - empty) / ORDERS;
  const callsBefore = await callsSince(0);
  turnupSeconds.push(await drain('worker', completedOrders, ORDERS));
  if (round === 0) {
    calls = (await callsSince(callsBefore)) / ORDERS;
    bytes.settled = ((await memory()) - empty) / ORDERS;
    await archiveAll();
    bytes.archived = ((await memory()) - empty) / ORDERS;
  }
  for (let n = 0; n < ORDERS; n += 1) await floor.add((floorPlaced += 1));
  floorSeconds.push(await drain('floor', completedFlows, ORDERS));
  tell(
    `round ${round + 1}: turnup ${(ORDERS / turnupSeconds.at(-1)!).toFixed(0)}/s, floor ${(ORDERS / floorSeconds.at(-1)!).toFixed(0)}/s`,
  );
}
const idle = await idleTurnup(url);
const idleOfFloor = await idleFloor();

report('throughput', ORDERS / median(turnupSeconds), 'orders/s', ORDERS / median(floorSeconds));
report('idleLatencyP50', percentile(idle, 0.5), 'ms', percentile(idleOfFloor, 0.5));
report('idleLatencyP99', percentile(idle, 0.99), 'ms', percentile(idleOfFloor, 0.99));
report('intake', ORDERS / median(intakes.map(({ seconds }) => seconds)), 'requests/s');
report(
  'intakeP99',
  percentile(
    intakes.flatMap(({ latencies }) => latencies).toSorted((a, b) => a - b),
    0.99,
  ),
  'ms',
);
report('redisBytesRunning', bytes.running, 'bytes/order');
report('redisBytesSettled', bytes.settled, 'bytes/order');
report('redisBytesArchived', bytes.archived, 'bytes/order');
report('platformCalls', calls, 'calls/order', 5);

const inState = (state: string) => redis.zcard(keys.index('state', state));
const trouble: TroubleBench = {
  simulatorUrl: simulator.url,
  argsFor,
  intake: (count) => intake(url, count),
  endedOrders: async () => (await completedOrders()) + (await inState('held')),
  heldOrders: () => inState('held'),
  tell,
};
const whole = await drainWithFaults(trouble, 0, ORDERS);
for (const percent of [1, 10]) {
  const { seconds } = await drainWithFaults(trouble, percent / 100, ORDERS);
  report(`throughputFaults${percent}`, ORDERS / seconds, 'orders/s', ORDERS / whole.seconds);
}
if (BACKLOG > 0) {
  const wanted = { seconds: OUTAGE_SECONDS, backlog: BACKLOG, callsPerSecond: OUTAGE_RATE };
  const { drainSeconds, peakCalls, held } = await outage(trouble, wanted);
  report('outageDrain', drainSeconds, 's', (BACKLOG * calls) / OUTAGE_RATE);
  report('outagePeakCalls', peakCalls, 'calls/s', OUTAGE_RATE);
  report('outageHeld', held, 'orders');
}

await api.stop();
await floor.close();
redis.disconnect();
await simulator.stop();
await embedded.stop();
await rm(dataDir, { recursive: true, force: true });
