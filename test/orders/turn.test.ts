import { describe, expect, test } from 'vitest';
import { planOf, REFUSED, useOrders } from './harness.ts';

const orders = useOrders();
const EVE = 'operator:eve';
const two = planOf('customer', 's1.subscriber', 's2.subscriber');
const made = { outcome: 'created', result: {}, calls: [] } as const;

async function undo(id: string, step: string): Promise<void> {
  const attempt = await orders.started(id, step, { direction: 'u' });
  await orders.store.complete({ ...attempt, ...made });
}

async function failUndo(id: string, step: string): Promise<void> {
  const attempt = await orders.started(id, step, { direction: 'u' });
  await orders.store.fail({ ...attempt, failure: REFUSED, final: true, calls: [] });
}

describe('cancel', () => {
  test('of an order that has not begun ends it at once', async () => {
    const first = await orders.accept({ customer: 'C-1', steps: ['customer'] });
    const second = await orders.accept({ customer: 'C-1' });
    expect(await orders.store.turn(second, 'cancel', 'client:crm', 'no')).toEqual({ kind: 'cancelled', next: [] });
    expect(await orders.store.read(second)).toMatchObject({ state: 'cancelled', completedAt: expect.any(String) });
    expect(await orders.redis.zscore(orders.keys.settled(), second)).not.toBeNull();
    expect(await orders.redis.zscore(orders.keys.live(), second)).toBeNull();
    expect(await orders.completed(first)).toBeNull();
    expect((await orders.store.journal(second, { limit: 10 }))?.items.slice(-2)).toMatchObject([
      { type: 'cancelRequested', by: 'client:crm', detail: { reason: 'no' } },
      { type: 'state', by: 'client:crm', detail: { from: 'pending', to: 'cancelled' } },
    ]);
  });

  test('of a scheduled order takes it off the list', async () => {
    const id = await orders.accept({ notBefore: '2099-01-01T00:00:00Z' });
    expect(await orders.store.turn(id, 'cancel', 'client:crm', 'no')).toMatchObject({ kind: 'cancelled' });
    expect(await orders.redis.zcard(orders.keys.scheduled())).toBe(0);
  });

  test('I4 takes back what was created or changed, the last first, and leaves what was adopted', async () => {
    const id = await orders.accept({ plan: planOf('contact', 'customer', 's1.subscriber', 's1.preferences') });
    for (const [step, outcome] of [
      ['contact', 'adopted'],
      ['customer', 'created'],
      ['s1.subscriber', 'changed'],
      ['s1.preferences', 'unchanged'],
    ] as const) {
      await orders.store.complete({ ...(await orders.started(id, step)), outcome, result: { of: step }, calls: [] });
    }
    expect(await orders.store.turn(id, 'cancel', 'client:crm', 'no')).toEqual({ kind: 'turned' });
    expect(await orders.store.read(id)).toMatchObject({ state: 'pendingCancellation', direction: 'undo' });
    expect((await orders.store.placement(id))?.toUndo).toEqual(['customer', 's1.subscriber']);

    expect(await orders.begin(id, 'contact', { direction: 'u' })).toEqual({ kind: 'done', outcome: 'undone' });
    expect(await orders.begin(id, 's1.preferences', { direction: 'u' })).toEqual({ kind: 'done', outcome: 'undone' });
    expect(await orders.begin(id, 'customer', { direction: 'u' })).toEqual({
      kind: 'needs',
      missing: ['s1.subscriber'],
    });
    expect(await orders.store.settle(id, 1)).toEqual({ kind: 'open' });
    expect(await orders.begin(id, 's1.subscriber', { direction: 'u' })).toMatchObject({
      kind: 'go',
      assignment: { done: { outcome: 'changed', result: { of: 's1.subscriber' } } },
    });
    await undo(id, 's1.subscriber');
    await undo(id, 'customer');
    expect(await orders.store.settle(id, 1)).toMatchObject({ kind: 'settled', state: 'cancelled' });
    expect(await orders.store.read(id)).toMatchObject({ state: 'cancelled', error: null });
  });

  test('I7 nothing goes forward any more', async () => {
    const id = await orders.accept({ plan: two });
    await orders.done(id, 'customer');
    await orders.store.turn(id, 'cancel', 'client:crm', 'no');
    expect(await orders.begin(id, 's1.subscriber')).toEqual({ kind: 'superseded' });
  });

  test('I4 a step under way is waited for, and what vanished is for its undo to find out', async () => {
    const id = await orders.accept({ plan: two });
    await orders.done(id, 'customer');
    const attempt = await orders.started(id, 's1.subscriber', { exclusive: true });
    await orders.store.intend({ ...attempt, intent: 'absent', verb: 'create', calls: [] });
    await orders.store.turn(id, 'cancel', 'client:crm', 'no');
    expect(await orders.store.settle(id, 1)).toEqual({ kind: 'turning' });
    // Its worker is gone; its job comes again.
    expect(await orders.begin(id, 's1.subscriber')).toEqual({ kind: 'superseded' });
    expect(await orders.store.settle(id, 1)).toEqual({ kind: 'open' });
    expect((await orders.store.placement(id))?.toUndo).toEqual(['customer', 's1.subscriber']);
    // It may still be writing.
    expect(await orders.begin(id, 's1.subscriber', { direction: 'u' })).toMatchObject({ kind: 'takeover' });
    await orders.redis.hset(orders.keys.order(id), 's:s1.subscriber:w', 1_000);
    await undo(id, 's1.subscriber');
    await undo(id, 'customer');
    expect(await orders.store.settle(id, 1)).toMatchObject({ kind: 'settled', state: 'cancelled' });
  });

  test('of a held order', async () => {
    const id = await orders.accept({ plan: two });
    await orders.done(id, 'customer');
    await orders.failed(id, 's1.subscriber');
    await orders.failed(id, 's2.subscriber');
    expect(await orders.store.turn(id, 'cancel', 'client:crm', 'no')).toEqual({ kind: 'turned' });
    await undo(id, 'customer');
    expect(await orders.store.settle(id, 1)).toMatchObject({ state: 'cancelled' });
    expect(await orders.field(id, 'failed')).toBe('0');
  });

  test('is refused when it was asked before, when the order is over, past the point of no return, and of nothing', async () => {
    const id = await orders.accept({ plan: [{ ...two[0]!, class: 'pivot' }, two[1]!] });
    const again = await orders.accept();
    await orders.store.turn(again, 'cancel', 'client:crm', 'no');
    expect(await orders.store.turn(again, 'cancel', 'client:crm', 'no')).toMatchObject({ kind: 'refused' });
    const attempt = await orders.writing(id, 'customer');
    for (const at of ['under way', 'done']) {
      if (at === 'done') await orders.store.complete({ ...attempt, ...made });
      expect(await orders.store.turn(id, 'cancel', 'client:crm', 'no'), at).toMatchObject({
        kind: 'refused',
        reason: expect.stringContaining('customer'),
      });
    }
    await orders.done(id, 's1.subscriber');
    await orders.store.settle(id, 1);
    expect(await orders.store.turn(id, 'cancel', 'client:crm', 'no')).toMatchObject({
      kind: 'refused',
      state: 'completed',
    });
    expect(await orders.store.turn('no-such-order', 'cancel', 'client:crm', 'no')).toEqual({ kind: 'missing' });
    expect(await orders.redis.exists(orders.keys.journal('no-such-order'))).toBe(0);
    expect(await orders.journalTypes(id)).not.toContain('cancelRequested');
  });

  test('the pivot may be passed only once it has begun', async () => {
    const id = await orders.accept({ plan: [two[0]!, { ...two[1]!, class: 'pivot' }] });
    await orders.done(id, 'customer');
    expect(await orders.store.turn(id, 'cancel', 'client:crm', 'no')).toEqual({ kind: 'turned' });
  });
});

describe('undo of a held order', () => {
  test('ends in failed, with the error that stopped it', async () => {
    const id = await orders.accept({ plan: two });
    await orders.done(id, 'customer', 's1.subscriber');
    await orders.failed(id, 's2.subscriber');
    expect(await orders.store.turn(id, 'undo', EVE, 'start over')).toEqual({ kind: 'turned' });
    expect(await orders.store.read(id)).toMatchObject({ state: 'inProgress', direction: 'undo' });
    await undo(id, 's1.subscriber');
    await undo(id, 'customer');
    expect(await orders.store.settle(id, 1)).toMatchObject({ state: 'failed' });
    expect(await orders.store.read(id)).toMatchObject({
      state: 'failed',
      error: { ...REFUSED, step: 's2.subscriber' },
    });
  });

  test('is refused of one that is not held', async () => {
    const id = await orders.accept({ plan: two });
    expect(await orders.store.turn(id, 'undo', EVE, 'r')).toMatchObject({ kind: 'refused', state: 'acknowledged' });
  });

  test('I2 an undo that failed is retried, not begun anew', async () => {
    const id = await orders.accept({ plan: two });
    await orders.done(id, 'customer');
    await orders.failed(id, 's1.subscriber');
    await orders.failed(id, 's2.subscriber');
    await orders.store.turn(id, 'undo', EVE, 'r');
    await failUndo(id, 'customer');
    expect(await orders.store.read(id)).toMatchObject({
      state: 'held',
      direction: 'undo',
      error: { step: 'customer' },
    });
    for (const verb of ['undo', 'cancel'] as const) {
      expect(await orders.store.turn(id, verb, EVE, 'r')).toMatchObject({
        kind: 'refused',
        state: 'held',
        reason: expect.stringContaining('retry'),
      });
    }
    await orders.store.retry(id, EVE);
    await undo(id, 'customer');
    expect(await orders.store.settle(id, 1)).toMatchObject({ state: 'failed' });
  });

  test('I2 an undo is held only when nothing else of it can run', async () => {
    const id = await orders.accept({ plan: two });
    await orders.done(id, 'customer', 's1.subscriber', 's2.subscriber');
    await orders.redis.hset(orders.keys.order(id), 'left', 1);
    await orders.store.turn(id, 'cancel', 'client:crm', 'no');
    await failUndo(id, 's1.subscriber');
    expect((await orders.store.read(id))?.state).toBe('pendingCancellation');
    await undo(id, 's2.subscriber');
    expect(await orders.store.read(id)).toMatchObject({ state: 'held', error: { step: 's1.subscriber' } });
  });
});

describe('onFailure: undo', () => {
  async function undoing(...steps: string[]) {
    return orders.accept({ plan: planOf(...steps), onFailure: 'undo' });
  }

  test('turns the order round when nothing else can run, instead of holding it', async () => {
    const id = await undoing('customer', 's1.subscriber', 's2.subscriber');
    await orders.done(id, 'customer');
    const other = await orders.started(id, 's2.subscriber');
    await orders.failed(id, 's1.subscriber');
    expect(await orders.store.read(id)).toMatchObject({ state: 'inProgress', direction: 'forward' });
    expect(await orders.store.complete({ ...other, ...made })).toBe('turned');
    expect(await orders.store.read(id)).toMatchObject({ state: 'inProgress', direction: 'undo' });
    await undo(id, 's2.subscriber');
    // The failure that turned it round stops no undo.
    expect(await orders.store.read(id)).toMatchObject({ state: 'inProgress' });
    expect(await orders.field(id, 'failed')).toBe('0');
    await undo(id, 'customer');
    expect(await orders.store.settle(id, 1)).toMatchObject({ state: 'failed' });
    expect(await orders.store.read(id)).toMatchObject({ error: { ...REFUSED, step: 's1.subscriber' } });
    expect(await orders.journalTypes(id)).toContain('undoing');
  });

  test('I2 the undo of the very step that failed may fail as well: then the order is held', async () => {
    const id = await undoing('customer', 's1.subscriber');
    await orders.done(id, 'customer');
    const attempt = await orders.started(id, 's1.subscriber');
    await orders.store.intend({ ...attempt, intent: 'absent', verb: 'create', calls: [] });
    expect(await orders.store.fail({ ...attempt, failure: REFUSED, final: true, calls: [] })).toBe('turned');
    await failUndo(id, 's1.subscriber');
    expect(await orders.store.read(id)).toMatchObject({
      state: 'held',
      direction: 'undo',
      error: { step: 's1.subscriber' },
    });
    expect(await orders.field(id, 'failed')).toBe('1');
    await orders.store.retry(id, EVE);
    await undo(id, 's1.subscriber');
    await undo(id, 'customer');
    expect(await orders.store.settle(id, 1)).toMatchObject({ state: 'failed' });
  });

  test('past the point of no return it is held', async () => {
    const plan = planOf('customer', 's1.subscriber');
    const id = await orders.accept({ plan: [{ ...plan[0]!, class: 'pivot' }, plan[1]!], onFailure: 'undo' });
    await orders.done(id, 'customer');
    await orders.failed(id, 's1.subscriber');
    expect(await orders.store.read(id)).toMatchObject({ state: 'held', direction: 'forward' });
  });
});
