import { describe, expect, test } from 'vitest';
import { orderInput, REFUSED, useOrders } from './harness.ts';

const orders = useOrders();
const EVE = 'operator:eve';
const box = () => orders.redis.lrange(orders.keys.mailbox('lab', 'C-1'), 0, -1);

async function heldAndNext() {
  const held = await orders.accept({ customer: 'C-1', steps: ['customer', 's1.subscriber'] });
  const next = await orders.accept({ customer: 'C-1', steps: ['customer'] });
  await orders.done(held, 'customer');
  await orders.failed(held, 's1.subscriber');
  return { held, next };
}

describe('release', () => {
  test('lets the next order go although this one is held', async () => {
    const { held, next } = await heldAndNext();
    expect(await orders.store.release(held, EVE, 'the customer waits')).toEqual({ kind: 'released', next: [next] });
    expect((await orders.store.read(held))?.state).toBe('held');
    expect((await orders.store.read(next))?.state).toBe('acknowledged');
    expect((await orders.store.journal(held, { limit: 100 }))?.items.at(-1)).toMatchObject({
      type: 'released',
      by: EVE,
      detail: { reason: 'the customer waits' },
    });
  });

  test.each(['retry', 'skip', 'undo', 'cancel'] as const)('I5 until that is finished, no %s', async (verb) => {
    const { held, next } = await heldAndNext();
    await orders.store.release(held, EVE, 'r');
    const before = await orders.raw(held);
    const act = () => {
      if (verb === 'retry') return orders.store.retry(held, EVE);
      if (verb === 'skip') return orders.store.skip(held, 's1.subscriber', EVE, 'r', {});
      return orders.store.turn(held, verb, EVE, 'r');
    };
    expect(await act()).toMatchObject({ kind: 'refused', reason: expect.stringContaining(next) });
    expect(await orders.raw(held)).toEqual(before);
    await orders.completed(next);
    expect(await act()).toMatchObject({
      kind: { retry: 'retried', skip: 'skipped', undo: 'turned', cancel: 'turned' }[verb],
    });
    expect(await box()).toEqual([held]);
    // It stands in the mailbox again: later orders wait for it.
    const later = await orders.accept({ customer: 'C-1' });
    expect((await orders.store.read(later))?.blockedBy).toMatchObject({ id: held });
  });

  test('I5 a job of it that runs all the same begins nothing, until a retry has put it back', async () => {
    const { held, next } = await heldAndNext();
    await orders.store.release(held, EVE, 'r');
    const before = await orders.raw(held);
    expect(await orders.begin(held, 's1.subscriber')).toEqual({ kind: 'superseded' });
    expect(await orders.raw(held)).toEqual(before);
    await orders.completed(next);
    await orders.store.retry(held, EVE);
    expect(await orders.begin(held, 's1.subscriber')).toMatchObject({ kind: 'go' });
  });

  test('it may be closed at any time, and nobody is started twice', async () => {
    const { held, next } = await heldAndNext();
    const third = await orders.accept({ customer: 'C-1' });
    await orders.store.release(held, EVE, 'r');
    expect(await orders.store.close(held, EVE, 'r')).toEqual({ kind: 'closed', state: 'partial', next: [] });
    expect(await box()).toEqual([next, third]);
  });

  test('twice, of an order that is not held, and of none it is refused', async () => {
    const { held, next } = await heldAndNext();
    expect(await orders.store.release(next, EVE, 'r')).toMatchObject({ kind: 'refused', state: 'pending' });
    await orders.store.release(held, EVE, 'r');
    expect(await orders.store.release(held, EVE, 'r')).toMatchObject({ kind: 'refused', state: 'held' });
    expect(await orders.store.release('no-such-order', EVE, 'r')).toEqual({ kind: 'missing' });
    expect(await box()).toEqual([next]);
  });

  test('with nobody behind it', async () => {
    const id = await orders.accept({ customer: 'C-1' });
    const attempt = await orders.started(id, 'customer');
    await orders.store.fail({ ...attempt, failure: REFUSED, final: true, calls: [] });
    expect(await orders.store.release(id, EVE, 'r')).toEqual({ kind: 'released', next: [] });
    expect(await orders.store.accept(orderInput({ customer: 'C-1' }))).toMatchObject({ head: true });
  });
});
