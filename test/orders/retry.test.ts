import { describe, expect, test } from 'vitest';
import { planOf, useOrders } from './harness.ts';

const orders = useOrders();
const EVE = 'operator:eve';
const two = planOf('customer', 's1.subscriber', 's2.subscriber');

describe('retry', () => {
  test('I9 lets a held order go on: its failed steps with fresh attempts', async () => {
    const id = await orders.accept({ plan: two });
    await orders.done(id, 'customer');
    await orders.failed(id, 's1.subscriber', false);
    await orders.failed(id, 's1.subscriber');
    await orders.failed(id, 's2.subscriber');
    await orders.redis.zadd(orders.keys.live(), 0, id);
    expect(await orders.store.retry(id, EVE)).toEqual({
      kind: 'retried',
      steps: ['s1.subscriber', 's2.subscriber'],
      run: 1,
      direction: 'f',
    });
    const order = await orders.store.read(id);
    expect(order).toMatchObject({ state: 'inProgress', run: 1, error: null });
    expect(order?.steps.map((step) => [step.state, step.attempts])).toEqual([
      ['done', 1],
      ['waiting', 0],
      ['waiting', 0],
    ]);
    expect(await orders.field(id, 'failed')).toBe('0');
    expect(Number(await orders.redis.zscore(orders.keys.live(), id))).toBeGreaterThan(0);
    expect((await orders.store.journal(id, { limit: 100 }))?.items.slice(-2)).toMatchObject([
      { type: 'retried', by: EVE, detail: { steps: ['s1.subscriber', 's2.subscriber'] } },
      { type: 'state', by: EVE, detail: { from: 'held', to: 'inProgress', why: 'retried' } },
    ]);
    expect(await orders.begin(id, 's1.subscriber')).toMatchObject({ kind: 'go', assignment: { attempt: 1 } });
  });

  test('of one step leaves the others failed, and the order is held by them again', async () => {
    const id = await orders.accept({ plan: two });
    await orders.done(id, 'customer');
    await orders.failed(id, 's1.subscriber');
    await orders.failed(id, 's2.subscriber');
    expect(await orders.store.retry(id, EVE, ['s1.subscriber'])).toMatchObject({ steps: ['s1.subscriber'] });
    expect(await orders.field(id, 'failed')).toBe('1');
    await orders.done(id, 's1.subscriber');
    expect(await orders.store.read(id)).toMatchObject({ state: 'held', error: { step: 's2.subscriber' } });
  });

  test('of a failed step while others still run', async () => {
    const id = await orders.accept({ plan: two });
    await orders.done(id, 'customer');
    await orders.failed(id, 's1.subscriber');
    expect(await orders.store.retry(id, EVE, ['s1.subscriber'])).toMatchObject({ kind: 'retried' });
  });

  test('is refused when nothing has failed, when the order is over, and for a step that has not failed', async () => {
    const id = await orders.accept({ plan: planOf('customer', 's1.subscriber') });
    expect(await orders.store.retry(id, EVE)).toMatchObject({ kind: 'refused', state: 'acknowledged' });
    await orders.done(id, 'customer');
    expect(await orders.store.retry(id, EVE)).toMatchObject({ kind: 'refused', state: 'inProgress' });
    await orders.failed(id, 's1.subscriber');
    const before = await orders.raw(id);
    expect(await orders.store.retry(id, EVE, ['customer'])).toMatchObject({ kind: 'refused', state: 'held' });
    expect(await orders.raw(id)).toEqual(before);
    await orders.store.retry(id, EVE);
    await orders.done(id, 's1.subscriber');
    await orders.store.settle(id, 1);
    const refused = await orders.store.retry(id, EVE);
    expect(refused).toMatchObject({
      kind: 'refused',
      state: 'completed',
      reason: expect.stringContaining('completed'),
    });
    expect((await orders.journalTypes(id)).filter((type) => type === 'retried')).toHaveLength(1);
  });

  test('of an order that is gone', async () => {
    expect(await orders.store.retry('no-such-order', EVE)).toEqual({ kind: 'missing' });
    expect(await orders.redis.dbsize()).toBe(0);
  });

  test('thousands of failed steps are all named', async () => {
    const ids = Array.from({ length: 9_000 }, (_, at) => `s${at + 1}.subscriber`);
    const id = await orders.accept({ plan: planOf('customer', ...ids) });
    const fields = ids.flatMap((step) => [`s:${step}:st`, 'failed']);
    await orders.redis.hset(orders.keys.order(id), { state: 'held', failed: ids.length });
    await orders.redis.hset(orders.keys.order(id), ...fields);
    expect(await orders.store.retry(id, EVE)).toMatchObject({ kind: 'retried', steps: ids });
  });

  describe('of an undo', () => {
    async function undoFailed() {
      const id = await orders.accept({ steps: ['customer'], externalId: 'E-1', secrets: 'sealed', keyId: 'k1' });
      await orders.done(id, 'customer');
      await orders.store.turn(id, 'cancel', 'client:crm', 'no longer wanted');
      const attempt = await orders.started(id, 'customer', { direction: 'u' });
      const failure = { code: 'TURNUP_UNDO_FAILED', title: 't', detail: null, class: 'bug', hint: 'h' } as const;
      await orders.store.fail({ ...attempt, failure, final: true, calls: [] });
      return id;
    }

    test('goes on with the undo', async () => {
      const id = await undoFailed();
      expect(await orders.store.read(id)).toMatchObject({
        state: 'held',
        direction: 'undo',
        error: { step: 'customer' },
      });
      expect(await orders.store.retry(id, EVE)).toEqual({
        kind: 'retried',
        steps: ['customer'],
        run: 1,
        direction: 'u',
      });
      expect(await orders.store.read(id)).toMatchObject({
        state: 'pendingCancellation',
        steps: [{ state: 'undoing' }],
      });
      expect(await orders.begin(id, 'customer', { direction: 'u' })).toMatchObject({ kind: 'go' });
    });

    test('an order that failed and was undone starts again as the next run, behind who came meanwhile', async () => {
      const id = await orders.accept({
        customer: 'C-1',
        steps: ['customer'],
        externalId: 'E-1',
        idempotencyMs: 60_000,
      });
      await orders.failed(id, 'customer');
      await orders.store.turn(id, 'undo', EVE, 'try again');
      expect(await orders.store.settle(id, 1)).toMatchObject({ kind: 'settled', state: 'failed' });
      const other = await orders.accept({ customer: 'C-1', steps: ['customer'] });
      expect(await orders.store.retry(id, EVE)).toEqual({ kind: 'replayed', run: 2, head: false });
      expect(await orders.store.read(id)).toMatchObject({
        state: 'pending',
        run: 2,
        direction: 'forward',
        startedAt: null,
        completedAt: null,
        error: null,
        blockedBy: { kind: 'order', id: other },
        steps: [{ state: 'waiting', attempts: 0, error: null, outcome: null }],
      });
      expect(await orders.redis.zscore(orders.keys.settled(), id)).toBeNull();
      expect(await orders.redis.pttl(orders.keys.idempotency('crm', 'e', 'E-1'))).toBe(-1);
      // The run before is fenced.
      expect(await orders.begin(id, 'customer')).toEqual({ kind: 'superseded' });
      expect(await orders.completed(other)).toBe(id);
      expect(await orders.begin(id, 'customer', { run: 2 })).toMatchObject({ kind: 'go' });
    });

    test('I4 an order that was closed with things left on the target does not start again', async () => {
      const id = await undoFailed();
      await orders.store.close(id, EVE, 'leave it');
      await orders.redis.hset(orders.keys.order(id), 'state', 'failed');
      expect(await orders.store.retry(id, EVE)).toMatchObject({ kind: 'refused' });
    });
  });
});
