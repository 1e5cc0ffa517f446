import { describe, expect, test } from 'vitest';
import { LEASE_TRUSTED_MS } from '../../src/orders/lua.ts';
import { attemptOf, CALL, planOf, REFUSED, useOrders, WRITE_MS } from './harness.ts';

const orders = useOrders();
const { stringify } = JSON;

describe('begin', () => {
  test('gives an attempt what it needs to know', async () => {
    const id = await orders.accept({
      externalId: 'E-1',
      secrets: 'sealed',
      keyId: 'k1',
      deadline: '2099-01-01T00:00:00.000Z',
      customer: 'C-1',
    });
    await orders.done(id, 'customer');
    const begun = await orders.begin(id, 's1.subscriber');
    expect(begun).toEqual({
      kind: 'go',
      assignment: {
        externalId: 'E-1',
        client: 'crm',
        body: await orders.field(id, 'body'),
        itemBody: stringify({ id: 's1', username: 'user-s1', domain: 'lab.example.com' }),
        secrets: 'sealed',
        intent: null,
        needs: { customer: { outcome: 'created', result: { of: 'customer' } } },
        attempt: 1,
        done: null,
        deadlineMs: Date.parse('2099-01-01T00:00:00.000Z'),
        unsteady: false,
        blind: false,
        token: expect.any(String),
        keyRun: null,
      },
    });
  });

  test('a step of the customer has no subscriber, and what is absent is null', async () => {
    const id = await orders.accept();
    expect(await orders.begin(id, 'customer')).toMatchObject({
      kind: 'go',
      assignment: { itemBody: null, secrets: null, intent: null, needs: {}, done: null, deadlineMs: null },
    });
  });

  test('I3 a step that is done or was skipped is not done again', async () => {
    const id = await orders.accept();
    await orders.done(id, 'customer');
    expect(await orders.begin(id, 'customer')).toEqual({ kind: 'done', outcome: 'created' });
    await orders.redis.hset(orders.keys.order(id), 's:s1.subscriber:st', 'skipped');
    expect(await orders.begin(id, 's1.subscriber')).toMatchObject({ kind: 'done' });
    expect((await orders.store.read(id))?.steps.map((step) => step.attempts)).toEqual([1, 0, 0]);
  });

  test.each([
    ['another run', { run: '2' }],
    ['another direction', { dir: 'u' }],
    ['an order that is completed', { state: 'completed' }],
    ['an order that is partial', { state: 'partial' }],
    ['an order that is failed', { state: 'failed' }],
    ['an order that is cancelled', { state: 'cancelled' }],
  ])('I7 a step of %s does nothing', async (_, fields) => {
    const id = await orders.accept();
    await orders.redis.hset(orders.keys.order(id), fields);
    const before = await orders.raw(id);
    expect(await orders.begin(id, 'customer')).toEqual({ kind: 'superseded' });
    expect(await orders.raw(id)).toEqual(before);
  });

  test('I7 a step of an order that is gone does nothing and leaves nothing', async () => {
    expect(await orders.begin('no-such-order', 'customer')).toEqual({ kind: 'superseded' });
    expect(await orders.redis.dbsize()).toBe(0);
  });

  test('I11 what a step needs is asked of the record', async () => {
    const id = await orders.accept();
    expect(await orders.begin(id, 's1.preferences')).toEqual({ kind: 'needs', missing: ['s1.subscriber', 'customer'] });
    await orders.redis.hset(orders.keys.order(id), 's:customer:st', 'skipped');
    expect(await orders.begin(id, 's1.preferences')).toEqual({ kind: 'needs', missing: ['s1.subscriber'] });
    await orders.redis.hset(orders.keys.order(id), 's:s1.subscriber:st', 'failed');
    expect(await orders.begin(id, 's1.preferences')).toEqual({ kind: 'needs', missing: ['s1.subscriber'] });
    await orders.redis.hset(orders.keys.order(id), { 's:s1.subscriber:st': 'done', 's:s1.subscriber:o': 'adopted' });
    expect(await orders.begin(id, 's1.preferences')).toMatchObject({
      kind: 'go',
      assignment: {
        needs: { customer: { outcome: 'skipped', result: {} }, 's1.subscriber': { outcome: 'adopted', result: {} } },
      },
    });
  });

  test('thousands of missing needs are all named', async () => {
    const id = await orders.accept();
    const needs = Array.from({ length: 9_000 }, (_, at) => `n${at}`);
    expect(await orders.begin(id, 'customer', { needs })).toEqual({ kind: 'needs', missing: needs });
  });

  describe('takeover', () => {
    /** Lets the time pass that a write of the step may take. */
    const writeIsOver = (id: string, step: string) => orders.redis.hset(orders.keys.order(id), `s:${step}:w`, 1_000);

    test('an attempt that only looked leaves nothing behind', async () => {
      const id = await orders.accept();
      const before = await orders.raw(id);
      await orders.started(id, 'customer');
      expect(await orders.raw(id)).toEqual(before);
      expect(await orders.begin(id, 'customer')).toMatchObject({ kind: 'go', assignment: { attempt: 1 } });
      expect(await orders.journalTypes(id)).not.toContain('takenOver');
    });

    test('I3 is looked at again later where something was to be made, and only there', async () => {
      const due = () => orders.redis.zrange(orders.keys.leftovers(), '0', '-1');
      for (const [intent, expected] of [
        ['sealed before-image', []],
        ['absent', 'one'],
      ] as const) {
        const id = await orders.accept();
        const attempt = await orders.started(id, 'customer');
        await orders.store.intend({ ...attempt, intent, verb: 'create', calls: [] });
        await writeIsOver(id, 'customer');
        await orders.started(id, 'customer');
        expect(await due()).toEqual(expected === 'one' ? [`${id} 1 customer`] : expected);
      }
    });

    test('I3 an attempt that may be writing is waited for as long as a write may take, and a little longer', async () => {
      const id = await orders.accept();
      await orders.writing(id, 'customer');
      const before = await orders.raw(id);
      const begun = await orders.begin(id, 'customer');
      expect(begun).toMatchObject({ kind: 'takeover' });
      const { waitMs } = begun as { waitMs: number };
      expect(waitMs).toBeGreaterThan(WRITE_MS);
      expect(waitMs).toBeLessThanOrEqual(WRITE_MS + LEASE_TRUSTED_MS);
      expect(await orders.raw(id)).toEqual(before);

      const written = Number(before['s:customer:w']);
      await orders.redis.hset(orders.keys.order(id), 's:customer:w', written - WRITE_MS);
      expect(await orders.begin(id, 'customer')).toMatchObject({ kind: 'takeover' });
      await orders.redis.hset(orders.keys.order(id), 's:customer:w', written - WRITE_MS - LEASE_TRUSTED_MS);
      expect(await orders.begin(id, 'customer')).toMatchObject({
        kind: 'go',
        assignment: { intent: 'absent', attempt: 2, blind: false },
      });
    });

    test('it is told, and who lost the lease may write no more', async () => {
      const id = await orders.accept();
      const first = await orders.writing(id, 'customer');
      await writeIsOver(id, 'customer');
      await orders.begin(id, 'customer', { worker: 'w2' });
      expect(await orders.store.confirmLease(first)).toBe(false);
      // Nobody is at work on it: what took over only looks so far.
      expect((await orders.store.read(id))?.steps[0]?.state).toBe('waiting');
      const journal = await orders.store.journal(id, { limit: 10 });
      expect(journal?.items.find((entry) => entry.type === 'takenOver')).toMatchObject({
        step: 'customer',
        detail: { worker: 'w2' },
      });
    });

    test('each write puts the end of the wait off', async () => {
      const id = await orders.accept();
      const first = await orders.writing(id, 'customer');
      await writeIsOver(id, 'customer');
      await orders.store.confirmLease(first);
      expect(await orders.begin(id, 'customer')).toMatchObject({ kind: 'takeover' });
    });

    test('a lease that was handed back is not waited for', async () => {
      const id = await orders.accept();
      const first = await orders.writing(id, 'customer');
      await orders.store.fail({ ...first, failure: REFUSED, final: false, retryInMs: 1, calls: [] });
      expect(await orders.begin(id, 'customer')).toMatchObject({ kind: 'go', assignment: { attempt: 2 } });
      expect(await orders.journalTypes(id)).not.toContain('takenOver');
    });
  });

  describe('where it is proven that nothing is there', () => {
    const proven = { absentAfter: 'customer' };

    test('the intent is written and the lease taken with the beginning', async () => {
      const id = await orders.accept();
      await orders.done(id, 'customer');
      const attempt = attemptOf(id, 's1.subscriber');
      expect(await orders.begin(id, 's1.subscriber', { ...attempt, ...proven })).toMatchObject({
        kind: 'go',
        assignment: { blind: true, intent: null, attempt: 1, token: attempt.token },
      });
      const record = await orders.raw(id);
      expect([record['s:s1.subscriber:l'], record['s:s1.subscriber:i']]).toEqual([attempt.token, 'absent']);
      expect(Number(record['s:s1.subscriber:w'])).toBeGreaterThan(1_700_000_000_000);
      expect(await orders.store.confirmLease(attempt)).toBe(true);
      expect((await orders.store.journal(id, { limit: 100 }))?.items.at(-1)).toMatchObject({
        type: 'stepStarted',
        step: 's1.subscriber',
        detail: { attempt: 1, worker: 'w1', intent: 'create' },
      });
    });

    test.each([
      ['the other step adopted its object', { 's:customer:o': 'adopted' }],
      ['the other step was done by hand', { 's:customer:st': 'skipped' }],
      ['there is an intent already', { 's:s1.subscriber:i': 'absent' }],
      ['another order was let past, or a person changed the order', { wasReleased: '1' }],
    ])('I3 but not when %s', async (_, fields) => {
      const id = await orders.accept();
      await orders.done(id, 'customer');
      await orders.redis.hset(orders.keys.order(id), fields);
      const before = await orders.raw(id);
      expect(await orders.begin(id, 's1.subscriber', proven)).toMatchObject({ assignment: { blind: false } });
      expect(await orders.raw(id)).toEqual(before);
    });

    test('a command sent again under its own token is the same attempt', async () => {
      const id = await orders.accept();
      await orders.done(id, 'customer');
      const attempt = { ...attemptOf(id, 's1.subscriber'), ...proven };
      await orders.begin(id, 's1.subscriber', attempt);
      const before = await orders.raw(id);
      expect(await orders.begin(id, 's1.subscriber', attempt)).toMatchObject({
        kind: 'go',
        assignment: { blind: true, attempt: 1 },
      });
      expect(await orders.raw(id)).toEqual(before);
      expect((await orders.journalTypes(id)).filter((type) => type === 'stepStarted')).toHaveLength(1);
    });

    test('I3 the next attempt looks', async () => {
      const id = await orders.accept();
      await orders.done(id, 'customer');
      const attempt = await orders.started(id, 's1.subscriber', proven);
      await orders.store.fail({ ...attempt, failure: REFUSED, final: false, calls: [] });
      expect(await orders.begin(id, 's1.subscriber', proven)).toMatchObject({
        assignment: { blind: false, intent: 'absent', attempt: 2 },
      });
    });
  });

  describe('the exclusive lane', () => {
    const plan = planOf('customer', 's1.subscriber', 's2.subscriber', 's3.subscriber');

    async function prepared() {
      const id = await orders.accept({ plan });
      await orders.done(id, 'customer');
      return id;
    }

    test('lets one step at a time in and tells the others to come back, later ones later', async () => {
      const id = await prepared();
      await orders.writing(id, 's1.subscriber', { exclusive: true });
      const second = await orders.begin(id, 's2.subscriber', { exclusive: true });
      const third = await orders.begin(id, 's3.subscriber', { exclusive: true });
      expect([second.kind, third.kind]).toEqual(['busy', 'busy']);
      expect((third as { waitMs: number }).waitMs).toBeGreaterThan((second as { waitMs: number }).waitMs);
      // Who asks again does not lengthen the line.
      expect(await orders.begin(id, 's2.subscriber', { exclusive: true })).toEqual(third);
      expect((await orders.store.read(id))?.steps.map((step) => step.state)).toEqual([
        'done',
        'active',
        'waiting',
        'waiting',
      ]);
    });

    test('does not keep steps that are not exclusive', async () => {
      const id = await prepared();
      await orders.started(id, 's1.subscriber', { exclusive: true });
      expect(await orders.begin(id, 's2.subscriber')).toMatchObject({ kind: 'go' });
    });

    test.each(['complete', 'fail for good', 'fail for now', 'park'] as const)('is free again after %s', async (how) => {
      const id = await prepared();
      const first = await orders.started(id, 's1.subscriber', { exclusive: true });
      expect(await orders.begin(id, 's2.subscriber', { exclusive: true })).toMatchObject({ kind: 'busy' });
      const common = { ...first, failure: REFUSED, calls: [CALL] };
      if (how === 'complete') await orders.store.complete({ ...common, outcome: 'created', result: {} });
      else if (how === 'park') await orders.store.park({ ...common, target: 'lab' });
      else await orders.store.fail({ ...common, final: how === 'fail for good' });
      expect(await orders.begin(id, 's2.subscriber', { exclusive: true })).toMatchObject({ kind: 'go' });
    });

    test('is its own again for a step whose attempt vanished', async () => {
      const id = await prepared();
      await orders.started(id, 's1.subscriber', { exclusive: true });
      expect(await orders.begin(id, 's1.subscriber', { exclusive: true })).toMatchObject({ kind: 'go' });
    });

    test('who waited once does not count for ever', async () => {
      const id = await prepared();
      const first = await orders.started(id, 's1.subscriber', { exclusive: true });
      const before = await orders.begin(id, 's2.subscriber', { exclusive: true });
      await orders.begin(id, 's3.subscriber', { exclusive: true });
      await orders.store.complete({ ...first, outcome: 'created', result: {}, calls: [] });
      await orders.started(id, 's3.subscriber', { exclusive: true });
      expect(await orders.begin(id, 's2.subscriber', { exclusive: true })).toEqual(before);
    });
  });

  describe('the deadline', () => {
    async function late(step: string, ...done: string[]) {
      const id = await orders.accept({ deadline: '2099-01-01T00:00:00.000Z' });
      await orders.done(id, ...done);
      await orders.redis.hset(orders.keys.order(id), 'deadline', 1_000);
      const attempt = attemptOf(id, step);
      return { id, attempt, begun: await orders.begin(id, step, attempt) };
    }

    test('stops a step that has not begun; the caller may fail it', async () => {
      const { id, attempt, begun } = await late('s1.subscriber', 'customer');
      expect(begun).toEqual({ kind: 'deadline', recorded: false });
      await orders.store.fail({ ...attempt, failure: REFUSED, final: true, calls: [] });
      expect(await orders.store.read(id)).toMatchObject({ state: 'held', error: { step: 's1.subscriber' } });
    });

    test('a step that failed for it and begins again without a retry is still one failed step', async () => {
      const { id, attempt } = await late('s1.subscriber', 'customer');
      await orders.store.fail({ ...attempt, failure: REFUSED, final: true, calls: [] });
      const again = attemptOf(id, 's1.subscriber');
      expect(await orders.begin(id, 's1.subscriber', again)).toEqual({ kind: 'deadline', recorded: true });
      await orders.store.fail({ ...again, failure: REFUSED, final: true, calls: [] });
      expect(await orders.field(id, 'failed')).toBe('1');
    });

    test('a retry after it lets the order go on', async () => {
      const { id, attempt } = await late('s1.subscriber', 'customer');
      await orders.store.fail({ ...attempt, failure: REFUSED, final: true, calls: [] });
      expect(await orders.store.retry(id, 'operator:eve')).toMatchObject({ kind: 'retried' });
      expect(await orders.begin(id, 's1.subscriber')).toMatchObject({ kind: 'go' });
    });

    test('what a step needs comes first', async () => {
      expect((await late('s1.preferences', 'customer')).begun).toMatchObject({ kind: 'needs' });
    });
  });

  test('a failed step that begins again is no longer failed and counts from one', async () => {
    const id = await orders.accept();
    await orders.failed(id, 'customer', false);
    await orders.failed(id, 'customer');
    expect(await orders.store.read(id)).toMatchObject({ state: 'held', steps: [{ attempts: 2 }, {}, {}] });
    expect(await orders.begin(id, 'customer')).toMatchObject({ kind: 'go', assignment: { attempt: 1 } });
    expect(await orders.store.read(id)).toMatchObject({ state: 'held', steps: [{ state: 'failed' }, {}, {}] });
    await orders.writing(id, 'customer');
    expect(await orders.store.read(id)).toMatchObject({
      state: 'inProgress',
      error: null,
      steps: [{ attempts: 1, state: 'active' }, {}, {}],
    });
    expect(await orders.field(id, 'failed')).toBe('0');
  });

  test('a breaker that is not quite closed is told of', async () => {
    const id = await orders.accept();
    await orders.redis.hset(orders.keys.breaker('lab'), 'failures', 1);
    expect(await orders.begin(id, 'customer')).toMatchObject({ kind: 'go', assignment: { unsteady: true } });
  });
});
