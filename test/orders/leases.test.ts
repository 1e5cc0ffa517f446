import { describe, expect, test } from 'vitest';
import { LEASE_TRUSTED_MS } from '../../src/orders/lua.ts';
import { attemptOf, planOf, useOrders, WRITE_MS } from './harness.ts';

const orders = useOrders();
const made = { outcome: 'created', result: { id: 1 }, calls: [] } as const;
const setWritten = (id: string, ago: number) =>
  orders.redis.hset(orders.keys.order(id), 's:customer:w', Date.now() - ago);

describe('leases', () => {
  test('say who is at work on what, and who has the lane', async () => {
    const id = await orders.accept();
    const { plan } = (await orders.store.placement(id))!;
    expect(await orders.store.leases(id, plan)).toEqual({ leases: [], lane: null });
    const { token } = await orders.writing(id, 'customer', { exclusive: true });
    expect(await orders.store.leases(id, plan)).toEqual({ leases: [{ step: 'customer', token }], lane: 'customer' });
  });

  test('are freed when the last write must have ended, and not before', async () => {
    const id = await orders.accept();
    const lease = await orders.writing(id, 'customer', { exclusive: true });
    await setWritten(id, WRITE_MS + LEASE_TRUSTED_MS - 5_000);
    expect(await orders.store.freeLease(id, lease, WRITE_MS)).toBe(false);
    await setWritten(id, WRITE_MS + LEASE_TRUSTED_MS);
    expect(await orders.store.freeLease(id, { ...lease, token: 'another' }, WRITE_MS)).toBe(false);
    expect(await orders.store.freeLease(id, lease, WRITE_MS)).toBe(true);
    expect(await orders.store.leases(id, planOf('customer'))).toEqual({ leases: [], lane: null });
    expect(await orders.begin(id, 'customer')).toMatchObject({ kind: 'go', assignment: { intent: 'absent' } });
  });

  test('I3 who comes back after its lease was freed is known to have written', async () => {
    const id = await orders.accept();
    const late = await orders.writing(id, 'customer');
    await setWritten(id, 2 * WRITE_MS);
    await orders.store.freeLease(id, late, WRITE_MS);
    await orders.store.complete({ ...(await orders.writing(id, 'customer')), ...made });
    expect(await orders.store.complete({ ...late, ...made, result: { id: 99 } })).toMatchObject({
      recorded: { id: 1 },
    });
  });

  test('I3 of a step that was handed over: whoever is first at it may just have begun to write', async () => {
    const id = await orders.accept({ steps: ['customer', 's1.subscriber'] });
    const next = { step: 's1.subscriber', absentAfter: 'customer' };
    await orders.store.complete({ ...(await orders.writing(id, 'customer')), ...made, next });
    await orders.redis.hset(orders.keys.order(id), 's:s1.subscriber:w', 1_000);
    expect(await orders.store.freeLease(id, { step: 's1.subscriber', token: 'next' }, WRITE_MS)).toBe(true);
    expect(await orders.begin(id, 's1.subscriber')).toMatchObject({ kind: 'takeover' });
  });

  test('the lane is freed of a step that is over, and of no other', async () => {
    const id = await orders.accept();
    await orders.writing(id, 'customer', { exclusive: true });
    expect(await orders.store.freeLane(id)).toBe(false);
    await orders.redis.hset(orders.keys.order(id), 's:customer:st', 'done');
    expect(await orders.store.freeLane(id)).toBe(true);
    expect(await orders.store.freeLane(id)).toBe(false);
  });
});

describe('disown', () => {
  test('I2 of an order that is turned round nothing counts as under way that nobody will ever run', async () => {
    const id = await orders.accept();
    const lost = await orders.writing(id, 'customer', { exclusive: true });
    expect(await orders.store.disown(id, 1, ['customer'])).toBe(0);
    await orders.store.turn(id, 'cancel', 'client:crm', 'no');
    expect(await orders.store.settle(id, 1)).toEqual({ kind: 'turning' });
    expect(await orders.store.disown(id, 2, ['customer'])).toBe(0);
    expect(await orders.store.disown(id, 1, ['customer', 's1.subscriber'])).toBe(1);
    expect(await orders.store.settle(id, 1)).toEqual({ kind: 'open' });
    // Its write may still be under way, and should it come back it takes away what it made.
    expect(await orders.begin(id, 'customer', { direction: 'u' })).toMatchObject({ kind: 'takeover' });
    expect(await orders.store.complete({ ...lost, ...made })).toMatchObject({ refused: true, fenced: true });
  });
});

describe('an order whose deadline passes while it waits', () => {
  async function overdue(...steps: string[]): Promise<string> {
    const id = await orders.accept({ deadline: '2099-01-01T00:00:00.000Z', steps });
    expect(await orders.store.dueDeadlines(10)).toEqual([]);
    await orders.redis.hset(orders.keys.order(id), 'deadline', 1_000);
    await orders.redis.zadd(orders.keys.deadlines(), 1_000, id);
    expect(await orders.store.dueDeadlines(10)).toEqual([id]);
    return id;
  }

  test('I2 is held, every step that could run next failed', async () => {
    const id = await overdue('customer', 's1.subscriber', 's2.subscriber');
    await orders.redis.hset(orders.keys.order(id), 'pastDeadline', '1');
    await orders.done(id, 'customer');
    await orders.redis.hdel(orders.keys.order(id), 'pastDeadline');
    expect(await orders.store.holdOverdue(id, WRITE_MS, [])).toBe('held');
    const order = await orders.store.read(id);
    expect(order).toMatchObject({ state: 'held', error: { code: 'TURNUP_DEADLINE_PASSED', step: 's1.subscriber' } });
    expect(order?.steps.map((step) => step.state)).toEqual(['done', 'failed', 'failed']);
    expect(await orders.field(id, 'failed')).toBe('2');
    expect(await orders.store.dueDeadlines(10)).toEqual([]);
  });

  test('is left alone while a step is at work or may be', async () => {
    const id = await overdue('customer');
    expect(await orders.store.holdOverdue(id, WRITE_MS, ['customer'])).toBe('busy');
    await orders.redis.hset(orders.keys.order(id), 'pastDeadline', '1');
    await orders.writing(id, 'customer');
    await orders.redis.hdel(orders.keys.order(id), 'pastDeadline');
    expect(await orders.store.holdOverdue(id, WRITE_MS, [])).toBe('busy');
    await setWritten(id, WRITE_MS + LEASE_TRUSTED_MS);
    expect(await orders.store.holdOverdue(id, WRITE_MS, [])).toBe('held');
    expect(await orders.field(id, 's:customer:l')).toBeNull();
  });

  test('I3 and a step that was handed over is waited for when it runs again after all', async () => {
    const id = await orders.accept({ steps: ['customer', 's1.subscriber'], deadline: '2099-01-01T00:00:00.000Z' });
    const next = { step: 's1.subscriber', absentAfter: 'customer' };
    await orders.store.complete({ ...(await orders.writing(id, 'customer')), ...made, next });
    await orders.redis.hset(orders.keys.order(id), 'deadline', 1_000);
    expect(await orders.store.holdOverdue(id, WRITE_MS, [])).toBe('held');
    await orders.store.retry(id, 'operator:eve');
    expect(await orders.begin(id, 's1.subscriber')).toMatchObject({ kind: 'takeover' });
  });

  test('a retry lets it go on, and it is not stopped again', async () => {
    const id = await overdue('customer');
    await orders.store.holdOverdue(id, WRITE_MS, []);
    await orders.store.retry(id, 'operator:eve');
    expect(await orders.store.holdOverdue(id, WRITE_MS, [])).toBe('none');
    expect(await orders.begin(id, 'customer', attemptOf(id, 'customer'))).toMatchObject({ kind: 'go' });
  });

  test('one that is over, or whose deadline was put off, is none', async () => {
    const id = await overdue('customer');
    await orders.redis.hset(orders.keys.order(id), 'deadline', Date.parse('2099-01-01T00:00:00Z'));
    expect(await orders.store.holdOverdue(id, WRITE_MS, [])).toBe('none');
    expect(await orders.redis.zscore(orders.keys.deadlines(), id)).toBe(String(Date.parse('2099-01-01T00:00:00Z')));
    await orders.store.turn(id, 'cancel', 'client:crm', 'no');
    await orders.store.settle(id, 1);
    expect(await orders.redis.zcard(orders.keys.deadlines())).toBe(0);
    expect(await orders.store.holdOverdue(id, WRITE_MS, [])).toBe('none');
  });
});
