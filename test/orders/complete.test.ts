import { describe, expect, test } from 'vitest';
import { CALL, planOf, REFUSED, useOrders } from './harness.ts';

const orders = useOrders();
const made = { outcome: 'created', result: { customerId: 12 }, calls: [] } as const;

describe('complete', () => {
  test('keeps outcome and result, hands the lease back, and tells', async () => {
    const id = await orders.accept();
    const attempt = await orders.started(id, 'customer');
    await orders.store.intend({ ...attempt, intent: 'absent', verb: 'create', calls: [] });
    expect(await orders.store.complete({ ...attempt, ...made, calls: [CALL] })).toBe('completed');
    const order = await orders.store.read(id);
    expect(order?.steps[0]).toMatchObject({
      state: 'done',
      outcome: 'created',
      result: { customerId: 12 },
      error: null,
    });
    expect(order?.steps[0]?.finishedAt).not.toBeNull();
    const record = await orders.raw(id);
    expect(record['left']).toBe('2');
    expect([record['s:customer:l'], record['s:customer:w']]).toEqual([undefined, undefined]);
    const journal = await orders.store.journal(id, { limit: 10 });
    expect(journal?.items.at(-1)).toMatchObject({
      type: 'stepDone',
      step: 'customer',
      detail: { outcome: 'created', result: { customerId: 12 }, calls: [CALL] },
    });
  });

  test('an earlier error is gone', async () => {
    const id = await orders.accept();
    await orders.failed(id, 'customer', false);
    expect((await orders.store.read(id))?.steps[0]?.error).toEqual(REFUSED);
    await orders.done(id, 'customer');
    expect((await orders.store.read(id))?.steps[0]?.error).toBeNull();
  });

  test('I3 the same attempt may say so twice: it counts once', async () => {
    const id = await orders.accept();
    const attempt = await orders.started(id, 'customer');
    await orders.store.complete({ ...attempt, ...made });
    const before = await orders.raw(id);
    expect(await orders.store.complete({ ...attempt, ...made })).toBe('completed');
    expect(await orders.raw(id)).toEqual(before);
    expect((await orders.journalTypes(id)).filter((type) => type === 'stepDone')).toHaveLength(1);
  });

  test('also when the order has ended meanwhile', async () => {
    const id = await orders.accept({ steps: ['customer'] });
    const attempt = await orders.started(id, 'customer');
    await orders.store.complete({ ...attempt, ...made });
    await orders.store.settle(id, 1);
    expect(await orders.store.complete({ ...attempt, ...made })).toBe('completed');
  });

  test('I3 a late finisher is refused and told what is recorded', async () => {
    const id = await orders.accept();
    const late = await orders.started(id, 'customer');
    const second = await orders.started(id, 'customer');
    expect(await orders.store.complete({ ...late, ...made, result: { customerId: 99 } })).toEqual({
      refused: true,
      recorded: null,
    });
    await orders.store.complete({ ...second, ...made });
    const before = await orders.raw(id);
    expect(await orders.store.complete({ ...late, ...made, result: { customerId: 99 } })).toEqual({
      refused: true,
      recorded: { customerId: 12 },
    });
    expect(await orders.raw(id)).toEqual(before);
  });

  test.each([
    ['run', { run: '2' }],
    ['state', { state: 'cancelled' }],
  ])('I7 of another %s it is refused', async (_, fields) => {
    const id = await orders.accept();
    const attempt = await orders.started(id, 'customer');
    await orders.redis.hset(orders.keys.order(id), fields);
    const before = await orders.raw(id);
    expect(await orders.store.complete({ ...attempt, ...made })).toEqual({ refused: true, recorded: null });
    expect(await orders.raw(id)).toEqual(before);
  });

  test('I4 an attempt under way when the order is turned round is recorded, so that undo knows', async () => {
    const id = await orders.accept();
    const attempt = await orders.started(id, 'customer');
    await orders.store.turn(id, 'cancel', 'client:crm', 'no longer wanted');
    expect(await orders.store.complete({ ...attempt, ...made })).toBe('turned');
    expect((await orders.store.placement(id))?.toUndo).toEqual(['customer']);
  });

  test('I4 an undo that is complete is told twice as once', async () => {
    const id = await orders.accept();
    await orders.done(id, 'customer');
    await orders.store.turn(id, 'cancel', 'client:crm', 'no longer wanted');
    const undo = await orders.started(id, 'customer', { direction: 'u' });
    expect(await orders.store.complete({ ...undo, ...made })).toBe('completed');
    expect(await orders.store.complete({ ...undo, ...made })).toBe('completed');
    expect((await orders.store.read(id))?.steps[0]?.state).toBe('undone');
    expect((await orders.journalTypes(id)).filter((type) => type === 'stepUndone')).toHaveLength(1);
  });

  test('the last step that could run completes: the order is held by the one that failed', async () => {
    const id = await orders.accept({ plan: planOf('customer', 's1.subscriber', 's2.subscriber') });
    await orders.done(id, 'customer');
    await orders.failed(id, 's1.subscriber');
    expect((await orders.store.read(id))?.state).toBe('inProgress');
    await orders.done(id, 's2.subscriber');
    expect(await orders.store.read(id)).toMatchObject({ state: 'held', error: { step: 's1.subscriber' } });
  });

  test('a result of any shape comes back as it was', async () => {
    const id = await orders.accept();
    const attempt = await orders.started(id, 'customer');
    const result = { empty: [], none: {}, big: 9_007_199_254_740_991, text: 'Zoë "quoted" \\ /', at: null };
    await orders.store.complete({ ...attempt, outcome: 'adopted', result, calls: [] });
    expect((await orders.store.read(id))?.steps[0]?.result).toEqual(result);
    const begun = await orders.begin(id, 's1.subscriber');
    expect(begun).toMatchObject({ assignment: { needs: { customer: { outcome: 'adopted', result } } } });
  });
});
