import { describe, expect, test } from 'vitest';
import { planOf, REFUSED, useOrders } from './harness.ts';

const orders = useOrders();
const EVE = 'operator:eve';

describe('skip', () => {
  test('gives later steps the result of what a person did', async () => {
    const id = await orders.accept({ plan: planOf('customer', 's1.subscriber') });
    await orders.failed(id, 'customer');
    const result = { customerId: 12 };
    expect(await orders.store.skip(id, 'customer', EVE, 'made it by hand', result)).toEqual({
      kind: 'skipped',
      run: 1,
      direction: 'f',
    });
    expect(await orders.store.read(id)).toMatchObject({
      state: 'inProgress',
      error: null,
      steps: [{ state: 'skipped', result, error: null }, { state: 'waiting' }],
    });
    expect(await orders.begin(id, 's1.subscriber')).toMatchObject({
      kind: 'go',
      assignment: { needs: { customer: { outcome: 'skipped', result } } },
    });
    const entry = (await orders.store.journal(id, { limit: 100 }))?.items.find((one) => one.type === 'skipped');
    expect(entry).toMatchObject({ step: 'customer', by: EVE, detail: { reason: 'made it by hand', result } });
    expect([await orders.field(id, 'left'), await orders.field(id, 'failed')]).toEqual(['1', '0']);
  });

  test('of one of two failed steps leaves the order held by the other', async () => {
    const id = await orders.accept({ plan: planOf('customer', 's1.subscriber', 's2.subscriber') });
    await orders.done(id, 'customer');
    await orders.failed(id, 's1.subscriber');
    await orders.failed(id, 's2.subscriber');
    await orders.store.skip(id, 's1.subscriber', EVE, 'r', {});
    expect(await orders.store.read(id)).toMatchObject({ state: 'held', error: { step: 's2.subscriber' } });
    await orders.store.skip(id, 's2.subscriber', EVE, 'r', {});
    expect((await orders.store.read(id))?.state).toBe('inProgress');
    expect(await orders.store.settle(id, 1)).toMatchObject({ state: 'completed' });
  });

  test('lets go on what comes behind it although another step is still failed', async () => {
    const id = await orders.accept({ plan: planOf('customer', 's1.subscriber', 's1.preferences', 's2.subscriber') });
    await orders.done(id, 'customer');
    await orders.failed(id, 's1.subscriber');
    await orders.failed(id, 's2.subscriber');
    await orders.store.skip(id, 's1.subscriber', EVE, 'r', {});
    expect((await orders.store.read(id))?.state).toBe('inProgress');
    await orders.done(id, 's1.preferences');
    expect(await orders.store.read(id)).toMatchObject({ state: 'held', error: { step: 's2.subscriber' } });
  });

  test('of an undo: it counts as undone', async () => {
    const id = await orders.accept({ plan: planOf('customer') });
    await orders.done(id, 'customer');
    await orders.store.turn(id, 'cancel', EVE, 'r');
    const attempt = await orders.started(id, 'customer', { direction: 'u' });
    await orders.store.fail({ ...attempt, failure: REFUSED, final: true, calls: [] });
    expect(await orders.store.skip(id, 'customer', EVE, 'r', {})).toMatchObject({ direction: 'u' });
    expect(await orders.store.read(id)).toMatchObject({ state: 'pendingCancellation', steps: [{ state: 'undone' }] });
    expect(await orders.store.settle(id, 1)).toMatchObject({ state: 'cancelled' });
  });

  test('a reason of any characters', async () => {
    const id = await orders.accept();
    await orders.failed(id, 'customer');
    const reason = '"quoted" \\ \n Zoë \u2028 {"a":1}';
    await orders.store.skip(id, 'customer', EVE, reason, { empty: [], none: {} });
    const entry = (await orders.store.journal(id, { limit: 100 }))?.items.find((one) => one.type === 'skipped');
    expect(entry?.detail).toEqual({ reason, result: { empty: [], none: {} } });
  });

  test('is refused unless the step failed and the order is held', async () => {
    const id = await orders.accept({ plan: planOf('customer', 's1.subscriber', 's2.subscriber') });
    expect(await orders.store.skip(id, 'customer', EVE, 'r', {})).toMatchObject({ kind: 'refused' });
    await orders.done(id, 'customer');
    await orders.failed(id, 's1.subscriber');
    expect(await orders.store.skip(id, 's1.subscriber', EVE, 'r', {})).toMatchObject({ kind: 'refused' });
    await orders.failed(id, 's2.subscriber');
    const before = await orders.raw(id);
    for (const step of ['customer', 's9.subscriber', '']) {
      expect(await orders.store.skip(id, step, EVE, 'r', {})).toMatchObject({ kind: 'refused' });
    }
    expect(await orders.store.skip('no-such-order', 'customer', EVE, 'r', {})).toEqual({ kind: 'missing' });
    expect(await orders.raw(id)).toEqual(before);
  });
});
