import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from './support/until.ts';
import { createLedger } from './support/ledger.ts';
import type { OrderSeen } from './support/orders.ts';
import { isAccepted, isRefused, postSteadily } from './support/post-steadily.ts';
import { startSentinels, type Sentinels } from './support/sentinels.ts';
import { createWorld, lookNow, type World } from './support/world.ts';

let sentinels: Sentinels;
let world: World;

beforeAll(async () => {
  sentinels = await startSentinels();
  world = await createWorld({ name: 'se', redisUrl: sentinels.url, redisSettings: 'replicas: 1' });
  await Promise.all([world.startApi(), world.startWorker()]);
});
afterAll(async () => {
  await world?.close();
  await sentinels?.stop();
});

describe('a primary that dies', () => {
  test('I1 I3 is replaced by a replica: nothing that was accepted is lost, and nothing is made twice', async () => {
    const ledger = createLedger(world);
    await world.platform.setFaults({ fault: 'slow', ms: 20 });
    const early = [...(await ledger.place(10)), ...(await ledger.place(1, 3))];
    const steady = postSteadily(world, 200);
    await until(async () => (await world.platform.state()).subscribers.length > 4, 'orders are in flight');
    const before = await sentinels.primary();
    // What comes now reaches no replica before the primary dies: it must not be answered 202.
    const replicas = sentinels.servers.filter(({ port }) => port !== before.port).map(({ pid }) => pid!);
    for (const pid of replicas) process.kill(pid, 'SIGSTOP');
    await until(() => steady.posted.some(isRefused), 'intake is refused');
    await before.kill();
    for (const pid of replicas) process.kill(pid, 'SIGCONT');
    await until(async () => (await sentinels.primary()).port !== before.port, 'a new primary', { everyMs: 100 });
    const soFar = steady.posted.length;
    await until(() => steady.posted.slice(soFar).some(isAccepted), 'intake goes on');
    await steady.stop();
    await world.platform.setFaults();

    const accepted = steady.posted.filter(isAccepted).map(([body, got]) => [body, got!.body as OrderSeen] as const);
    const again = await Promise.all(
      steady.posted
        .filter((one) => !isAccepted(one))
        .map(async ([body]) => [body, await world.crm.place(body)] as const),
    );
    expect(accepted.length).toBeGreaterThan(0);
    await lookNow((await sentinels.primary()).client());
    await ledger.expectCompleted([...early, ...accepted, ...again]);
  });
});
