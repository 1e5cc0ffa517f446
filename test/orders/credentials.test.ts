import { describe, expect, test } from 'vitest';
import { planOf, useOrders } from './harness.ts';

const orders = useOrders();
const MINUTE = 60_000;
const two = planOf('customer', 's1.subscriber', 's2.subscriber');

async function placed(items = ['s1']) {
  const steps = items.map((item) => `${item}.subscriber`);
  const generated = items.flatMap((item) => [`subscribers.${item}.password`, `subscribers.${item}.webPassword`]);
  const id = await orders.accept({ plan: planOf('customer', ...steps), secrets: 'SEALED', keyId: 'k1', generated });
  await orders.done(id, 'customer');
  return id;
}

/** Lets time pass for one field of a step: `c` first reading, `e` when it was done. */
async function ago(id: string, step: string, field: 'c' | 'e', ms: number): Promise<void> {
  const name = `s:${step}:${field}`;
  await orders.redis.hset(orders.keys.order(id), name, Number(await orders.field(id, name)) - ms);
}

describe('credentials', () => {
  test('none where none were made up', async () => {
    const id = await orders.accept({ secrets: 'SEALED', keyId: 'k1' });
    expect(await orders.store.credentials(id)).toEqual({ state: 'none' });
  });

  test('not ready until a subscriber is made', async () => {
    const id = await placed();
    expect(await orders.store.credentials(id)).toEqual({ state: 'notReady' });
    await orders.started(id, 's1.subscriber');
    expect(await orders.store.credentials(id)).toEqual({ state: 'notReady' });
    expect(await orders.journalTypes(id)).not.toContain('credentialsRead');
  });

  test('what was sealed, and which paths of it belong to whom', async () => {
    const id = await placed();
    await orders.redis.hset(orders.keys.order(id), 'body:s1', '{"username":"ann","domain":"d","webUsername":"annie"}');
    await orders.done(id, 's1.subscriber');
    const found = await orders.store.credentials(id);
    expect(found).toEqual({
      state: 'ready',
      sealed: 'SEALED',
      items: [
        {
          id: 's1',
          username: 'ann',
          domain: 'd',
          webUsername: 'annie',
          paths: ['subscribers.s1.password', 'subscribers.s1.webPassword'],
        },
      ],
      expiresAt: expect.any(String),
    });
    const left = Date.parse((found as { expiresAt: string }).expiresAt) - Date.now();
    expect(left).toBeGreaterThan(8 * MINUTE);
    expect(left).toBeLessThanOrEqual(11 * MINUTE);
  });

  test('may be repeated for ten minutes after the first reading, which is told once', async () => {
    const id = await placed();
    await orders.done(id, 's1.subscriber');
    const first = await orders.store.credentials(id);
    expect(await orders.store.credentials(id)).toEqual(first);
    await ago(id, 's1.subscriber', 'c', 9.9 * MINUTE);
    expect(await orders.store.credentials(id)).toMatchObject({ state: 'ready' });
    await ago(id, 's1.subscriber', 'c', 0.1 * MINUTE);
    expect(await orders.store.credentials(id)).toEqual({ state: 'gone' });
    const told = (await orders.store.journal(id, { limit: 100 }))?.items.filter(
      (entry) => entry.type === 'credentialsRead',
    );
    expect(told).toMatchObject([{ by: 'client:crm', detail: { steps: ['s1.subscriber'] } }]);
  });

  test('gone 24 hours after the subscriber was made, read or not', async () => {
    const id = await placed();
    await orders.done(id, 's1.subscriber');
    await ago(id, 's1.subscriber', 'e', 24 * 60 * MINUTE - 5_000);
    const found = await orders.store.credentials(id);
    expect(found).toMatchObject({ state: 'ready' });
    // The end of the day comes before that of the ten minutes.
    expect(Date.parse((found as { expiresAt: string }).expiresAt) - Date.now()).toBeLessThan(MINUTE);
    await ago(id, 's1.subscriber', 'e', 5_001);
    expect(await orders.store.credentials(id)).toEqual({ state: 'gone' });
    const never = await placed();
    await orders.done(never, 's1.subscriber');
    await ago(never, 's1.subscriber', 'e', 24 * 60 * MINUTE);
    expect(await orders.store.credentials(never)).toEqual({ state: 'gone' });
    expect(await orders.journalTypes(never)).not.toContain('credentialsRead');
  });

  test('of a subscriber that is made long after the others were read', async () => {
    const id = await placed(['s1', 's2']);
    await orders.done(id, 's1.subscriber');
    expect(await orders.store.credentials(id)).toMatchObject({ items: [{ id: 's1' }] });
    await ago(id, 's1.subscriber', 'c', 60 * MINUTE);
    expect(await orders.store.credentials(id)).toEqual({ state: 'gone' });
    await orders.done(id, 's2.subscriber');
    expect(await orders.store.credentials(id)).toMatchObject({ state: 'ready', items: [{ id: 's2' }] });
    await ago(id, 's2.subscriber', 'c', 60 * MINUTE);
    expect(await orders.store.credentials(id)).toEqual({ state: 'gone' });
  });

  test('a day after it was made the password of the first is gone, of the second it is not', async () => {
    const id = await placed(['s1', 's2']);
    await orders.done(id, 's1.subscriber', 's2.subscriber');
    await ago(id, 's1.subscriber', 'e', 25 * 60 * MINUTE);
    expect(await orders.store.credentials(id)).toMatchObject({ items: [{ id: 's2' }] });
  });

  test('only of subscribers this order created', async () => {
    const id = await placed(['s1', 's2']);
    await orders.done(id, 's1.subscriber', 's2.subscriber');
    await orders.redis.hset(orders.keys.order(id), 's:s1.subscriber:o', 'adopted');
    expect(await orders.store.credentials(id)).toMatchObject({ items: [{ id: 's2' }] });
  });

  test('none of an order that is over and used none of what was made up', async () => {
    const id = await placed();
    await orders.done(id, 's1.subscriber');
    await orders.redis.hset(orders.keys.order(id), 's:s1.subscriber:o', 'adopted');
    expect(await orders.store.credentials(id)).toEqual({ state: 'notReady' });
    await orders.store.settle(id, 1);
    expect(await orders.store.credentials(id)).toEqual({ state: 'none' });
  });

  test('a subscriber with a password of its own is not among them', async () => {
    const generated = ['subscribers.s2.password'];
    const id = await orders.accept({ plan: two, secrets: 'SEALED', keyId: 'k1', generated });
    await orders.done(id, 'customer', 's1.subscriber');
    expect(await orders.store.credentials(id)).toEqual({ state: 'notReady' });
    await orders.done(id, 's2.subscriber');
    expect(await orders.store.credentials(id)).toMatchObject({ items: [{ id: 's2', paths: generated }] });
  });

  test('an item whose name begins like another is not taken for it', async () => {
    const id = await placed(['s1', 's10']);
    await orders.done(id, 's1.subscriber', 's10.subscriber');
    const found = await orders.store.credentials(id);
    const paths = (found as { items: { paths: string[] }[] }).items.map((item) => item.paths.length);
    expect(paths).toEqual([2, 2]);
  });

  test('of an order that is gone', async () => {
    expect(await orders.store.credentials('no-such-order')).toEqual({ state: 'gone' });
    expect(await orders.redis.dbsize()).toBe(0);
  });
});
