import { describe, expect, test } from 'vitest';
import type { AmendInput } from '../../src/orders/amend.ts';
import { attemptOf, orderInput, planOf, REFUSED, useOrders, type Wanted } from './harness.ts';

const orders = useOrders();
const EVE = 'operator:eve';
const STEPS = ['customer', 's1.subscriber', 's1.preferences'];

/** A held order: `customer` is done, `s1.subscriber` was refused before it had made anything. */
async function hold(wanted: Wanted = {}): Promise<string> {
  const id = await orders.accept({ steps: STEPS, ...wanted });
  await orders.done(id, 'customer');
  await orders.failed(id, 's1.subscriber');
  return id;
}

/** An amendment to the same subscribers without preferences. */
async function inputFor(id: string, more: Partial<AmendInput> = {}): Promise<AmendInput> {
  const { order, plan } = orderInput({ steps: ['customer', 's1.subscriber'] });
  const { version } = (await orders.store.content(id))!;
  const rest = { fingerprint: 'fp-2', secrets: null, generated: [], keep: ['customer'], detail: {} };
  return { by: EVE, version, order, plan, ...rest, ...more };
}

const sealedUnder = (keyId: string) => ({ secrets: { sealed: `sealed-under-${keyId}`, keyId } });

/** Undoes what is to be undone, and settles. */
async function undone(id: string, run = 1): Promise<void> {
  const { toUndo } = (await orders.store.placement(id))!;
  for (const step of toUndo.toReversed()) {
    const attempt = await orders.started(id, step, { direction: 'u', run });
    await orders.store.complete({ ...attempt, outcome: 'created', result: {}, calls: [] });
  }
  await orders.store.settle(id, run);
}

describe('amend', () => {
  test('I7 a held order goes on as the next run with its new plan; what stays is done', async () => {
    const id = await hold();
    const before = attemptOf(id, 's1.subscriber');
    expect(await orders.store.amend(id, await inputFor(id))).toEqual({ kind: 'turned' });
    await undone(id);
    const view = await orders.store.read(id);
    expect(view).toMatchObject({ state: 'inProgress', run: 2, direction: 'forward', error: null });
    expect(view?.steps.map(({ id: step, state }) => [step, state])).toEqual([
      ['customer', 'done'],
      ['s1.subscriber', 'waiting'],
    ]);
    expect(await orders.begin(id, 's1.subscriber', before)).toEqual({ kind: 'superseded' });
    expect(await orders.begin(id, 's1.subscriber', { run: 2 })).toMatchObject({ kind: 'go' });
  });

  test('I4 what does not stay is undone before the new content counts', async () => {
    const id = await hold();
    await orders.store.amend(id, await inputFor(id, { keep: [] }));
    expect(await orders.store.settle(id, 1)).toEqual({ kind: 'open' });
    expect((await orders.store.placement(id))?.toUndo).toEqual(['customer']);
    await undone(id);
    const steps = (await orders.store.read(id))?.steps.map(({ state }) => state);
    expect(steps).toEqual(['waiting', 'waiting']);
  });

  test('made from what is no longer so changes nothing', async () => {
    const id = await hold();
    const input = await inputFor(id);
    await orders.store.note(id, { type: 'anything', step: null, by: 'turnup', detail: {} });
    const before = await orders.raw(id);
    expect(await orders.store.amend(id, input)).toEqual({ kind: 'changed' });
    expect(await orders.raw(id)).toEqual(before);
  });

  test('is for orders that are held or have not begun, and that go forward', async () => {
    const missing = '018f6d2e-0000-7000-8000-000000000000';
    const id = await orders.accept({ steps: STEPS });
    expect(await orders.store.amend(missing, await inputFor(id))).toEqual({ kind: 'missing' });
    await orders.done(id, 'customer');
    expect(await orders.store.amend(id, await inputFor(id))).toMatchObject({
      kind: 'refused',
      state: 'inProgress',
      reason: 'The order is inProgress; only one that is held or has not begun can be amended.',
    });
    await orders.failed(id, 's1.subscriber');
    await orders.store.turn(id, 'undo', EVE, 'r');
    const attempt = await orders.started(id, 'customer', { direction: 'u' });
    await orders.store.fail({ ...attempt, failure: REFUSED, final: true, calls: [] });
    const before = await orders.raw(id);
    expect(await orders.store.amend(id, await inputFor(id))).toMatchObject({
      kind: 'refused',
      state: 'held',
      reason: expect.stringContaining('being undone'),
    });
    expect(await orders.raw(id)).toEqual(before);
  });

  test.each([
    ['done', (id: string) => orders.done(id, 'customer')],
    ['that may have written', async (id: string) => void (await orders.writing(id, 'customer'))],
  ])('I4 is refused past a pivot %s', async (_, reach) => {
    const plan = planOf('customer', 's1.subscriber');
    const id = await orders.accept({
      plan: [
        { ...plan[0]!, class: 'pivot' },
        { ...plan[1]!, after: null, needs: [] },
      ],
    });
    await reach(id);
    await orders.failed(id, 's1.subscriber');
    await orders.redis.hset(orders.keys.order(id), 'state', 'held');
    const before = await orders.raw(id);
    expect(await orders.store.amend(id, await inputFor(id))).toMatchObject({
      kind: 'refused',
      reason: 'Step customer has passed the point of no return; the order can only go forward.',
    });
    expect(await orders.raw(id)).toEqual(before);
  });

  test('I5 not while the order that was let past is unfinished; then it stands in line again', async () => {
    const id = await hold({ customer: 'C-1' });
    const next = await orders.accept({ customer: 'C-1' });
    await orders.store.release(id, EVE, 'r');
    const before = await orders.raw(id);
    expect(await orders.store.amend(id, await inputFor(id))).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining(next),
    });
    expect(await orders.raw(id)).toEqual(before);
    await orders.completed(next);
    expect(await orders.store.amend(id, await inputFor(id))).toEqual({ kind: 'turned' });
    expect(await orders.redis.lrange(orders.keys.mailbox('lab', 'C-1'), 0, -1)).toEqual([id]);
  });

  test('I5 one that waits keeps its place, and has its new content at once', async () => {
    const first = await orders.accept({ customer: 'C-1' });
    const id = await orders.accept({ customer: 'C-1', steps: STEPS });
    expect(await orders.store.amend(id, await inputFor(id, { keep: [] }))).toEqual({ kind: 'amended' });
    expect(await orders.store.read(id)).toMatchObject({ state: 'pending', run: 1, blockedBy: { id: first } });
    expect((await orders.store.placement(id))?.plan.map((step) => step.id)).toEqual(['customer', 's1.subscriber']);
  });
});

describe('I8 the key under which an amended order is sealed', () => {
  test('counts beside the one before while what does not stay is undone, then alone', async () => {
    const id = await hold({ secrets: 'sealed-under-k1', keyId: 'k1' });
    await orders.store.amend(id, await inputFor(id, sealedUnder('k2')));
    expect((await orders.store.keyIdsInUse()).toSorted()).toEqual(['k1', 'k2']);
    await undone(id);
    expect(await orders.store.keyIdsInUse()).toEqual(['k2']);
    expect(await orders.field(id, 'secrets')).toBe('sealed-under-k2');
  });

  test('is needed no more where the amended order has no secrets', async () => {
    const id = await hold({ secrets: 'sealed-under-k1', keyId: 'k1' });
    await orders.store.amend(id, await inputFor(id));
    await undone(id);
    expect(await orders.store.keyIdsInUse()).toEqual([]);
    expect(await orders.field(id, 'secrets')).toBeNull();
  });

  test('is needed no more when the order is cancelled before it came to that', async () => {
    const id = await hold({ secrets: 'sealed-under-k1', keyId: 'k1' });
    await orders.store.amend(id, await inputFor(id, sealedUnder('k2')));
    expect(await orders.store.turn(id, 'cancel', EVE, 'r')).toEqual({ kind: 'turned' });
    expect(await orders.store.keyIdsInUse()).toEqual(['k1']);
    expect(await orders.field(id, 'amend')).toBeNull();
    expect((await orders.store.placement(id))?.toUndo).toEqual(['customer']);
  });

  test('is needed no more when the order is closed because its undo failed', async () => {
    const id = await hold({ secrets: 'sealed-under-k1', keyId: 'k1' });
    await orders.store.amend(id, await inputFor(id, { ...sealedUnder('k2'), keep: [] }));
    const attempt = await orders.started(id, 'customer', { direction: 'u' });
    await orders.store.fail({ ...attempt, failure: REFUSED, final: true, calls: [] });
    expect(await orders.store.close(id, EVE, 'r')).toMatchObject({ kind: 'closed', state: 'partial' });
    expect(await orders.store.keyIdsInUse()).toEqual(['k1']);
    expect(await orders.field(id, 'amend')).toBeNull();
  });
});
