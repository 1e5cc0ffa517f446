import { describe, expect, test } from 'vitest';
import { planOf, REFUSED, useOrders } from './harness.ts';

const orders = useOrders();
const EVE = 'operator:eve';

describe('close', () => {
  test('partial when some of it was done', async () => {
    const id = await orders.accept({ customer: 'C-1', steps: ['customer', 's1.subscriber'] });
    const next = await orders.accept({ customer: 'C-1' });
    await orders.done(id, 'customer');
    await orders.failed(id, 's1.subscriber');
    expect(await orders.store.close(id, EVE, 'good enough')).toEqual({
      kind: 'closed',
      state: 'partial',
      next: [next],
    });
    expect(await orders.store.read(id)).toMatchObject({ state: 'partial', completedAt: expect.any(String) });
    expect(await orders.redis.zscore(orders.keys.settled(), id)).not.toBeNull();
    expect(await orders.redis.zscore(orders.keys.live(), id)).toBeNull();
    expect((await orders.store.journal(id, { limit: 100 }))?.items.slice(-2)).toMatchObject([
      { type: 'closed', by: EVE, detail: { reason: 'good enough' } },
      { type: 'state', by: EVE, detail: { from: 'held', to: 'partial' } },
    ]);
  });

  test('failed when nothing was', async () => {
    const id = await orders.accept();
    await orders.failed(id, 'customer');
    expect(await orders.store.close(id, EVE, 'r')).toEqual({ kind: 'closed', state: 'failed', next: [] });
    expect(await orders.store.read(id)).toMatchObject({ state: 'failed', error: { ...REFUSED, step: 'customer' } });
  });

  test('partial when a person did some of it', async () => {
    const id = await orders.accept({ plan: planOf('customer', 's1.subscriber') });
    await orders.failed(id, 'customer');
    await orders.store.skip(id, 'customer', EVE, 'by hand', {});
    await orders.failed(id, 's1.subscriber');
    expect(await orders.store.close(id, EVE, 'r')).toMatchObject({ state: 'partial' });
  });

  test('partial when the undo of something that was done failed', async () => {
    const id = await orders.accept({ plan: planOf('customer') });
    await orders.done(id, 'customer');
    await orders.store.turn(id, 'cancel', EVE, 'r');
    const attempt = await orders.started(id, 'customer', { direction: 'u' });
    await orders.store.fail({ ...attempt, failure: REFUSED, final: true, calls: [] });
    expect(await orders.store.close(id, EVE, 'r')).toMatchObject({ state: 'partial' });
  });

  test('failed when all that was done is undone', async () => {
    const id = await orders.accept({ plan: planOf('contact', 'customer', 's1.subscriber') });
    await orders.done(id, 'contact', 'customer');
    const forward = await orders.started(id, 's1.subscriber');
    await orders.store.intend({ ...forward, intent: 'absent', verb: 'create', calls: [] });
    await orders.store.fail({ ...forward, failure: REFUSED, final: true, calls: [] });
    await orders.store.turn(id, 'undo', EVE, 'r');
    for (const step of ['s1.subscriber', 'customer', 'contact']) {
      const attempt = await orders.started(id, step, { direction: 'u' });
      await orders.store.complete({ ...attempt, outcome: 'created', result: {}, calls: [] });
    }
    await orders.redis.hset(orders.keys.order(id), 'state', 'held');
    expect(await orders.store.close(id, EVE, 'r')).toMatchObject({ state: 'failed' });
  });

  test('is refused of an order that is not held, and of none', async () => {
    const id = await orders.accept();
    const before = await orders.raw(id);
    expect(await orders.store.close(id, EVE, 'r')).toEqual({ kind: 'refused', state: 'acknowledged' });
    expect(await orders.raw(id)).toEqual(before);
    expect(await orders.store.close('no-such-order', EVE, 'r')).toEqual({ kind: 'missing' });
    expect(await orders.journalTypes(id)).not.toContain('closed');
  });
});
