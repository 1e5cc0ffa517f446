import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { until } from './support/until.ts';
import { createLedger, type Ledger } from './support/ledger.ts';
import { expectNoLeaks } from './support/search.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
let ledger: Ledger;

beforeAll(async () => {
  world = await createWorld({ name: 'wo' });
  ledger = createLedger(world);
  await world.startApi();
});
afterEach(() => world.platform.setFaults());
afterAll(() => world?.close());

const callCount = async (): Promise<number> => (await world.platform.calls()).length;

const createsSince = async (before: number) =>
  (await world.platform.calls())
    .slice(before)
    .filter(({ method, path }) => method === 'POST' && path === '/api/subscribers/');

/** Waits until the platform has taken so many calls that create a subscriber, and has answered none of them. */
const inHand = (count: number, before: number) =>
  until(
    async () => (await createsSince(before)).filter(({ status }) => status === null).length >= count,
    `${count} subscribers are being created`,
    { everyMs: 5 },
  );

const SLOW = { match: { method: 'POST', path: '/api/subscribers/*' }, fault: 'slow' };

describe('a worker', () => {
  test('I3 that is killed -9 in mid-call: another one finishes, and nothing is made twice', async () => {
    const first = await world.startWorker();
    const before = await callCount();
    await world.platform.setFaults({ ...SLOW, ms: 1_000 });
    const orders = [...(await ledger.place(3)), ...(await ledger.place(1, 3))];
    await inHand(4, before);
    await first.kill();
    await world.platform.setFaults();

    const second = await world.startWorker();
    const ended = await ledger.expectCompleted(orders);
    const journals = await Promise.all(ended.map(({ id }) => world.crm.journal(id)));
    expect(journals.flat().filter(({ type }) => type === 'takenOver')).not.toEqual([]);
    await second.end();
  });

  test('that is told to stop finishes what it has in hand and ends with code 0', async () => {
    const first = await world.startWorker();
    const before = await callCount();
    await world.platform.setFaults({ ...SLOW, ms: 400 });
    const orders = await ledger.place(6);
    await inHand(4, before);
    expect(await first.end()).toBe(0);
    expect(first.lines.join()).not.toContain('handed back');
    expect(await createsSince(before)).not.toContainEqual(expect.objectContaining({ status: null }));

    await world.platform.setFaults();
    const second = await world.startWorker();
    const ended = await ledger.expectCompleted(orders);
    const journals = await Promise.all(ended.map(({ id }) => world.crm.journal(id)));
    expect(journals.flat().filter(({ type }) => type === 'takenOver')).toEqual([]);
    await second.end();
  });

  test('that is told to stop hands back what takes too long, and ends with code 0', async () => {
    const first = await world.startWorker(100);
    const before = await callCount();
    await world.platform.setFaults({ ...SLOW, ms: 2_400 });
    const orders = await ledger.place(4);
    await inHand(4, before);
    expect(await first.end()).toBe(0);
    expect(first.lines.join()).toContain('handed back');

    await world.platform.setFaults();
    await world.startWorker();
    await ledger.expectCompleted(orders);
  });

  test('I8 no secret is in Redis, its files, a log or an answer', async () => {
    await expectNoLeaks(world);
  });
});
