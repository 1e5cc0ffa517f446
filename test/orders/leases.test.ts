import { describe, expect, test } from 'vitest';
import { useOrders, WRITE_MS } from './harness.ts';

const orders = useOrders();
const plan = async (id: string) => (await orders.store.placement(id))!.plan;

describe('a lease', () => {
  test('is seen while an attempt has it', async () => {
    const id = await orders.accept();
    expect(await orders.store.leases(id, await plan(id))).toEqual({ leases: [], lane: null });
    const { token } = await orders.writing(id, 'customer', { exclusive: true });
    const seen = await orders.store.leases(id, await plan(id));
    expect(seen).toEqual({ leases: [{ step: 'customer', token }], lane: 'customer' });
  });

  test('of an attempt that vanished is freed once its last write must have ended', async () => {
    const id = await orders.accept();
    const attempt = await orders.writing(id, 'customer', { exclusive: true });
    const lease = { step: 'customer', token: attempt.token };
    expect(await orders.store.freeLease(id, lease, WRITE_MS)).toBe(false);
    await orders.redis.hset(orders.keys.order(id), 's:customer:w', Date.now() - 2 * WRITE_MS);
    expect(await orders.store.freeLease(id, lease, WRITE_MS)).toBe(true);
    expect(await orders.store.leases(id, await plan(id))).toEqual({ leases: [], lane: null });
    expect(await orders.store.read(id)).toMatchObject({ steps: [{ state: 'waiting' }, {}, {}] });
    // I7: it may not write any more.
    expect(await orders.store.confirmLease(attempt)).toBe(false);
  });

  test('that somebody else has by now is left alone', async () => {
    const id = await orders.accept();
    const attempt = await orders.writing(id, 'customer');
    await orders.redis.hset(orders.keys.order(id), 's:customer:w', 1);
    expect(await orders.store.freeLease(id, { step: 'customer', token: 'older' }, WRITE_MS)).toBe(false);
    expect(await orders.store.confirmLease(attempt)).toBe(true);
  });
});

describe('the lane', () => {
  test.each(['done', 'skipped', 'failed', 'undone'])('held by a step that is %s is freed', async (state) => {
    const id = await orders.accept();
    await orders.redis.hset(orders.keys.order(id), 'lane', 'customer', 's:customer:st', state);
    expect(await orders.store.freeLane(id)).toBe(true);
    expect(await orders.field(id, 'lane')).toBeNull();
  });

  test.each(['waiting', 'active', 'undoing'])('held by a step that is %s is not', async (state) => {
    const id = await orders.accept();
    await orders.redis.hset(orders.keys.order(id), 'lane', 'customer', 's:customer:st', state);
    expect(await orders.store.freeLane(id)).toBe(false);
  });

  test('of nobody needs no freeing', async () => {
    expect(await orders.store.freeLane(await orders.accept())).toBe(false);
  });
});
