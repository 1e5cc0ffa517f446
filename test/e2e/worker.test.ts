import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { waitFor } from '../setup/wait-for.ts';
import type { OrderBody, OrderSeen } from './support/orders.ts';
import { expectExactly } from './support/platform.ts';
import { expectNoLeaks } from './support/search.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
const placed: (readonly [OrderBody, OrderSeen])[] = [];

beforeAll(async () => {
  world = await createWorld({ name: 'wo' });
  await world.startApi();
});
afterEach(() => world.platform.setFaults());
afterAll(() => world?.close());

const place = async (count: number, subscribers = 1): Promise<(readonly [OrderBody, OrderSeen])[]> =>
  Promise.all(
    Array.from({ length: count }, async () => {
      const body = world.order(subscribers);
      return [body, await world.crm.place(body)] as const;
    }),
  );

async function expectAllCompleted(orders: readonly (readonly [OrderBody, OrderSeen])[]): Promise<OrderSeen[]> {
  const ended = await Promise.all(orders.map(([, { id }]) => world.crm.completed(id)));
  placed.push(...orders.map(([body], at) => [body, ended[at]!] as const));
  expectExactly(await world.platform.state(), placed);
  return ended;
}

/** Resolves when the platform has taken so many more calls that create a subscriber, and has not answered them. */
async function createsInHand(): Promise<(count: number) => Promise<unknown>> {
  const before = (await world.platform.calls()).length;
  return (count) =>
    waitFor(
      async () => {
        const open = (await world.platform.calls())
          .slice(before)
          .filter(({ method, path, status }) => method === 'POST' && path === '/api/subscribers/' && status === null);
        return open.length >= count;
      },
      { what: `${count} subscribers are being created`, everyMs: 5 },
    );
}

const SLOW = { match: { method: 'POST', path: '/api/subscribers/*' }, fault: 'slow' };

describe('a worker', () => {
  test('I3 that is killed -9 in mid-call: another one finishes, and nothing is made twice', async () => {
    const first = await world.startWorker();
    const inHand = await createsInHand();
    await world.platform.setFaults({ ...SLOW, ms: 1_000 });
    const orders = [...(await place(3)), ...(await place(1, 3))];
    await inHand(4);
    await first.kill();
    await world.platform.setFaults();

    const second = await world.startWorker();
    const ended = await expectAllCompleted(orders);
    const journals = await Promise.all(ended.map(({ id }) => world.crm.journal(id)));
    expect(journals.flat().filter(({ type }) => type === 'takeover')).not.toEqual([]);
    await second.end();
  });

  test('that is told to stop finishes what it has in hand and ends with code 0', async () => {
    const first = await world.startWorker();
    const inHand = await createsInHand();
    await world.platform.setFaults({ ...SLOW, ms: 400 });
    const orders = await place(6);
    await inHand(4);
    expect(await first.end()).toBe(0);
    expect(first.lines.join()).not.toContain('handed back');
    const before = await Promise.all(orders.map(([, { id }]) => world.crm.order(id)));
    expect(before.flatMap(({ steps }) => steps.filter(({ state }) => state === 'active'))).toEqual([]);

    await world.platform.setFaults();
    const second = await world.startWorker();
    const ended = await expectAllCompleted(orders);
    expect(ended.flatMap(({ steps }) => steps.map(({ attempts }) => attempts))).toEqual(
      ended.flatMap(({ steps }) => steps.map(() => 1)),
    );
    await second.end();
  });

  test('that is told to stop hands back what takes too long, and ends with code 0', async () => {
    const first = await world.startWorker();
    const inHand = await createsInHand();
    await world.platform.setFaults({ ...SLOW, ms: 2_300 });
    const orders = await place(4);
    await inHand(4);
    expect(await first.end()).toBe(0);
    expect(first.lines.join()).toContain('handed back');

    await world.platform.setFaults();
    await world.startWorker();
    await expectAllCompleted(orders);
  });

  test('I8 no secret is in Redis, its files, a log or an answer', async () => {
    await expectNoLeaks(world);
  });
});
