import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from './support/until.ts';
import { createLedger, type Ledger } from './support/ledger.ts';
import { expectNoLeaks } from './support/search.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
let ledger: Ledger;

beforeAll(async () => {
  world = await createWorld({ name: 'pl' });
  ledger = createLedger(world);
  await Promise.all([world.startApi(), world.startWorker(), world.startWorker()]);
});
afterAll(() => world?.close());

interface TargetSeen {
  readonly breaker: { readonly state: string; readonly reason: { readonly code: string } | null };
}
const breaker = async () => (await world.desk.get<TargetSeen>('/v1/targets/vienna')).breaker;
const breakerOpens = () => until(async () => (await breaker()).state !== 'closed', 'the breaker opens');
const breakerCloses = () => until(async () => (await breaker()).state === 'closed', 'the breaker closes');

describe('a platform', () => {
  test('I6 that refuses connections: orders wait, say why, burn no attempt, and complete when it is back', async () => {
    world.platformLink.down();
    const orders = [...(await ledger.place(3)), ...(await ledger.place(1, 3))];
    await breakerOpens();
    expect((await breaker()).reason?.code).toBe('TURNUP_TARGET_UNREACHABLE');
    const waiting = await Promise.all(orders.map(([, { id }]) => world.crm.order(id)));
    expect(waiting.map(({ blockedBy }) => blockedBy?.kind)).toEqual(waiting.map(() => 'target'));
    expect(await world.platform.calls()).toEqual([]);

    await world.platformLink.up();
    const ended = await ledger.expectCompleted(orders);
    const attempts = ended.flatMap(({ steps }) => steps.map((step) => step.attempts));
    expect(attempts).toEqual(attempts.map(() => 1));
    await breakerCloses();
  });

  test('I3 whose connections break in mid-run: everything is made once, nothing is held', async () => {
    await world.platform.setFaults({ match: { method: 'POST' }, fault: 'slow', ms: 100 });
    const orders = [...(await ledger.place(8)), ...(await ledger.place(1, 4))];
    const before = (await world.platform.calls()).length;
    await until(
      async () => (await world.platform.calls()).slice(before).some(({ method }) => method === 'POST'),
      'objects are being made',
    );
    world.platformLink.down();
    await breakerOpens();
    await world.platform.setFaults();
    await world.platformLink.up();
    await ledger.expectCompleted(orders);
    await breakerCloses();
  });

  test('I3 that does the work and loses the replies: everything is made once', async () => {
    await world.platform.setFaults({ match: { method: 'POST', path: '/api/*' }, fault: 'dropReply', times: 6 });
    const orders = [...(await ledger.place(6)), ...(await ledger.place(1, 3))];
    await ledger.expectCompleted(orders);
    await breakerCloses();
  });

  test('I8 no secret is in Redis, its files, a log or an answer', async () => {
    await expectNoLeaks(world);
  });
});

describe('a platform process', () => {
  test('that is started only after the orders were accepted finds them all made', async () => {
    const late = await createWorld({ name: 'la' });
    try {
      const [platform] = late.processes;
      await platform!.kill();
      await Promise.all([late.startApi(), late.startWorker()]);
      const lateLedger = createLedger(late);
      const orders = [...(await lateLedger.place(2)), ...(await lateLedger.place(1, 2))];
      await until(
        async () => (await late.crm.order(orders[0]![1].id)).blockedBy?.kind === 'target',
        'the order waits for its target',
      );
      await late.startPlatform();
      await lateLedger.expectCompleted(orders);
    } finally {
      await late.close();
    }
  });
});
