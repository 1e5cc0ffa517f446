import { describe, expect, test } from 'vitest';
import type { StepFailure } from '../../src/orders/record.ts';
import { CALL, planOf, useOrders } from './harness.ts';

const orders = useOrders();
const AWAY: StepFailure = {
  code: 'TURNUP_TARGET_UNREACHABLE',
  title: 't',
  detail: 'refused',
  class: 'outage',
  hint: 'h',
};
const parked = { target: 'lab', failure: AWAY, calls: [] };

describe('park', () => {
  test('I6 does not count the attempt and hands the lease back', async () => {
    const id = await orders.accept();
    const attempt = await orders.writing(id, 'customer');
    expect(await orders.store.park({ ...attempt, ...parked })).toBe(true);
    expect(await orders.store.read(id)).toMatchObject({
      state: 'inProgress',
      steps: [{ state: 'waiting', attempts: 0 }, {}, {}],
    });
    const record = await orders.raw(id);
    expect([record['s:customer:l'], record['s:customer:w'], record['s:customer:i']]).toEqual([
      undefined,
      undefined,
      'absent',
    ]);
    expect(await orders.begin(id, 'customer')).toMatchObject({ kind: 'go', assignment: { attempt: 1 } });
  });

  test('I6 however often, the attempts that failed are what counts', async () => {
    const id = await orders.accept();
    await orders.failed(id, 'customer', false);
    for (const begin of [orders.started, orders.writing, orders.started, orders.writing]) {
      await orders.store.park({ ...(await begin(id, 'customer')), ...parked });
    }
    expect((await orders.store.read(id))?.steps[0]?.attempts).toBe(1);
  });

  test('is told once while nothing was called, and whenever something was (I10)', async () => {
    const id = await orders.accept();
    for (const calls of [[], [], [CALL], []]) {
      await orders.store.park({ ...(await orders.started(id, 'customer')), ...parked, calls });
    }
    const told = (await orders.store.journal(id, { limit: 100 }))?.items.filter((entry) => entry.type === 'parked');
    expect(told?.map((entry) => entry.detail)).toEqual([
      { target: 'lab', ...AWAY },
      { target: 'lab', ...AWAY, calls: [CALL] },
    ]);
  });

  test('is told anew after a step went well', async () => {
    const id = await orders.accept();
    await orders.store.park({ ...(await orders.started(id, 'customer')), ...parked });
    await orders.done(id, 'customer');
    await orders.store.park({ ...(await orders.started(id, 's1.subscriber')), ...parked });
    expect((await orders.journalTypes(id)).filter((type) => type === 'parked')).toHaveLength(2);
  });

  test('without the lease it changes nothing', async () => {
    const id = await orders.accept();
    const late = await orders.started(id, 'customer');
    await orders.writing(id, 'customer');
    const before = await orders.raw(id);
    expect(await orders.store.park({ ...late, ...parked })).toBe(false);
    expect(await orders.store.park({ ...late, order: 'no-such-order', ...parked })).toBe(false);
    expect(await orders.raw(id)).toEqual(before);
    expect(await orders.redis.exists(orders.keys.order('no-such-order'))).toBe(0);
  });

  test('I6 one that only looked leaves the step as it was, and the order goes on', async () => {
    const id = await orders.accept();
    await orders.store.park({ ...(await orders.started(id, 'customer')), ...parked });
    expect(await orders.store.read(id)).toMatchObject({
      state: 'inProgress',
      steps: [{ state: 'waiting', attempts: 0 }, {}, {}],
    });
  });

  test('I2 a step that had failed and ran again is no longer failed', async () => {
    const id = await orders.accept({ plan: planOf('customer') });
    await orders.failed(id, 'customer');
    await orders.store.park({ ...(await orders.started(id, 'customer')), ...parked });
    expect(await orders.store.read(id)).toMatchObject({
      state: 'inProgress',
      steps: [{ state: 'waiting', attempts: 0 }],
    });
    expect(await orders.field(id, 'failed')).toBe('0');
  });

  test('I7 of another run, of an order that is over, and of a step that is done it says nothing', async () => {
    for (const fields of [{ run: 2 }, { state: 'cancelled' }, { 's:customer:st': 'done' }] as Record<
      string,
      string
    >[]) {
      const id = await orders.accept();
      const attempt = await orders.started(id, 'customer');
      await orders.redis.hset(orders.keys.order(id), fields);
      const before = await orders.raw(id);
      expect(await orders.store.park({ ...attempt, ...parked })).toBe(false);
      expect(await orders.raw(id)).toEqual(before);
    }
  });

  test('a parked order waits for its target and says so', async () => {
    const id = await orders.accept({ plan: planOf('customer') });
    await orders.store.park({ ...(await orders.started(id, 'customer')), ...parked });
    await orders.redis.hset(orders.keys.breaker('lab'), { state: 'open', since: 1_000_000, until: 2_000_000 });
    expect(await orders.store.read(id)).toMatchObject({
      state: 'inProgress',
      blockedBy: { kind: 'target', id: 'lab', since: '1970-01-01T00:16:40.000Z', until: '1970-01-01T00:33:20.000Z' },
    });
  });

  test('a parked undo is still an undo', async () => {
    const id = await orders.accept();
    await orders.done(id, 'customer');
    await orders.store.turn(id, 'cancel', 'client:crm', 'no longer wanted');
    const attempt = await orders.started(id, 'customer', { direction: 'u' });
    const before = Number(await orders.field(id, 's:customer:a'));
    await orders.store.park({ ...attempt, ...parked });
    expect((await orders.store.read(id))?.steps[0]?.state).toBe('undoing');
    expect(Number(await orders.field(id, 's:customer:a'))).toBe(before - 1);
    expect(await orders.begin(id, 'customer', { direction: 'u' })).toMatchObject({ kind: 'go' });
  });
});
