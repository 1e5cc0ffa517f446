import { describe, expect, test } from 'vitest';
import { orderInput, planOf, useOrders } from './harness.ts';

const orders = useOrders();

describe('accept', () => {
  test('I1 an order that was answered is stored whole', async () => {
    const input = orderInput({
      externalId: 'E-1',
      customer: 'C-1',
      deadline: '2099-01-01T00:00:00.000Z',
      secrets: 'sealed',
      keyId: 'k1',
      generated: ['subscribers.s1.password'],
    });
    expect(await orders.store.accept(input)).toEqual({ kind: 'created', id: input.id, head: true });
    expect(await orders.store.read(input.id)).toMatchObject({
      id: input.id,
      externalId: 'E-1',
      client: 'crm',
      target: 'lab',
      platform: 'toy',
      action: 'provision',
      onFailure: 'hold',
      state: 'acknowledged',
      run: 1,
      direction: 'forward',
      startedAt: null,
      completedAt: null,
      notBefore: null,
      deadline: '2099-01-01T00:00:00.000Z',
      blockedBy: null,
      customer: { externalId: 'C-1' },
      error: null,
    });
    const { subscribers, operations: _operations, ...common } = input.order;
    expect(await orders.raw(input.id)).toMatchObject({
      left: '3',
      failed: '0',
      secrets: 'sealed',
      keyId: 'k1',
      generated: '["subscribers.s1.password"]',
      body: JSON.stringify(common),
      'body:s1': JSON.stringify(subscribers[0]),
    });
    expect(await orders.store.placement(input.id)).toMatchObject({ plan: input.plan, title: 'provision E-1 for C-1' });
    expect(await orders.store.keyIdsInUse()).toEqual(['k1']);
    const journal = await orders.store.journal(input.id, { limit: 10 });
    expect(journal?.items.map(({ type, by, detail }) => [type, by, detail])).toEqual([
      ['accepted', 'client:crm', { externalId: 'E-1' }],
      ['state', 'turnup', { from: '', to: 'acknowledged' }],
    ]);
  });

  test('the time of acceptance is the time of Redis', async () => {
    const [before] = await orders.redis.time();
    const id = await orders.accept();
    const [after] = await orders.redis.time();
    const created = Date.parse((await orders.store.read(id))!.createdAt) / 1000;
    expect(created).toBeGreaterThanOrEqual(Number(before));
    expect(created).toBeLessThanOrEqual(Number(after) + 1);
  });

  test('the same externalId again: same content, other content', async () => {
    const first = await orders.accept({ externalId: 'E-1' });
    const keysBefore = (await orders.redis.keys('*')).toSorted();
    expect(await orders.store.accept(orderInput({ externalId: 'E-1' }))).toEqual({ kind: 'same', id: first });
    const other = orderInput({ externalId: 'E-1', fingerprint: 'other' });
    expect(await orders.store.accept(other)).toEqual({ kind: 'different', id: first });
    expect((await orders.redis.keys('*')).toSorted()).toEqual(keysBefore);
  });

  test('the same Idempotency-Key again: same content, other content, another externalId', async () => {
    const first = await orders.accept({ externalId: 'E-1', idempotencyKey: 'K-1' });
    const again = orderInput({ externalId: 'E-2', idempotencyKey: 'K-1' });
    expect(await orders.store.accept(again)).toEqual({ kind: 'same', id: first });
    const other = orderInput({ externalId: 'E-2', idempotencyKey: 'K-1', fingerprint: 'other' });
    expect(await orders.store.accept(other)).toEqual({ kind: 'different', id: first });
    // What was refused took neither name.
    expect(await orders.store.accept(orderInput({ externalId: 'E-2' }))).toMatchObject({ kind: 'created' });
  });

  test('another Idempotency-Key does not hide a known externalId', async () => {
    const first = await orders.accept({ externalId: 'E-1', idempotencyKey: 'K-1' });
    const again = orderInput({ externalId: 'E-1', idempotencyKey: 'K-2' });
    expect(await orders.store.accept(again)).toEqual({ kind: 'same', id: first });
  });

  test('an externalId and an Idempotency-Key of the same text are two things', async () => {
    await orders.accept({ externalId: 'X', idempotencyKey: 'Y' });
    const input = orderInput({ externalId: 'Y', idempotencyKey: 'X' });
    expect(await orders.store.accept(input)).toMatchObject({ kind: 'created', id: input.id });
  });

  test('each client has externalIds and keys of its own', async () => {
    await orders.accept({ externalId: 'E-1', idempotencyKey: 'K-1', client: 'crm' });
    const input = orderInput({ externalId: 'E-1', idempotencyKey: 'K-1', client: 'shop' });
    expect(await orders.store.accept(input)).toMatchObject({ kind: 'created', id: input.id });
  });

  test('I3 of 20 at the same time one is created and all name it', async () => {
    const inputs = Array.from({ length: 20 }, () => orderInput({ externalId: 'E-1', customer: 'C-1' }));
    const accepted = await Promise.all(inputs.map((input) => orders.store.accept(input)));
    const created = accepted.filter((one) => one.kind === 'created');
    expect(created).toHaveLength(1);
    expect(accepted.filter((one) => one.kind === 'same')).toHaveLength(19);
    expect(new Set(accepted.map((one) => one.id))).toEqual(new Set([created[0]!.id]));
    expect(await orders.redis.zcard(orders.keys.index('all'))).toBe(1);
    expect(await orders.redis.lrange(orders.keys.mailbox('lab', 'C-1'), 0, -1)).toEqual([created[0]!.id]);
  });

  test('I3 a command sent again under its own id changes nothing and answers as the first time', async () => {
    const input = orderInput({ customer: 'C-1', secrets: 'sealed', keyId: 'k1' });
    const first = await orders.store.accept(input);
    const dump = await everything();
    expect(await orders.store.accept(input)).toEqual(first);
    const behind = orderInput({ customer: 'C-1' });
    const waiting = await orders.store.accept(behind);
    expect(await orders.store.accept(behind)).toEqual(waiting);
    expect(waiting).toEqual({ kind: 'created', id: behind.id, head: false });
    await orders.redis.del(orders.keys.order(behind.id));
    expect(dump.get(orders.keys.order(input.id))).toEqual(await orders.raw(input.id));
    expect(await orders.redis.hget(orders.keys.sealedWith(), 'k1')).toBe('1');
    expect(await orders.journalTypes(input.id)).toEqual(['accepted', 'state']);
  });

  test('I5 only the first order of a customer on a target is head', async () => {
    const heads = [];
    for (const [target, customer] of [
      ['lab', 'C-1'],
      ['lab', 'C-1'],
      ['lab', 'C-2'],
      ['other', 'C-1'],
    ] as const) {
      const accepted = await orders.store.accept(orderInput({ target, customer }));
      heads.push(accepted.kind === 'created' && accepted.head);
    }
    expect(heads).toEqual([true, false, true, true]);
  });

  test('an order that waits for an earlier one says for which', async () => {
    const first = await orders.accept({ customer: 'C-1' });
    const second = await orders.accept({ customer: 'C-1' });
    expect(await orders.store.read(second)).toMatchObject({
      state: 'pending',
      blockedBy: { kind: 'order', id: first, until: null },
    });
  });

  test('a notBefore that lies ahead schedules the order and blocks nobody', async () => {
    const notBefore = new Date(Date.now() + 3_600_000).toISOString();
    const input = orderInput({ customer: 'C-1', notBefore });
    expect(await orders.store.accept(input)).toEqual({ kind: 'created', id: input.id, head: false });
    expect(await orders.store.read(input.id)).toMatchObject({
      state: 'pending',
      notBefore,
      blockedBy: { kind: 'notBefore', id: null, until: notBefore },
    });
    expect(await orders.redis.zscore(orders.keys.scheduled(), input.id)).toBe(String(Date.parse(notBefore)));
    expect(await orders.redis.zscore(orders.keys.live(), input.id)).toBeNull();
    expect(await orders.store.accept(orderInput({ customer: 'C-1' }))).toMatchObject({ head: true });
  });

  test('a notBefore that has passed is no reason to wait', async () => {
    const input = orderInput({ notBefore: '2020-01-01T00:00:00.000Z' });
    expect(await orders.store.accept(input)).toMatchObject({ head: true });
  });

  test('an order of 10,000 subscribers is stored', async () => {
    const ids = Array.from({ length: 10_000 }, (_, at) => `s${at + 1}.subscriber`);
    const input = orderInput({ plan: planOf('customer', ...ids) });
    expect(await orders.store.accept(input)).toMatchObject({ kind: 'created' });
    const record = await orders.raw(input.id);
    expect(record['left']).toBe('10001');
    expect(JSON.parse(record['body:s10000']!)).toMatchObject({ username: 'user-s10000' });
  });

  test('an order without steps can be settled at once', async () => {
    const id = await orders.accept({ plan: [] });
    expect(await orders.store.settle(id, 1)).toMatchObject({ kind: 'settled', state: 'completed', next: [] });
  });

  test('an externalId stays taken while the order lives, however long that is', async () => {
    const input = orderInput({ externalId: 'E-1', idempotencyKey: 'K-1', idempotencyMs: 1_000 });
    await orders.store.accept(input);
    for (const key of [orders.keys.idempotency('crm', 'e', 'E-1'), orders.keys.idempotency('crm', 'k', 'K-1')]) {
      expect(await orders.redis.pttl(key)).toBe(-1);
    }
    await orders.completed(input.id);
    for (const key of [orders.keys.idempotency('crm', 'e', 'E-1'), orders.keys.idempotency('crm', 'k', 'K-1')]) {
      const left = await orders.redis.pttl(key);
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThanOrEqual(1_000);
    }
  });

  async function everything(): Promise<Map<string, unknown>> {
    const found = new Map<string, unknown>();
    for (const key of await orders.redis.keys('*:order:*')) found.set(key, await orders.redis.hgetall(key));
    return found;
  }
});

test('keeps each operation by itself, beside the subscribers', async () => {
  const input = orderInput({ steps: ['s1.subscriber', 'o1.make'], operations: ['o1'], customer: '' });
  await orders.store.accept(input);
  const [operation] = input.order.operations;
  const raw = await orders.raw(input.id);
  expect(JSON.parse(raw['body:o1']!)).toEqual(operation);
  expect(raw['body']).not.toContain('operations');
  expect(await orders.store.content(input.id)).toMatchObject({ subscribers: [{ id: 's1' }], operations: [operation] });
  expect((await orders.store.placement(input.id))?.title).toBe(`provision ${input.order.externalId}`);
});
