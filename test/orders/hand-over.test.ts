import { describe, expect, test } from 'vitest';
import { attemptOf, planOf, REFUSED, useOrders, type Wanted } from './harness.ts';

const orders = useOrders();
const made = { outcome: 'created', result: { id: 1 }, calls: [] } as const;
const next = {
  step: 's1.preferences',
  absentAfter: 's1.subscriber',
  item: 's1',
  needs: ['s1.subscriber', 'customer', 'contact'],
};
const absentAfter = 's1.subscriber';

/** An order whose subscriber was just created and handed its next step over. */
async function handed(wanted: Wanted = {}): Promise<{ id: string; at: number }> {
  const id = await orders.accept({ steps: ['customer', 's1.subscriber', 's1.preferences'], ...wanted });
  await orders.done(id, 'customer');
  await orders.store.complete({ ...(await orders.writing(id, 's1.subscriber')), ...made, next });
  return { id, at: Number(await orders.field(id, 's:s1.preferences:w')) };
}

/** As the first that ever starts the step's job, which was added when the order began. */
const first = (at: number) => ({ absentAfter, firstOfJob: at - 10 });

describe('a step that is handed over', () => {
  test('has begun when the one before it ends', async () => {
    const { id } = await handed();
    expect((await orders.store.read(id))?.steps.at(-1)).toMatchObject({ state: 'active', attempts: 1 });
    expect((await orders.store.journal(id, { limit: 100 }))?.items.at(-1)).toMatchObject({
      type: 'stepStarted',
      step: 's1.preferences',
      detail: { attempt: 1, intent: 'create' },
    });
    expect((await orders.store.placement(id))?.toUndo).toContain('s1.preferences');
  });

  test('is taken by the first at its job without a write to the record', async () => {
    const { id, at } = await handed();
    const before = await orders.raw(id);
    const begun = await orders.begin(id, 's1.preferences', first(at));
    expect(begun).toMatchObject({ kind: 'go', assignment: { blind: true, attempt: 1, intent: null } });
    expect(await orders.raw(id)).toEqual(before);
    const token = begun.kind === 'go' ? begun.assignment.token : '';
    const attempt = attemptOf(id, 's1.preferences', { token });
    expect(await orders.store.confirmLease(attempt)).toBe(true);
    expect(await orders.store.complete({ ...attempt, ...made, durationMs: 5_000 })).toBe('completed');
    const step = (await orders.store.read(id))!.steps.at(-1)!;
    expect(step).toMatchObject({ state: 'done', attempts: 1 });
    // It began when it was at work, not when it was handed over.
    expect(Date.parse(step.finishedAt!) - Date.parse(step.startedAt!)).toBe(5_000);
  });

  test('fails, is retried, and looks then', async () => {
    const { id, at } = await handed();
    const attempt = await orders.started(id, 's1.preferences', first(at));
    await orders.store.fail({ ...attempt, failure: REFUSED, final: false, calls: [] });
    expect(await orders.begin(id, 's1.preferences', first(at))).toMatchObject({
      assignment: { blind: false, intent: 'absent', attempt: 2 },
    });
  });

  test.each([
    ['a job that was started before', null],
    ['a job that was added later', 'later'],
  ] as const)('I3 is not taken by %s: somebody may be at work', async (_, job) => {
    const { id, at } = await handed();
    const again = { absentAfter, firstOfJob: job && at + 1 };
    await orders.redis.hset(orders.keys.order(id), 's:s1.preferences:w', 1_000);
    // The write of whoever was first may begin at any time until somebody asks.
    expect(await orders.begin(id, 's1.preferences', again)).toMatchObject({ kind: 'takeover' });
    const asked = Number(await orders.field(id, 's:s1.preferences:w'));
    expect(asked).toBeGreaterThan(1_700_000_000_000);
    expect(await orders.begin(id, 's1.preferences', again)).toMatchObject({ kind: 'takeover' });
    expect(Number(await orders.field(id, 's:s1.preferences:w'))).toBe(asked);
    // The first may end until then.
    expect(await orders.store.confirmLease(attemptOf(id, 's1.preferences', { token: 'next' }))).toBe(true);

    await orders.redis.hset(orders.keys.order(id), 's:s1.preferences:w', 1_000);
    const begun = await orders.begin(id, 's1.preferences', again);
    expect(begun).toMatchObject({ kind: 'go', assignment: { blind: false, intent: 'absent', attempt: 2 } });
    expect(await orders.store.confirmLease(attemptOf(id, 's1.preferences', { token: 'next' }))).toBe(false);
  });

  test('I3 whoever was first and comes back late is refused once another is done', async () => {
    const { id, at } = await handed();
    const late = await orders.started(id, 's1.preferences', first(at));
    await orders.begin(id, 's1.preferences', { absentAfter });
    await orders.redis.hset(orders.keys.order(id), 's:s1.preferences:w', 1_000);
    const second = await orders.writing(id, 's1.preferences', { absentAfter });
    await orders.store.complete({ ...second, ...made });
    expect(await orders.store.complete({ ...late, ...made, result: { id: 99 } })).toMatchObject({
      refused: true,
      recorded: { id: 1 },
    });
  });

  test('I4 of an order that is turned round: its undo waits until whoever was first must have ended', async () => {
    const { id } = await handed();
    await orders.redis.hset(orders.keys.order(id), 's:s1.preferences:w', 1_000);
    await orders.store.turn(id, 'cancel', 'client:crm', 'no');
    expect(await orders.begin(id, 's1.preferences')).toEqual({ kind: 'superseded' });
    expect(await orders.begin(id, 's1.preferences', { direction: 'u' })).toMatchObject({ kind: 'takeover' });
    await orders.redis.hset(orders.keys.order(id), 's:s1.preferences:w', 1_000);
    expect(await orders.begin(id, 's1.preferences', { direction: 'u' })).toMatchObject({ kind: 'go' });
  });

  test('I2 when the deadline has passed by then the order is held all the same', async () => {
    const { id, at } = await handed({ deadline: '2099-01-01T00:00:00.000Z' });
    await orders.redis.hset(orders.keys.order(id), 'deadline', 1_000);
    const attempt = attemptOf(id, 's1.preferences');
    expect(await orders.begin(id, 's1.preferences', { ...attempt, ...first(at) })).toMatchObject({ kind: 'deadline' });
    expect(await orders.store.fail({ ...attempt, failure: REFUSED, final: true, calls: [] })).toBe('failed');
    expect(await orders.store.read(id)).toMatchObject({ state: 'held', error: { step: 's1.preferences' } });
    expect((await orders.store.read(id))?.steps.at(-1)?.attempts).toBe(1);
  });

  test('a replay forgets that it was handed over', async () => {
    const { id } = await handed();
    await orders.store.turn(id, 'cancel', 'client:crm', 'no');
    await orders.begin(id, 's1.preferences');
    await orders.redis.hset(orders.keys.order(id), { state: 'failed', goal: 'failed' });
    expect(await orders.store.retry(id, 'operator:eve')).toMatchObject({ kind: 'replayed' });
    const left = Object.keys(await orders.raw(id)).filter((field) => field.startsWith('s:'));
    expect(left).toEqual([]);
  });

  describe('I3 it is not', () => {
    const isHanded = async (id: string) => (await orders.field(id, 's:s1.preferences:l')) !== null;

    test.each([
      ['when the step before it adopted', { outcome: 'adopted' }, {}],
      ['when it has begun before', {}, { 's:s1.preferences:st': 'waiting' }],
      ['when it has an intent', {}, { 's:s1.preferences:i': 'absent' }],
      ['when another order was let past', {}, { wasReleased: '1' }],
      ['when nothing comes next', { next: null }, {}],
    ])('%s', async (_, more: object, fields: Record<string, string>) => {
      const id = await orders.accept();
      await orders.done(id, 'customer');
      if (Object.keys(fields).length > 0) await orders.redis.hset(orders.keys.order(id), fields);
      const attempt = await orders.writing(id, 's1.subscriber');
      await orders.store.complete({ ...attempt, ...made, next, ...more });
      expect(await isHanded(id)).toBe(false);
    });

    test('when the order is turned round by then', async () => {
      const id = await orders.accept();
      await orders.done(id, 'customer');
      const attempt = await orders.writing(id, 's1.subscriber');
      await orders.store.turn(id, 'cancel', 'client:crm', 'no');
      await orders.store.complete({ ...attempt, ...made, next });
      expect(await isHanded(id)).toBe(false);
    });

    test('twice, when the one before it says twice that it is done', async () => {
      const id = await orders.accept({ plan: planOf('customer', 's1.subscriber', 's1.preferences') });
      await orders.done(id, 'customer');
      const attempt = await orders.writing(id, 's1.subscriber');
      await orders.store.complete({ ...attempt, ...made, next });
      const handedOver = await orders.raw(id);
      await orders.store.complete({ ...attempt, ...made, next });
      expect(await orders.raw(id)).toEqual(handedOver);
    });
  });
});
