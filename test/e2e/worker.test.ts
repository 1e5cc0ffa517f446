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

const createsSince = async (before: number, collection: string) =>
  (await world.platform.calls())
    .slice(before)
    .filter(({ method, path }) => method === 'POST' && path === `/api/${collection}/`);

/** Waits until the platform has taken so many calls that create such a thing, and has answered none of them. */
const inHand = (count: number, before: number, collection = 'subscribers') =>
  until(
    async () => (await createsSince(before, collection)).filter(({ status }) => status === null).length >= count,
    `${count} ${collection} are being created`,
    { everyMs: 5 },
  );

const slow = (collection: string, ms: number, times?: number) => ({
  match: { method: 'POST', path: `/api/${collection}/` },
  fault: 'slow',
  ms,
  ...(times && { times }),
});

describe('a worker', () => {
  test('I3 that is killed -9 in mid-call: another one finishes, and nothing is made twice', async () => {
    const first = await world.startWorker();
    const before = await callCount();
    // Two orders are in the middle of their contact when the others are in the middle of their subscribers.
    await world.platform.setFaults(slow('customercontacts', 2_000, 2), slow('subscribers', 2_000));
    const orders = [...(await ledger.place(4)), ...(await ledger.place(1, 2))];
    await inHand(2, before, 'customercontacts');
    await inHand(2, before);
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
    await world.platform.setFaults(slow('subscribers', 400));
    const orders = await ledger.place(6);
    await inHand(4, before);
    expect(await first.end()).toBe(0);
    expect(first.lines.join()).not.toContain('handed back');
    expect(await createsSince(before, 'subscribers')).not.toContainEqual(expect.objectContaining({ status: null }));

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
    await world.platform.setFaults(slow('subscribers', 2_400));
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
