import { describe, expect, test } from 'vitest';
import { REFUSED, useOrders, WRITE_MS, type Wanted } from './harness.ts';

const orders = useOrders();
const LATE = { deadline: '2099-01-01T00:00:00.000Z' };

/** An order whose deadline passes once what it has done so far is done. */
async function accept(wanted: Wanted = {}): Promise<string> {
  return orders.accept({ ...LATE, ...wanted });
}

async function pass(id: string): Promise<void> {
  await orders.redis.hset(orders.keys.order(id), 'deadline', 1_000);
  await orders.redis.zadd(orders.keys.deadlines(), 'XX', 1_000, id);
}

const stop = (id: string, ...inHand: string[]) => orders.store.holdOverdue(id, WRITE_MS, inHand);

describe('the deadline of an order that waits', () => {
  test('is due when it has passed, not before, and not after the order has ended', async () => {
    const [id, other, ended] = [await accept(), await accept(), await accept()];
    expect(await orders.store.dueDeadlines(10)).toEqual([]);
    await pass(id);
    expect(await orders.store.dueDeadlines(10)).toEqual([id]);
    await orders.completed(ended);
    expect(await orders.redis.zrangebyscore(orders.keys.deadlines(), '-inf', '+inf')).toEqual([id, other]);
  });

  test('fails every step that could be next, and so holds the order', async () => {
    const id = await accept({ steps: ['customer', 's1.subscriber', 's1.preferences', 's2.subscriber'] });
    await orders.done(id, 'customer');
    await pass(id);
    expect(await stop(id)).toBe('held');
    const order = await orders.store.read(id);
    expect(order).toMatchObject({ state: 'held', error: { code: 'TURNUP_DEADLINE_PASSED', step: 's1.subscriber' } });
    expect(order?.steps.map(({ state }) => state)).toEqual(['done', 'failed', 'waiting', 'failed']);
    expect(await orders.field(id, 'failed')).toBe('2');
    expect(await orders.store.dueDeadlines(10)).toEqual([]);
    // Asked again, by another process, it changes nothing.
    const before = await orders.raw(id);
    expect(await stop(id)).toBe('none');
    expect(await orders.raw(id)).toEqual(before);
  });

  test('a retry lets the order go on without it', async () => {
    const id = await accept();
    await pass(id);
    await stop(id);
    expect(await orders.store.retry(id, 'operator:eve')).toMatchObject({ kind: 'retried', steps: ['customer'] });
    expect(await stop(id)).toBe('none');
    await orders.done(id, 'customer', 's1.subscriber', 's1.preferences');
    expect(await orders.store.settle(id, 1)).toMatchObject({ state: 'completed' });
  });

  test('turns an order round that asked for it', async () => {
    const id = await accept({ onFailure: 'undo' });
    await orders.done(id, 'customer');
    await pass(id);
    expect(await stop(id)).toBe('turned');
    expect(await orders.store.read(id)).toMatchObject({ state: 'inProgress', direction: 'undo' });
  });

  test('leaves a step alone that somebody has in hand, or may be writing, and looks again soon', async () => {
    const id = await accept();
    await orders.writing(id, 'customer');
    await pass(id);
    expect(await stop(id, 'customer')).toBe('busy');
    expect(await orders.store.dueDeadlines(10)).toEqual([]);
    expect(await stop(id)).toBe('busy');
    // The write must have ended, and nobody has its job in hand: whoever wrote is gone.
    await orders.redis.hset(orders.keys.order(id), 's:customer:w', Date.now() - 2 * WRITE_MS);
    expect(await stop(id)).toBe('held');
    expect(await orders.field(id, 's:customer:l')).toBeNull();
  });

  test('leaves nobody alone who has its job in hand, also when it only looks', async () => {
    const id = await accept();
    await orders.started(id, 'customer');
    await pass(id);
    expect(await stop(id, 'customer')).toBe('busy');
    expect(await stop(id)).toBe('held');
  });

  test('stops an order that waits for another one, and a retry puts it back into its place', async () => {
    const first = await orders.accept({ customer: 'C-late' });
    const id = await accept({ customer: 'C-late' });
    await pass(id);
    expect(await stop(id)).toBe('held');
    await orders.store.retry(id, 'operator:eve');
    expect(await orders.store.read(id)).toMatchObject({ state: 'pending', blockedBy: { kind: 'order', id: first } });
    expect(await orders.completed(first)).toBe(id);
    expect(await orders.store.read(id)).toMatchObject({ state: 'acknowledged' });
  });

  test('so does a step done by hand', async () => {
    await orders.accept({ customer: 'C-skip' });
    const id = await accept({ customer: 'C-skip' });
    await pass(id);
    await stop(id);
    await orders.store.skip(id, 'customer', 'operator:eve', 'by hand', {});
    expect(await orders.store.read(id)).toMatchObject({ state: 'pending' });
  });

  test.each([
    ['is held for something else', async (id: string) => orders.failed(id, 'customer')],
    ['is being undone', async (id: string) => orders.store.turn(id, 'cancel', 'client:crm', 'changed their mind')],
    [
      'has none any more that counts',
      async (id: string) => orders.redis.hset(orders.keys.order(id), 'pastDeadline', 1),
    ],
  ])('changes nothing of an order that %s', async (_, prepare) => {
    const id = await accept();
    await prepare(id);
    await pass(id);
    const before = await orders.raw(id);
    expect(await stop(id)).toBe('none');
    expect(await orders.raw(id)).toEqual(before);
    expect(await orders.store.dueDeadlines(10)).toEqual([]);
  });

  test('that was put off is due then', async () => {
    const id = await accept();
    await orders.redis.zadd(orders.keys.deadlines(), 1_000, id);
    const before = await orders.raw(id);
    expect(await stop(id)).toBe('none');
    expect(await orders.raw(id)).toEqual(before);
    expect(await orders.redis.zscore(orders.keys.deadlines(), id)).toBe(String(Date.parse(LATE.deadline)));
  });

  test('an order that is gone is due no longer', async () => {
    await orders.redis.zadd(orders.keys.deadlines(), 1_000, 'no-such-order');
    expect(await stop('no-such-order')).toBe('none');
    expect(await orders.store.dueDeadlines(10)).toEqual([]);
  });

  test('a step that was handed over and not begun is stopped as if it had not been', async () => {
    const id = await accept();
    const attempt = await orders.started(id, 'customer');
    const next = { step: 's1.subscriber', absentAfter: 'customer', item: 's1', needs: ['customer', 'contact'] };
    await orders.store.complete({ ...attempt, outcome: 'created', result: {}, calls: [], next });
    expect(await orders.field(id, 's:s1.subscriber:st')).toBe('active');
    await pass(id);
    const begun = await orders.begin(id, 's1.subscriber', { firstOfJob: 1 });
    expect(begun).toEqual({ kind: 'deadline', recorded: false });
    const own = { order: id, run: 1, direction: 'f', step: 's1.subscriber', token: 'mine' } as const;
    expect(await orders.store.fail({ ...own, failure: REFUSED, final: true, calls: [] })).toBe('failed');
    expect(await orders.store.read(id)).toMatchObject({
      state: 'held',
      steps: [{}, { state: 'failed', attempts: 1 }, {}],
    });
  });
});
