import { describe, expect, test } from 'vitest';
import { CALL, planOf, REFUSED, useOrders } from './harness.ts';

const orders = useOrders();
const made = { outcome: 'created', result: { customerId: 12 }, calls: [] } as const;

describe('complete', () => {
  test('keeps outcome and result, hands the lease back, and tells', async () => {
    const id = await orders.accept();
    const attempt = await orders.writing(id, 'customer');
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

  test('an attempt that only looked begins and ends the step in one', async () => {
    const id = await orders.accept();
    const attempt = await orders.started(id, 'customer');
    expect(await orders.store.complete({ ...attempt, ...made, outcome: 'adopted' })).toBe('completed');
    expect(await orders.store.read(id)).toMatchObject({
      state: 'inProgress',
      steps: [{ state: 'done', outcome: 'adopted', attempts: 1 }, {}, {}],
    });
  });

  test('two that have seen the same may both say so: the first counts', async () => {
    const id = await orders.accept();
    const [first, second] = [await orders.started(id, 'customer'), await orders.started(id, 'customer')];
    await orders.store.complete({ ...first, ...made, outcome: 'adopted' });
    const before = await orders.raw(id);
    expect(await orders.store.complete({ ...second, ...made, outcome: 'created' })).toBe('completed');
    expect(await orders.raw(id)).toEqual(before);
  });

  describe('of an attempt that came back after its lease was taken away', () => {
    /** The first has written; the second has taken over and looked. */
    async function overtaken() {
      const id = await orders.accept();
      const late = await orders.writing(id, 'customer');
      await orders.redis.hset(orders.keys.order(id), 's:customer:w', 1_000);
      return { id, late, second: await orders.started(id, 'customer') };
    }
    const other = { ...made, result: { customerId: 99 } };

    test('I3 it counts while the other has only looked, and the other may write no more', async () => {
      const { id, late, second } = await overtaken();
      expect(await orders.store.complete({ ...late, ...other })).toBe('completed');
      expect((await orders.store.read(id))?.steps[0]).toMatchObject({ result: { customerId: 99 }, attempts: 1 });
      expect(await orders.store.intend({ ...second, intent: 'absent', verb: 'create', calls: [] })).toBe(false);
    });

    test.each(['f', 'u'] as const)('I2 it is refused when the other has failed for good (%s)', async (direction) => {
      const { id, late } = direction === 'f' ? await overtaken() : await overtakenUndo();
      const second = await orders.started(id, 'customer', { direction });
      if (direction === 'f') await orders.store.intend({ ...second, intent: 'absent', verb: 'create', calls: [] });
      await orders.store.fail({ ...second, failure: REFUSED, final: true, calls: [] });
      const before = await orders.raw(id);
      expect(await orders.store.complete({ ...late, ...made })).toMatchObject({ refused: true });
      expect(await orders.raw(id)).toEqual(before);
      expect(await orders.store.read(id)).toMatchObject({ state: 'held', error: { step: 'customer' } });
    });

    /** Found by a walk: seed -931586230. */
    async function overtakenUndo() {
      const id = await orders.accept({ steps: ['customer'] });
      await orders.done(id, 'customer');
      await orders.store.turn(id, 'cancel', 'client:crm', 'no longer wanted');
      const late = await orders.started(id, 'customer', { direction: 'u' });
      await orders.redis.hset(orders.keys.order(id), 's:customer:w', 1_000);
      return { id, late };
    }

    test('I3 it is refused while the other may be writing', async () => {
      const { id, late, second } = await overtaken();
      await orders.store.intend({ ...second, intent: 'absent', verb: 'create', calls: [] });
      const before = await orders.raw(id);
      expect(await orders.store.complete({ ...late, ...other })).toEqual({
        refused: true,
        recorded: null,
        fenced: false,
      });
      expect(await orders.raw(id)).toEqual(before);
    });

    test('I3 it is refused and told what is recorded when the other is done: what it made is one too many', async () => {
      for (const writes of [true, false]) {
        const { id, late, second } = await overtaken();
        if (writes) await orders.store.intend({ ...second, intent: 'absent', verb: 'create', calls: [] });
        await orders.store.complete({ ...second, ...made });
        const before = await orders.raw(id);
        expect(await orders.store.complete({ ...late, ...other })).toEqual({
          refused: true,
          recorded: { customerId: 12 },
          fenced: false,
        });
        expect(await orders.raw(id)).toEqual(before);
      }
    });

    test('I4 it is refused when the order was turned round meanwhile: the undo may have looked already', async () => {
      const { id, late } = await overtaken();
      await orders.store.turn(id, 'cancel', 'client:crm', 'no longer wanted');
      expect(await orders.store.complete({ ...late, ...other })).toEqual({
        refused: true,
        recorded: null,
        fenced: true,
      });
    });

    test('I4 also when it was the turning round that took the lease away', async () => {
      const id = await orders.accept();
      const late = await orders.writing(id, 'customer');
      await orders.store.turn(id, 'cancel', 'client:crm', 'no longer wanted');
      await orders.begin(id, 'customer');
      expect(await orders.store.complete({ ...late, ...other })).toEqual({
        refused: true,
        recorded: null,
        fenced: true,
      });
    });

    test('its failure and its parking say nothing', async () => {
      const { id, late } = await overtaken();
      const before = await orders.raw(id);
      const failure = REFUSED;
      expect(await orders.store.fail({ ...late, failure, final: true, calls: [] })).toBe('refused');
      expect(await orders.store.park({ ...late, failure, target: 'lab', calls: [] })).toBe(false);
      expect(await orders.raw(id)).toEqual(before);
    });
  });

  test.each([
    ['run', { run: '2' }],
    ['state', { state: 'cancelled' }],
  ])('I7 of another %s it is refused', async (_, fields) => {
    for (const begin of [orders.started, orders.writing]) {
      const id = await orders.accept();
      const attempt = await begin(id, 'customer');
      await orders.redis.hset(orders.keys.order(id), fields);
      const before = await orders.raw(id);
      expect(await orders.store.complete({ ...attempt, ...made })).toEqual({
        refused: true,
        recorded: null,
        fenced: true,
      });
      expect(await orders.raw(id)).toEqual(before);
    }
  });

  test('I4 an attempt that was writing when the order was turned round is recorded, so that undo knows', async () => {
    const id = await orders.accept();
    const attempt = await orders.writing(id, 'customer');
    await orders.store.turn(id, 'cancel', 'client:crm', 'no longer wanted');
    expect(await orders.store.complete({ ...attempt, ...made })).toBe('turned');
    expect((await orders.store.placement(id))?.toUndo).toEqual(['customer']);
  });

  test('I4 what an attempt only saw when the order was turned round is nothing to undo', async () => {
    const id = await orders.accept();
    const attempt = await orders.started(id, 'customer');
    await orders.store.turn(id, 'cancel', 'client:crm', 'no longer wanted');
    expect(await orders.store.complete({ ...attempt, ...made, outcome: 'adopted' })).toBe('turned');
    expect(await orders.store.read(id)).toMatchObject({ steps: [{ state: 'waiting', outcome: null }, {}, {}] });
    expect((await orders.store.placement(id))?.toUndo).toEqual([]);
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
