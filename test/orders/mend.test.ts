import { describe, expect, test } from 'vitest';
import type { MendInput } from '../../src/orders/mend.ts';
import { planOf, useOrders } from './harness.ts';

const orders = useOrders();
const STEPS = ['customer', 's1.subscriber', 's1.preferences'];

/** A held order whose subscriber step was refused after it had begun to write. */
async function hold(wanted: Parameters<typeof orders.accept>[0] = {}): Promise<string> {
  const id = await orders.accept({ steps: STEPS, ...wanted });
  await orders.done(id, 'customer');
  await orders
    .writing(id, 's1.subscriber')
    .then((attempt) => orders.store.fail({ ...attempt, failure: FAILURE, final: true, calls: [] }));
  return id;
}

const FAILURE = { code: 'TURNUP_NUMBER_TAKEN', title: 't', detail: null, class: 'conflict', hint: 'h' } as const;

async function inputFor(id: string, change: Partial<MendInput> & { deadline?: string } = {}): Promise<MendInput> {
  const { version, common, subscribers, operations, plan, generated } = (await orders.store.content(id))!;
  const { deadline, ...rest } = change;
  const order = {
    ...common,
    ...(deadline !== undefined && { deadline }),
    subscribers,
    operations,
  } as unknown as MendInput['order'];
  return { by: 'operator:eve', version, order, plan, generated, forgetIntents: [], detail: { changes: [] }, ...rest };
}

describe('content', () => {
  test('is all that a mend needs to see', async () => {
    const id = await hold({ secrets: 'sealed', keyId: 'k1', generated: ['subscribers.s1.password'] });
    expect(await orders.store.content(id)).toMatchObject({
      version: expect.stringMatching(/^\d+-\d+$/),
      state: 'held',
      direction: 'forward',
      target: 'lab',
      common: { target: 'lab', action: 'provision' },
      subscribers: [{ id: 's1', username: 'user-s1' }],
      operations: [],
      secrets: 'sealed',
      generated: ['subscribers.s1.password'],
      steps: {
        customer: { state: 'done', begun: false },
        's1.subscriber': { state: 'failed', begun: true },
        's1.preferences': { state: 'waiting', begun: false },
      },
    });
  });

  test('has the subscribers in the order in which they were posted', async () => {
    const ids = Array.from({ length: 200 }, (_, at) => `s${200 - at}`);
    const id = await orders.accept({ plan: planOf('customer', ...ids.map((item) => `${item}.subscriber`)) });
    const content = await orders.store.content(id);
    expect(content?.subscribers.map((subscriber) => subscriber['id'])).toEqual(ids);
  });

  test('is none of an order that is not there, or archived', async () => {
    expect(await orders.store.content('018f6d2e-0000-7000-8000-000000000000')).toBeNull();
    const id = await orders.accept();
    await orders.completed(id);
    await orders.store.archive(id, 60_000);
    expect(await orders.store.content(id)).toBeNull();
  });
});

describe('mend', () => {
  test('stores what is given, says who, and the order stays held', async () => {
    const id = await hold();
    const input = await inputFor(id);
    const subscribers = [{ id: 's1', username: 'other', domain: 'lab.example.com' }];
    const order = { ...input.order, onFailure: 'undo' as const, subscribers };
    const detail = { changes: [{ path: 'x' }] };
    const generated = ['subscribers.s1.password'];
    expect(await orders.store.mend(id, { ...input, order, detail, generated })).toEqual({ kind: 'mended' });
    expect(JSON.parse((await orders.field(id, 'body:s1'))!)).toEqual(subscribers[0]);
    expect(await orders.store.read(id)).toMatchObject({
      state: 'held',
      onFailure: 'undo',
      error: { step: 's1.subscriber' },
    });
    expect((await orders.store.content(id))?.generated).toEqual(generated);
    const entry = (await orders.store.journal(id, { limit: 100 }))?.items.at(-1);
    expect(entry).toMatchObject({ type: 'mended', step: null, by: 'operator:eve', detail });
  });

  test('made from what is no longer so changes nothing', async () => {
    const id = await hold();
    const input = await inputFor(id);
    await orders.store.note(id, { type: 'anything', step: null, by: 'turnup', detail: {} });
    const before = await orders.raw(id);
    expect(await orders.store.mend(id, input)).toEqual({ kind: 'changed' });
    expect(await orders.raw(id)).toEqual(before);
    expect(await orders.store.mend(id, await inputFor(id))).toEqual({ kind: 'mended' });
  });

  test('is for held orders that go forward', async () => {
    const going = await orders.accept();
    expect(await orders.store.mend(going, await inputFor(going))).toMatchObject({
      kind: 'refused',
      state: 'acknowledged',
      reason: 'The order is acknowledged; only a held one can be mended.',
    });
    const id = await hold();
    const input = await inputFor(id);
    await orders.redis.hset(orders.keys.order(id), 'dir', 'u');
    expect(await orders.store.mend(id, input)).toMatchObject({ kind: 'refused', state: 'held', reason: /undone/ });
    const missing = '018f6d2e-0000-7000-8000-000000000000';
    expect(await orders.store.mend(missing, input)).toEqual({ kind: 'missing' });
  });

  test('the record knows under which key it is sealed now', async () => {
    const id = await hold({ secrets: 'old', keyId: 'k1' });
    expect(await orders.store.keyIdsInUse()).toEqual(['k1']);
    await orders.store.mend(id, await inputFor(id, { secrets: { sealed: 'new', keyId: 'k2' } }));
    expect(await orders.store.keyIdsInUse()).toEqual(['k2']);
    expect(await orders.field(id, 'secrets')).toBe('new');
    await orders.store.mend(id, await inputFor(id));
    expect(await orders.field(id, 'secrets')).toBe('new');
    await orders.store.close(id, 'operator:eve', 'r');
    await orders.store.archive(id, 60_000);
    expect(await orders.store.keyIdsInUse()).toEqual([]);
  });

  test('I3 nothing is proven absent any more: every step looks before it writes', async () => {
    const id = await hold();
    await orders.store.mend(id, await inputFor(id, { forgetIntents: ['s1.subscriber'] }));
    expect(await orders.field(id, 's:s1.subscriber:i')).toBeNull();
    await orders.store.retry(id, 'operator:eve');
    expect(await orders.begin(id, 's1.subscriber', { absentAfter: 'customer' })).toMatchObject({
      kind: 'go',
      assignment: { blind: false, intent: null },
    });
  });

  test('another deadline is one that has not passed', async () => {
    const id = await hold({ deadline: '2030-01-01T00:00:00.000Z' });
    await orders.redis.hset(orders.keys.order(id), 'pastDeadline', '1');
    await orders.store.mend(id, await inputFor(id));
    expect(await orders.field(id, 'pastDeadline')).toBe('1');
    await orders.store.mend(id, await inputFor(id, { deadline: '2031-01-01T00:00:00.000Z' }));
    expect(await orders.field(id, 'pastDeadline')).toBe('');
    expect((await orders.store.read(id))?.deadline).toBe('2031-01-01T00:00:00.000Z');
  });

  test('of thousands of subscribers is stored whole', async () => {
    const items = Array.from({ length: 3000 }, (_, at) => `s${at + 1}`);
    const id = await orders.accept({ plan: planOf('customer', ...items.map((item) => `${item}.subscriber`)) });
    await orders.failed(id, 'customer');
    const input = await inputFor(id);
    const subscribers = input.order.subscribers.map((one) => ({ ...one, username: `new-${one.id}` }));
    expect(await orders.store.mend(id, { ...input, order: { ...input.order, subscribers } })).toEqual({
      kind: 'mended',
    });
    const stored = (await orders.store.content(id))!.subscribers;
    expect(stored).toHaveLength(3000);
    expect(stored.every((one) => one['username'] === `new-${String(one['id'])}`)).toBe(true);
  });
});
