import { describe, expect, test } from 'vitest';
import { createOrderStore } from '../../src/orders/store.ts';
import { useOrders } from './harness.ts';

const orders = useOrders();

describe('watch', () => {
  test('I2 live orders are due for a look a while after they came, and again after each look', async () => {
    const id = await orders.accept();
    expect(await orders.store.dueForLook(10, 1_000)).toEqual([]);
    const due = Number(await orders.redis.zscore(orders.keys.live(), id)) - Date.now();
    // Within a minute (I2).
    expect(due).toBeLessThanOrEqual(60_000);
    await orders.redis.zadd(orders.keys.live(), 0, id);
    expect(await orders.store.dueForLook(10, 60_000)).toEqual([id]);
    expect(await orders.store.dueForLook(10, 60_000)).toEqual([]);
  });

  test('as many as asked for, the longest waiting first', async () => {
    const ids = [await orders.accept(), await orders.accept(), await orders.accept()];
    for (const [at, id] of ids.entries()) await orders.redis.zadd(orders.keys.live(), 10 - at, id);
    expect(await orders.store.dueForLook(2, 60_000)).toEqual([ids[2], ids[1]]);
    expect(await orders.store.dueForLook(2, 60_000)).toEqual([ids[0]]);
  });

  test('an order that ends while it is looked at does not come back', async () => {
    const id = await orders.accept({ plan: [] });
    await orders.redis.zadd(orders.keys.live(), 0, id);
    const late = new Proxy(orders.redis, {
      get(target, name, receiver) {
        const member = Reflect.get(target, name, receiver) as unknown;
        if (name !== 'zadd') return member;
        return async (...args: unknown[]) => {
          await orders.store.settle(id, 1);
          return (member as (...given: unknown[]) => unknown).apply(target, args);
        };
      },
    });
    expect(await createOrderStore({ redis: late, keys: orders.keys }).dueForLook(10, 0)).toEqual([id]);
    expect(await orders.redis.zcard(orders.keys.live())).toBe(0);
  });

  test('a held order and one that waits are looked at as well', async () => {
    const held = await orders.accept({ customer: 'C-1' });
    const waiting = await orders.accept({ customer: 'C-1' });
    await orders.failed(held, 'customer');
    await orders.redis.zadd(orders.keys.live(), 'XX', 0, held, 0, waiting);
    expect((await orders.store.dueForLook(10, 1_000)).toSorted()).toEqual([held, waiting].toSorted());
  });

  test('scheduled orders are due when their time has come', async () => {
    const id = await orders.accept({ notBefore: new Date(Date.now() + 3_600_000).toISOString() });
    expect(await orders.store.dueForMailbox(10)).toEqual([]);
    await orders.redis.zadd(orders.keys.scheduled(), Date.now() - 1, id);
    expect(await orders.store.dueForMailbox(10)).toEqual([id]);
    await orders.store.enterMailbox(id);
    expect(await orders.store.dueForMailbox(10)).toEqual([]);
  });

  test('orders are counted by target and state', async () => {
    await orders.accept({ customer: 'C-1' });
    await orders.accept({ customer: 'C-1' });
    await orders.accept({ target: 'vienna' });
    expect(await orders.store.countByState()).toEqual(
      expect.arrayContaining([
        { target: 'lab', state: 'acknowledged', count: 1 },
        { target: 'lab', state: 'pending', count: 1 },
        { target: 'vienna', state: 'acknowledged', count: 1 },
      ]),
    );
  });
});
