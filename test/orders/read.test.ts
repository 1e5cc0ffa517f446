import { describe, expect, test } from 'vitest';
import { planOf, useOrders } from './harness.ts';

const orders = useOrders();

describe('read', () => {
  test('an order that is not there is null', async () => {
    expect(await orders.store.read('no-such-order')).toBeNull();
    expect(await orders.store.placement('no-such-order')).toBeNull();
  });

  test('shows every step of the plan as it is', async () => {
    const id = await orders.accept({ plan: planOf('customer', 's1.subscriber', 's2.subscriber', 's3.subscriber') });
    await orders.done(id, 'customer');
    await orders.failed(id, 's1.subscriber');
    await orders.writing(id, 's2.subscriber');
    const order = await orders.store.read(id);
    expect(order?.steps.map(({ id: step, item, kind, state }) => [step, item, kind, state])).toEqual([
      ['customer', null, 'customer', 'done'],
      ['s1.subscriber', 's1', 'subscriber', 'failed'],
      ['s2.subscriber', 's2', 'subscriber', 'active'],
      ['s3.subscriber', 's3', 'subscriber', 'waiting'],
    ]);
    expect(order?.steps.map((step) => [step.startedAt !== null, step.finishedAt !== null])).toEqual([
      [true, true],
      [true, true],
      [true, false],
      [false, false],
    ]);
  });

  test('a failure is shown only while the order is stopped by it', async () => {
    const id = await orders.accept({ plan: planOf('customer', 's1.subscriber', 's2.subscriber') });
    await orders.done(id, 'customer');
    await orders.failed(id, 's1.subscriber');
    expect((await orders.store.read(id))?.error).toBeNull();
    await orders.failed(id, 's2.subscriber');
    expect((await orders.store.read(id))?.error).toMatchObject({
      code: 'TURNUP_TARGET_REJECTED',
      step: 's1.subscriber',
    });
  });

  test('a failure without a text is a fault of ours, not a crash', async () => {
    const id = await orders.accept();
    await orders.failed(id, 'customer');
    await orders.redis.hdel(orders.keys.order(id), 's:customer:x');
    expect((await orders.store.read(id))?.error).toMatchObject({ code: 'TURNUP_INTERNAL', step: 'customer' });
  });

  describe('what an order waits for', () => {
    test('nothing, when it goes on or is over', async () => {
      const id = await orders.accept({ plan: [] });
      expect((await orders.store.read(id))?.blockedBy).toBeNull();
      await orders.redis.hset(orders.keys.breaker('lab'), { state: 'open', since: 1, until: '' });
      await orders.store.settle(id, 1);
      expect((await orders.store.read(id))?.blockedBy).toBeNull();
    });

    test('a target whose breaker a person opened: until further notice', async () => {
      const id = await orders.accept();
      await orders.redis.hset(orders.keys.breaker('lab'), { state: 'open', since: 1_000, until: '' });
      expect((await orders.store.read(id))?.blockedBy).toEqual({
        kind: 'target',
        id: 'lab',
        since: '1970-01-01T00:00:01.000Z',
        until: null,
      });
      await orders.redis.hset(orders.keys.breaker('lab'), { state: 'closed' });
      expect((await orders.store.read(id))?.blockedBy).toBeNull();
    });

    test('a person, when it is held: no target is to blame', async () => {
      const id = await orders.accept();
      await orders.failed(id, 'customer');
      await orders.redis.hset(orders.keys.breaker('lab'), { state: 'open', since: 1, until: '' });
      expect((await orders.store.read(id))?.blockedBy).toBeNull();
    });
  });

  test('placement says what is to be undone', async () => {
    const id = await orders.accept({ plan: planOf('contact', 'customer', 's1.subscriber', 's2.subscriber') });
    await orders.done(id, 'contact', 'customer');
    await orders.redis.hset(orders.keys.order(id), 's:contact:o', 'adopted');
    const attempt = await orders.started(id, 's1.subscriber');
    await orders.store.intend({ ...attempt, intent: 'absent', verb: 'create', calls: [] });
    const placed = await orders.store.placement(id);
    expect(placed).toMatchObject({ run: 1, direction: 'f', state: 'inProgress', target: 'lab' });
    expect(placed?.toUndo).toEqual(['customer', 's1.subscriber']);
    expect(placed?.stepStates).toEqual({
      contact: 'done',
      customer: 'done',
      's1.subscriber': 'active',
      's2.subscriber': 'waiting',
    });
  });
});
