import { describe, expect, test } from 'vitest';
import { attemptOf, CALL, REFUSED, useOrders } from './harness.ts';

const orders = useOrders();
const create = { intent: 'absent', verb: 'create', worker: 'w1', calls: [] } as const;

describe('intend', () => {
  test('takes the lease and begins the step, before the write, in one', async () => {
    const id = await orders.accept();
    const attempt = await orders.started(id, 'customer');
    expect(await orders.store.read(id)).toMatchObject({ state: 'acknowledged', steps: [{ state: 'waiting' }, {}, {}] });
    expect(await orders.store.intend({ ...attempt, ...create, calls: [CALL] })).toBe(true);
    const record = await orders.raw(id);
    expect([record['s:customer:i'], record['s:customer:l']]).toEqual(['absent', attempt.token]);
    expect(Number(record['s:customer:w'])).toBeGreaterThan(1_700_000_000_000);
    const order = await orders.store.read(id);
    expect(order).toMatchObject({ state: 'inProgress', steps: [{ state: 'active', attempts: 1 }, {}, {}] });
    expect(order?.startedAt).toBe(order?.steps[0]?.startedAt);
    const told = (await orders.store.journal(id, { limit: 10 }))?.items.slice(2);
    expect(told).toMatchObject([
      { type: 'state', step: null, detail: { from: 'acknowledged', to: 'inProgress' } },
      {
        type: 'stepStarted',
        step: 'customer',
        by: 'turnup',
        detail: { attempt: 1, worker: 'w1', intent: 'create', calls: [CALL] },
      },
    ]);
  });

  test('without calls none are told', async () => {
    const id = await orders.accept();
    await orders.store.intend({ ...attemptOf(id, 'customer'), intent: 'x', verb: 'change', calls: [] });
    const entry = (await orders.store.journal(id, { limit: 10 }))?.items.at(-1);
    expect(entry?.detail).toEqual({ attempt: 1, intent: 'change' });
  });

  test('the time the order began stays', async () => {
    const id = await orders.accept();
    await orders.done(id, 'customer');
    await orders.redis.hset(orders.keys.order(id), 'started', 1_000_000);
    await orders.writing(id, 's1.subscriber');
    expect(await orders.field(id, 'started')).toBe('1000000');
  });

  test('I3 of two that have looked only one may write', async () => {
    const id = await orders.accept();
    const both = [await orders.started(id, 'customer'), await orders.started(id, 'customer')];
    const may = await Promise.all(both.map((attempt) => orders.store.intend({ ...attempt, ...create })));
    expect(may.filter(Boolean)).toHaveLength(1);
    expect(await orders.store.confirmLease(both[may.indexOf(true)]!)).toBe(true);
    expect(await orders.store.confirmLease(both[may.indexOf(false)]!)).toBe(false);
    expect((await orders.store.read(id))?.steps[0]?.attempts).toBe(1);
  });

  test('said twice by the same attempt it counts once', async () => {
    const id = await orders.accept();
    const attempt = await orders.writing(id, 'customer');
    expect(await orders.store.intend({ ...attempt, ...create })).toBe(true);
    expect((await orders.store.read(id))?.steps[0]?.attempts).toBe(1);
    expect((await orders.journalTypes(id)).filter((type) => type === 'stepStarted')).toHaveLength(1);
  });

  test('I3 nothing more is written for a step that is done or was skipped', async () => {
    const id = await orders.accept();
    const slow = await orders.started(id, 'customer');
    await orders.done(id, 'customer');
    const before = await orders.raw(id);
    expect(await orders.store.intend({ ...slow, ...create })).toBe(false);
    await orders.redis.hset(orders.keys.order(id), 's:s1.subscriber:st', 'skipped');
    expect(await orders.store.intend({ ...attemptOf(id, 's1.subscriber'), ...create })).toBe(false);
    expect(await orders.raw(id)).toEqual({ ...before, 's:s1.subscriber:st': 'skipped' });
  });

  test('I4 the first one stays: its before-image is what undo restores', async () => {
    const id = await orders.accept();
    const first = await orders.started(id, 'customer');
    await orders.store.intend({ ...first, ...create, intent: 'before', verb: 'change' });
    await orders.store.fail({ ...first, failure: REFUSED, final: false, calls: [] });
    const second = await orders.started(id, 'customer');
    expect(await orders.store.intend({ ...second, ...create, intent: 'half done', verb: 'change' })).toBe(true);
    expect(await orders.field(id, 's:customer:i')).toBe('before');
  });

  test('the next attempt is told of it', async () => {
    const id = await orders.accept();
    const first = await orders.writing(id, 'customer');
    await orders.store.fail({ ...first, failure: REFUSED, final: false, calls: [] });
    expect(await orders.begin(id, 'customer')).toMatchObject({ assignment: { intent: 'absent' } });
  });

  test.each([
    ['run', { run: 2 }],
    ['direction', { dir: 'u' }],
    ['state', { state: 'cancelled' }],
    ['lease', { 's:customer:l': 'x' }],
  ])('I7 neither intent nor confirmation without the right %s', async (_, fields) => {
    const id = await orders.accept();
    const attempt = await orders.writing(id, 'customer');
    expect(await orders.store.confirmLease(attempt)).toBe(true);
    await orders.redis.hset(orders.keys.order(id), fields);
    const before = await orders.raw(id);
    expect(await orders.store.intend({ ...attempt, ...create })).toBe(false);
    expect(await orders.store.confirmLease(attempt)).toBe(false);
    expect(await orders.raw(id)).toEqual(before);
  });

  test('a confirmation is the time of a write', async () => {
    const id = await orders.accept();
    const attempt = await orders.writing(id, 'customer');
    await orders.redis.hset(orders.keys.order(id), 's:customer:w', 1_000);
    expect(await orders.store.confirmLease(attempt)).toBe(true);
    expect(Number(await orders.field(id, 's:customer:w'))).toBeGreaterThan(1_700_000_000_000);
  });

  test('who only looked has nothing to confirm', async () => {
    const id = await orders.accept();
    expect(await orders.store.confirmLease(await orders.started(id, 'customer'))).toBe(false);
  });
});

describe('I8 the key of a before-image', () => {
  const image = { intent: 'sealed-under-k1', keyId: 'k1', verb: 'change', calls: [] } as const;

  test('is in use as long as the order is kept, each once', async () => {
    const id = await orders.accept({ steps: ['customer', 's1.subscriber'], secrets: 'sealed-under-k2', keyId: 'k2' });
    for (const step of ['customer', 's1.subscriber']) {
      const attempt = await orders.started(id, step);
      expect(await orders.store.intend({ ...attempt, ...image })).toBe(true);
      await orders.store.complete({ ...attempt, outcome: 'changed', result: {}, calls: [] });
    }
    expect((await orders.store.keyIdsInUse()).toSorted()).toEqual(['k1', 'k2']);
    await orders.store.settle(id, 1);
    expect((await orders.store.keyIdsInUse()).toSorted()).toEqual(['k1', 'k2']);
    await orders.store.archive(id, 60_000);
    await orders.store.archive(id, 60_000);
    expect(await orders.store.keyIdsInUse()).toEqual([]);
  });

  test('of another attempt than the first is none: the first image stays', async () => {
    const id = await orders.accept({ steps: ['customer'] });
    const first = await orders.started(id, 'customer');
    await orders.store.intend({ ...first, ...image });
    await orders.store.fail({ ...first, failure: REFUSED, final: false, retryInMs: 1, calls: [] });
    const again = await orders.started(id, 'customer');
    expect(await orders.store.intend({ ...again, ...image, intent: 'sealed-under-k2', keyId: 'k2' })).toBe(true);
    expect(await orders.field(id, 's:customer:i')).toBe('sealed-under-k1');
    expect(await orders.store.keyIdsInUse()).toEqual(['k1']);
  });
});
