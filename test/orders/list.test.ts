import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OrderFilter, OrderView } from '../../src/orders/record.ts';
import { ORDER_STATES, TERMINAL_STATES, type OrderState } from '../../src/orders/states.ts';
import { createKeys } from '../../src/redis/keys.ts';
import { CLIENTS, ordersOn, useOrders, type Orders } from './harness.ts';

const orders = useOrders();

async function pages(on: Orders, filter: OrderFilter): Promise<OrderView[][]> {
  const found: OrderView[][] = [];
  for (let cursor: string | undefined; ;) {
    const page = await on.store.list({ ...filter, ...(cursor !== undefined && { cursor }) });
    found.push(page.items);
    if (page.next === null) return found;
    if (found.length > 100) throw new Error('the pages do not end');
    cursor = page.next;
  }
}

/** Puts an order into a state as the verbs would leave its indexes, without walking there. */
async function force(on: Orders, id: string, state: OrderState): Promise<void> {
  const from = await on.field(id, 'state');
  await on.redis.zrem(on.keys.index('state', from!), id);
  await on.redis.zadd(on.keys.index('state', state), 0, id);
  await on.redis.hset(on.keys.order(id), 'state', state);
}

const TARGETS = ['lab', 'vienna'];
const CUSTOMERS = ['C-1', 'C-2', 'C:3'];

const population = fc.array(
  fc.record({
    client: fc.constantFrom(...CLIENTS),
    target: fc.constantFrom(...TARGETS),
    customer: fc.constantFrom(...CUSTOMERS),
    externalId: fc.constantFrom('E-1', 'E-2', 'E-3', 'E-4', 'E-5', 'E-6'),
    state: fc.constantFrom(...ORDER_STATES),
    archived: fc.boolean(),
  }),
  { maxLength: 30 },
);
const maybe = <T>(values: readonly T[]) => fc.option(fc.constantFrom(...values), { nil: undefined, freq: 2 });
const filters = fc.array(
  fc.record({
    client: maybe(CLIENTS),
    target: maybe([...TARGETS, 'nowhere']),
    customer: maybe([...CUSTOMERS, 'C-9']),
    externalId: maybe(['E-1', 'E-2', 'E-9']),
    state: maybe(ORDER_STATES),
    limit: fc.integer({ min: 1, max: 7 }),
  }),
  { minLength: 1, maxLength: 6 },
);

describe('list', () => {
  test('any filter gives exactly the orders that match it, newest first, through all its pages', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(population, filters, async (wanted, asked) => {
        run += 1;
        const on = ordersOn(orders.server, orders.redis, createKeys(`{run${run}}`));
        const all: OrderView[] = [];
        for (const { state, archived, ...rest } of wanted) {
          const accepted = await on.accept(rest);
          // An externalId that was taken gave no new order.
          if (all.some((order) => order.id === accepted)) continue;
          await force(on, accepted, state);
          if (archived && TERMINAL_STATES.includes(state)) await on.store.archive(accepted, 60_000);
          all.unshift((await on.store.read(accepted))!);
        }
        for (const filter of asked) {
          const { limit, client, target, customer, externalId, state } = filter;
          const expected = all.filter(
            (order) =>
              (client ?? order.client) === order.client &&
              (target ?? order.target) === order.target &&
              (customer ?? order.customer.externalId) === order.customer.externalId &&
              (externalId ?? order.externalId) === order.externalId &&
              (state ?? order.state) === order.state,
          );
          const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
          const found = await pages(on, given as unknown as OrderFilter);
          expect(found.flat().map((order) => order.id)).toEqual(expected.map((order) => order.id));
          expect(found.every((page) => page.length <= limit)).toBe(true);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('a list holds orders as they are read', async () => {
    const id = await orders.accept();
    expect((await orders.store.list({ limit: 10 })).items).toEqual([await orders.store.read(id)]);
  });

  test('a page that ends with the last order has no next', async () => {
    for (const _ of [1, 2, 3, 4]) await orders.accept();
    expect((await orders.store.list({ limit: 4 })).next).toBeNull();
    const first = await orders.store.list({ limit: 2 });
    expect(first.next).toBe(first.items[1]!.id);
    expect(await orders.store.list({ limit: 2, cursor: first.next! })).toMatchObject({ next: null });
  });

  test('more orders than one look takes', async () => {
    const made: string[] = [];
    for (let at = 0; at < 230; at += 1)
      made.push(await orders.accept({ client: at === 3 ? 'shop' : 'crm', target: 'lab' }));
    const found = await pages(orders, { limit: 120, target: 'lab' });
    expect(found.flat().map((order) => order.id)).toEqual(made.toReversed());
    expect((await pages(orders, { limit: 5, client: 'shop', target: 'lab' })).flat()).toHaveLength(1);
  });

  test('a rare filter hands out a cursor instead of stalling, and is found by it', async () => {
    const rare = await orders.accept({ client: 'shop' });
    const template = await orders.raw(rare);
    const writes = orders.redis.pipeline();
    for (let at = 0; at < 2_100; at += 1) {
      const id = `ffffffff-0000-7000-8000-${at.toString(16).padStart(12, '0')}`;
      writes.hset(orders.keys.order(id), { ...template, client: 'crm' });
      writes.zadd(orders.keys.index('target', 'lab'), 0, id);
    }
    await writes.exec();
    const first = await orders.store.list({ target: 'lab', state: 'completed', limit: 10 });
    expect(first.items).toEqual([]);
    expect(first.next).not.toBeNull();
    const found = await pages(orders, { target: 'lab', externalId: template['ext']!, client: 'shop', limit: 10 });
    expect(found.flat().map((order) => order.id)).toEqual([rare]);
  });

  test('an externalId is found also when who placed the order is not known any more', async () => {
    const id = await orders.accept({ client: 'former', externalId: 'E-1' });
    expect((await orders.store.list({ externalId: 'E-1', limit: 10 })).items.map((order) => order.id)).toEqual([id]);
    expect((await orders.store.list({ externalId: 'E-1', client: 'former', limit: 10 })).items).toHaveLength(1);
    expect((await orders.store.list({ externalId: 'E-1', client: 'crm', limit: 10 })).items).toHaveLength(0);
  });

  test.each(['x', '', '*', '[a', '00000000-0000-0000-0000-00000000000G', '1-1'])(
    'the cursor %j is refused',
    async (cursor) => {
      await expect(orders.store.list({ limit: 10, cursor })).rejects.toMatchObject({
        code: 'TURNUP_INVALID_REQUEST',
        faults: [{ path: ['cursor'], message: 'is not a cursor' }],
      });
    },
  );

  test('a cursor beyond the last order gives nothing', async () => {
    await orders.accept();
    const cursor = '00000000-0000-7000-8000-000000000000';
    expect(await orders.store.list({ limit: 10, cursor })).toEqual({ items: [], next: null });
  });
});
