import { describe, expect, test } from 'vitest';
import { planOf, useOrders } from './harness.ts';

const orders = useOrders();

describe('settle', () => {
  test('ends an order with nothing left', async () => {
    const id = await orders.accept({ steps: ['customer'] });
    await orders.done(id, 'customer');
    const settled = await orders.store.settle(id, 1);
    expect(settled).toMatchObject({ kind: 'settled', state: 'completed', next: [], target: 'lab' });
    const order = await orders.store.read(id);
    expect(order).toMatchObject({ state: 'completed', error: null, blockedBy: null });
    expect(order?.completedAt).not.toBeNull();
    expect(await orders.redis.zscore(orders.keys.live(), id)).toBeNull();
    expect(await orders.redis.zscore(orders.keys.settled(), id)).toBe(await orders.field(id, 'completed'));
    expect(await orders.redis.exists(orders.keys.mailbox('lab', order!.customer.externalId))).toBe(0);
    expect((await orders.store.journal(id, { limit: 100 }))?.items.at(-1)).toMatchObject({
      type: 'state',
      detail: { from: 'inProgress', to: 'completed' },
    });
  });

  test('not while a step is left', async () => {
    const id = await orders.accept();
    const before = await orders.raw(id);
    expect(await orders.store.settle(id, 1)).toEqual({ kind: 'open' });
    await orders.done(id, 'customer', 's1.subscriber');
    await orders.started(id, 's1.preferences');
    expect(await orders.store.settle(id, 1)).toEqual({ kind: 'open' });
    expect(before['state']).toBe('acknowledged');
    expect((await orders.store.read(id))?.state).toBe('inProgress');
  });

  test('a step that was skipped is not left', async () => {
    const id = await orders.accept({ steps: ['customer', 's1.subscriber'] });
    await orders.done(id, 'customer');
    await orders.failed(id, 's1.subscriber');
    await orders.store.skip(id, 's1.subscriber', 'operator:eve', 'by hand', { subscriberId: 7 });
    expect(await orders.store.settle(id, 1)).toMatchObject({ kind: 'settled', state: 'completed' });
  });

  test('not twice, not of another run, not of an order that is gone', async () => {
    const id = await orders.accept({ plan: [] });
    expect(await orders.store.settle(id, 2)).toEqual({ kind: 'over', state: 'acknowledged' });
    await orders.store.settle(id, 1);
    const before = await orders.raw(id);
    expect(await orders.store.settle(id, 1)).toEqual({ kind: 'over', state: 'completed' });
    expect(await orders.store.settle('no-such-order', 1)).toEqual({ kind: 'over', state: null });
    expect(await orders.raw(id)).toEqual(before);
  });

  test('I5 passes the mailbox on to the next in line, and only to it', async () => {
    const ids: string[] = [];
    for (const _ of [1, 2, 3]) ids.push(await orders.accept({ customer: 'C-1', steps: ['customer'] }));
    expect(await orders.completed(ids[0]!)).toBe(ids[1]);
    expect((await orders.store.read(ids[1]!))?.state).toBe('acknowledged');
    expect((await orders.store.read(ids[2]!))?.state).toBe('pending');
    expect((await orders.store.journal(ids[1]!, { limit: 10 }))?.items.at(-1)).toMatchObject({
      type: 'state',
      by: 'turnup',
      detail: { from: 'pending', to: 'acknowledged', why: `order ${ids[0]} is finished` },
    });
    expect(await orders.completed(ids[1]!)).toBe(ids[2]);
    expect(await orders.completed(ids[2]!)).toBeNull();
  });

  test('the order that becomes head is looked at by the reconciler', async () => {
    const first = await orders.accept({ customer: 'C-1', steps: ['customer'] });
    const second = await orders.accept({ customer: 'C-1' });
    await orders.redis.zrem(orders.keys.live(), second);
    await orders.completed(first);
    expect(await orders.redis.zscore(orders.keys.live(), second)).not.toBeNull();
  });

  test('a failure of before is forgotten', async () => {
    const id = await orders.accept({ plan: planOf('customer') });
    await orders.failed(id, 'customer');
    await orders.store.retry(id, 'operator:eve');
    await orders.completed(id);
    expect((await orders.store.read(id))?.error).toBeNull();
  });
});
