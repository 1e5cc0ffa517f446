import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StepState } from '../../src/orders/states.ts';
import { CALL, planOf, REFUSED, useOrders } from './harness.ts';
import { isAtStandstill } from './standstill.ts';

const orders = useOrders();

describe('fail', () => {
  test('not for good: the step waits for its next attempt, the order goes on', async () => {
    const id = await orders.accept();
    const attempt = await orders.writing(id, 'customer');
    const failed = await orders.store.fail({
      ...attempt,
      failure: REFUSED,
      final: false,
      retryInMs: 700,
      calls: [CALL],
    });
    expect(failed).toBe('failed');
    expect(await orders.store.read(id)).toMatchObject({
      state: 'inProgress',
      error: null,
      steps: [{ state: 'waiting', attempts: 1, error: REFUSED }, {}, {}],
    });
    const record = await orders.raw(id);
    expect([record['s:customer:l'], record['s:customer:w'], record['s:customer:i']]).toEqual([
      undefined,
      undefined,
      'absent',
    ]);
    expect((await orders.store.journal(id, { limit: 10 }))?.items.at(-1)).toMatchObject({
      type: 'stepWillRetry',
      step: 'customer',
      detail: { ...REFUSED, retryInMs: 700, calls: [CALL] },
    });
    expect(record['failed']).toBe('0');
  });

  test('for good: the order is held and says why', async () => {
    const id = await orders.accept();
    await orders.failed(id, 'customer');
    const order = await orders.store.read(id);
    expect(order).toMatchObject({
      state: 'held',
      blockedBy: null,
      error: { ...REFUSED, step: 'customer' },
      steps: [{ state: 'failed', error: REFUSED }, { state: 'waiting', error: null }, {}],
    });
    expect(order?.steps[0]?.finishedAt).not.toBeNull();
    expect(await orders.field(id, 'failed')).toBe('1');
    const journal = (await orders.store.journal(id, { limit: 10 }))?.items.slice(-2);
    expect(journal).toMatchObject([
      { type: 'stepFailed', step: 'customer', detail: REFUSED },
      { type: 'state', detail: { from: 'inProgress', to: 'held', why: 'a step failed and nothing else can run' } },
    ]);
  });

  test('attempts count on', async () => {
    const id = await orders.accept();
    for (const _ of [1, 2, 3]) await orders.failed(id, 'customer', false);
    expect(await orders.begin(id, 'customer')).toMatchObject({ assignment: { attempt: 4 } });
  });

  test('the order is held only when every other branch has ended', async () => {
    const id = await orders.accept({ plan: planOf('customer', 's1.subscriber', 's2.subscriber', 's2.preferences') });
    await orders.done(id, 'customer');
    await orders.failed(id, 's1.subscriber');
    expect((await orders.store.read(id))?.state).toBe('inProgress');
    await orders.failed(id, 's2.subscriber');
    expect(await orders.store.read(id)).toMatchObject({ state: 'held', error: { step: 's1.subscriber' } });
  });

  test('a held order names a failure also when the first of two went on and ended well', async () => {
    const id = await orders.accept({ plan: planOf('customer', 's1.subscriber', 's2.subscriber') });
    await orders.done(id, 'customer');
    await orders.failed(id, 's1.subscriber');
    await orders.failed(id, 's2.subscriber');
    await orders.done(id, 's1.subscriber');
    expect(await orders.store.read(id)).toMatchObject({ state: 'held', error: { ...REFUSED, step: 's2.subscriber' } });
  });

  test('I7 of another run, of an order that is over, or without the lease it changes nothing', async () => {
    for (const fields of [{ run: 2 }, { state: 'completed' }, { 's:customer:l': 'x' }] as Record<string, string>[]) {
      const id = await orders.accept();
      const attempt = await orders.writing(id, 'customer');
      await orders.redis.hset(orders.keys.order(id), fields);
      const before = await orders.raw(id);
      expect(await orders.store.fail({ ...attempt, failure: REFUSED, final: true, calls: [] })).toBe('refused');
      expect(await orders.raw(id)).toEqual(before);
      expect(await orders.journalTypes(id)).not.toContain('stepFailed');
    }
  });

  test('said twice it counts once', async () => {
    const id = await orders.accept();
    const attempt = await orders.started(id, 'customer');
    await orders.store.fail({ ...attempt, failure: REFUSED, final: true, calls: [] });
    const before = await orders.raw(id);
    expect(await orders.store.fail({ ...attempt, failure: REFUSED, final: true, calls: [] })).toBe('failed');
    expect(await orders.raw(id)).toEqual(before);
    expect((await orders.journalTypes(id)).filter((type) => type === 'stepFailed')).toHaveLength(1);
  });

  test('an attempt that only looked begins and fails the step in one', async () => {
    const id = await orders.accept();
    const attempt = await orders.started(id, 'customer');
    await orders.store.fail({ ...attempt, failure: REFUSED, final: false, calls: [] });
    expect(await orders.store.read(id)).toMatchObject({
      state: 'inProgress',
      steps: [{ state: 'waiting', attempts: 1, error: REFUSED }, {}, {}],
    });
    expect((await orders.store.placement(id))?.toUndo).toEqual([]);
  });

  test('what one that only looked could not see is nothing to a step that is done, or that another works on', async () => {
    const id = await orders.accept();
    const slow = await orders.started(id, 'customer');
    const other = await orders.writing(id, 'customer');
    expect(await orders.store.fail({ ...slow, failure: REFUSED, final: true, calls: [] })).toBe('refused');
    await orders.store.complete({ ...other, outcome: 'created', result: {}, calls: [] });
    const before = await orders.raw(id);
    expect(await orders.store.fail({ ...slow, failure: REFUSED, final: true, calls: [] })).toBe('refused');
    expect(await orders.raw(id)).toEqual(before);
  });

  test('I7 an attempt under way when the order is turned round ends without holding it', async () => {
    const id = await orders.accept();
    const attempt = await orders.writing(id, 'customer');
    await orders.store.turn(id, 'cancel', 'client:crm', 'no longer wanted');
    expect(await orders.store.fail({ ...attempt, failure: REFUSED, final: true, calls: [] })).toBe('turned');
    expect(await orders.store.read(id)).toMatchObject({
      state: 'pendingCancellation',
      steps: [{ state: 'waiting' }, {}, {}],
    });
    expect(await orders.field(id, 'failed')).toBe('0');
  });

  const arbitraryPlan = fc
    .record({
      trunk: fc.integer({ min: 1, max: 3 }),
      branches: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 4 }),
    })
    .map(({ trunk, branches }) => {
      const own = Array.from({ length: trunk }, (_, at) => `t${at}`);
      const items = branches.flatMap((length, item) => Array.from({ length }, (_, at) => `s${item + 1}.k${at}`));
      return planOf(...own, ...items);
    });
  const AFTER = { fail: 'failed', complete: 'done', 'retry later': 'waiting' } as const;
  const STATES: StepState[] = ['waiting', 'active', 'done', 'failed', 'skipped'];

  test('I2 an order is held exactly when something failed and nothing else can run', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryPlan.chain((plan) =>
          fc.record({
            plan: fc.constant(plan),
            states: fc.array(fc.constantFrom(...STATES), { minLength: plan.length, maxLength: plan.length }),
            at: fc.nat({ max: plan.length - 1 }),
            how: fc.constantFrom(...(['fail', 'complete', 'retry later'] as const)),
          }),
        ),
        async ({ plan, states, at, how }) => {
          const id = await orders.accept({ plan });
          const step = plan[at]!.id;
          const wanted = new Map<string, StepState>(plan.map((one, index) => [one.id, states[index]!]));
          for (let before = plan[at]!.after; before; before = plan.find((one) => one.id === before)!.after) {
            wanted.set(before, 'done');
          }
          wanted.set(step, 'active');
          const given: Record<string, StepState> = {};
          // A step has begun only after what comes before it was done.
          for (const { id: one, after } of plan) {
            const ready = after === null || given[after] === 'done' || given[after] === 'skipped';
            given[one] = ready ? wanted.get(one)! : 'waiting';
          }
          const fields = Object.entries(given).map(([one, state]) => [`s:${one}:st`, state]);
          await orders.redis.hset(orders.keys.order(id), {
            ...Object.fromEntries(fields),
            state: 'inProgress',
            failed: Object.values(given).filter((state) => state === 'failed').length,
            [`s:${step}:l`]: 'mine',
          });
          const attempt = { order: id, run: 1, direction: 'f', step, token: 'mine' } as const;
          if (how === 'complete')
            await orders.store.complete({ ...attempt, outcome: 'created', result: {}, calls: [] });
          else await orders.store.fail({ ...attempt, failure: REFUSED, final: how === 'fail', calls: [] });
          const after = AFTER[how];
          const held = (await orders.store.read(id))?.state === 'held';
          expect(held).toBe(isAtStandstill(plan, { ...given, [step]: after }));
        },
      ),
      { numRuns: 300 },
    );
  });
});
