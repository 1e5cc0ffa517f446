import { describe, expect, test } from 'vitest';
import type { Motor } from '../../flows/motor.ts';
import { createLedger, type LedgerOptions } from '../../src/ledger/ledger.ts';
import { createHouse } from '../../workers/reconcile/house.ts';
import { planOf, useOrders, type Wanted } from '../orders/harness.ts';

const orders = useOrders();
const ledger = (more: Partial<LedgerOptions> = {}) => createLedger({ redis: orders.redis, keys: orders.keys, ...more });

const unfolded = () => orders.redis.lrange(orders.keys.unfolded(), 0, -1);
const namesIn = async (customer: string) =>
  Object.keys((await ledger().read('lab', customer))?.entry.subscribers ?? {});

async function completed(wanted: Wanted): Promise<string> {
  const id = await orders.accept(wanted);
  await orders.completed(id);
  return id;
}

describe('an order that ended well', () => {
  test('waits to be entered from the moment it ends, and is entered once', async () => {
    const id = await completed({ customer: 'C-1', steps: ['customer', 's1.subscriber', 's2.subscriber'] });
    expect(await unfolded()).toEqual([id]);
    expect(await ledger().awaits(id)).toBe(true);
    expect(await ledger().read('lab', 'C-1')).toBeNull();

    expect(await ledger().fold()).toBe(1);
    expect(await unfolded()).toEqual([]);
    expect(await ledger().awaits(id)).toBe(false);
    expect(await ledger().read('lab', 'C-1')).toMatchObject({
      version: id,
      entry: { subscribers: { 'user-s1@lab.example.com': { username: 'user-s1', created: true } } },
    });
    expect(await namesIn('C-1')).toEqual(['user-s1@lab.example.com', 'user-s2@lab.example.com']);
    expect(await ledger().fold()).toBe(0);
  });

  test('is not archived before it is entered', async () => {
    const id = await completed({ customer: 'C-1' });
    const motor = { removeJobs: () => Promise.resolve(true) } as unknown as Motor;
    const retention = { settledMs: 0, archiveMs: 60_000 };
    const house = createHouse({ store: orders.store, motor, ledger: ledger(), retention });
    expect(await house.keep(performance.now() + 1_000)).toBe(0);
    expect(await orders.store.placement(id)).not.toBeNull();
    await ledger().fold();
    expect(await house.keep(performance.now() + 1_000)).toBe(1);
    expect(await orders.store.placement(id)).toBeNull();
    expect(await namesIn('C-1')).toHaveLength(1);
  });

  test('of operations alone is none of the ledger', async () => {
    await completed({ customer: '', plan: planOf('o1.make'), operations: ['o1'] });
    expect(await unfolded()).toEqual([]);
  });

  test('is entered of what was done of it when it was closed as it is', async () => {
    const id = await orders.accept({
      customer: 'C-1',
      steps: ['customer', 's1.subscriber', 's2.subscriber', 's3.subscriber'],
    });
    await orders.done(id, 'customer', 's1.subscriber');
    await orders.failed(id, 's2.subscriber');
    await orders.failed(id, 's3.subscriber');
    await orders.store.skip(id, 's3.subscriber', 'operator:eve', 'by hand', {});
    await orders.store.close(id, 'operator:eve', 'good enough');
    await ledger().fold();
    expect(await namesIn('C-1')).toEqual(['user-s1@lab.example.com', 'user-s3@lab.example.com']);
  });

  test('is not entered where it failed or was cancelled', async () => {
    const failed = await orders.accept({ customer: 'C-1', steps: ['customer'] });
    await orders.failed(failed, 'customer');
    await orders.store.close(failed, 'operator:eve', 'r');
    const cancelled = await orders.accept({ customer: 'C-2' });
    await orders.store.turn(cancelled, 'cancel', 'client:crm', 'r');
    await orders.store.settle(cancelled, 1);
    expect((await orders.store.read(failed))?.state).toBe('failed');
    expect((await orders.store.read(cancelled))?.state).toBe('cancelled');
    expect(await unfolded()).toEqual([]);
  });

  test('is passed over when nothing is left of it, or it cannot be read, and keeps nobody out', async () => {
    const [lost, broken, good] = [
      await completed({ customer: 'C-1' }),
      await completed({ customer: 'C-2' }),
      await completed({ customer: 'C-3' }),
    ];
    await orders.redis.del(orders.keys.order(lost));
    await orders.redis.hset(orders.keys.order(broken), 'body', '{');
    const faults: string[] = [];
    expect(await ledger({ onFault: (order) => faults.push(order) }).fold()).toBe(3);
    expect(faults).toEqual([broken]);
    expect(await ledger().customers('lab', '', 10)).toEqual(['C-3']);
    expect((await ledger().read('lab', 'C-3'))?.version).toBe(good);
  });
});

describe('entries', () => {
  test('are listed by customer, a page at a time, as long as there are any', async () => {
    for (const customer of ['C-3', 'C-1', 'C-2']) await completed({ customer });
    await ledger().fold();
    expect(await ledger().countCustomers('lab')).toBe(3);
    expect(await ledger().customers('lab', '', 2)).toEqual(['C-1', 'C-2']);
    expect(await ledger().customers('lab', 'C-2', 2)).toEqual(['C-3']);
  });

  test('of a customer who was terminated go', async () => {
    await completed({ customer: 'C-1', steps: ['customer', 's1.subscriber'] });
    const second = await orders.accept({ customer: 'C-1', steps: ['customer'] });
    const body = JSON.parse((await orders.field(second, 'body'))!) as object;
    await orders.redis.hset(orders.keys.order(second), 'body', JSON.stringify({ ...body, action: 'terminate' }));
    await orders.completed(second);
    // In one batch with what it takes away, and by itself.
    await completed({ customer: 'C-1', steps: ['customer', 's2.subscriber'] });
    await ledger().fold();
    expect(await namesIn('C-1')).toEqual(['user-s2@lab.example.com']);
    const last = await orders.accept({ customer: 'C-1', steps: ['customer'] });
    await orders.redis.hset(orders.keys.order(last), 'body', JSON.stringify({ ...body, action: 'terminate' }));
    await orders.completed(last);
    await ledger().fold();
    expect(await ledger().read('lab', 'C-1')).toBeNull();
    expect(await ledger().customers('lab', '', 10)).toEqual([]);
  });

  test('are the same however many enter them at the same time', async () => {
    const expected: Record<string, string[]> = {};
    for (let at = 0; at < 120; at += 1) {
      const customer = `C-${at % 3}`;
      await completed({ customer, steps: ['customer', `s${at}.subscriber`] });
      (expected[customer] ??= []).push(`user-s${at}@lab.example.com`);
    }
    const folded = await Promise.all(Array.from({ length: 5 }, () => ledger().fold()));
    expect(folded.reduce((sum, some) => sum + some, 0)).toBe(120);
    for (const [customer, names] of Object.entries(expected))
      expect((await namesIn(customer)).toSorted()).toEqual(names.toSorted());
  });

  test('of many subscribers are written whole', async () => {
    const steps = ['customer', ...Array.from({ length: 1_200 }, (_, at) => `s${at}.subscriber`)];
    const id = await orders.accept({ customer: 'C-1', plan: planOf(...steps) });
    await orders.redis.hset(orders.keys.order(id), ...steps.flatMap((step) => [`s:${step}:st`, 'done']), 'left', 0);
    await orders.store.settle(id, 1);
    await ledger().fold();
    expect(await namesIn('C-1')).toHaveLength(1_200);
  });
});
