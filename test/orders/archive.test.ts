import type { Redis } from 'ioredis';
import { describe, expect, test } from 'vitest';
import { createOrderStore } from '../../src/orders/store.ts';
import { CALL, ordersOn, useOrders } from './harness.ts';

const orders = useOrders();
const KEEP_MS = 60_000;

async function settled(wanted: Parameters<typeof orders.accept>[0] = {}): Promise<string> {
  const id = await orders.accept({ steps: ['customer', 's1.subscriber'], ...wanted });
  await orders.completed(id);
  return id;
}

/** Every key with all it holds, in Redis' own form where it is not text. */
async function everythingIn(redis: Redis): Promise<string> {
  const found: string[] = [];
  for (const key of await redis.keys('*')) {
    const type = await redis.type(key);
    const value =
      type === 'hash'
        ? await redis.hgetall(key)
        : type === 'stream'
          ? await redis.xrange(key, '-', '+')
          : type === 'zset'
            ? await redis.zrange(key, '0', '-1')
            : type === 'list'
              ? await redis.lrange(key, 0, -1)
              : await redis.get(key);
    found.push(`${key} ${JSON.stringify(value)}`);
  }
  return found.join('\n');
}

describe('archive', () => {
  test('keeps what can be read of an order and its journal', async () => {
    const id = await settled();
    const before = [await orders.store.read(id), await orders.store.journal(id, { limit: 100 })];
    await orders.store.archive(id, KEEP_MS);
    expect([await orders.store.read(id), await orders.store.journal(id, { limit: 100 })]).toEqual(before);
    expect(await orders.store.placement(id)).toBeNull();
  });

  test('I8 takes the data and the sealed secrets of the order out of Redis', async () => {
    const id = await settled({ secrets: 'SEALED-SECRETS', keyId: 'k1', generated: ['subscribers.s1.password'] });
    await orders.redis.hset(
      orders.keys.order(id),
      's:s1.subscriber:i',
      'SEALED-BEFORE-IMAGE',
      'body:s1',
      '{"username":"NAME"}',
    );
    for (const text of ['SEALED-SECRETS', 'SEALED-BEFORE-IMAGE', 'NAME'])
      expect(await everythingIn(orders.redis)).toContain(text);
    await orders.store.archive(id, KEEP_MS);
    const left = await everythingIn(orders.redis);
    for (const text of ['SEALED', 'NAME', 'user-s1']) expect(left).not.toContain(text);
    expect(JSON.stringify(await orders.store.read(id))).not.toContain('SEALED');
    expect(await orders.store.credentials(id)).toEqual({ state: 'gone' });
    expect(await orders.redis.exists(orders.keys.order(id), orders.keys.journal(id))).toBe(0);
  });

  test('is compact', async () => {
    const id = await orders.accept({
      steps: ['customer', ...Array.from({ length: 50 }, (_, at) => `s${at + 1}.subscriber`)],
    });
    for (const step of (await orders.store.placement(id))!.plan) {
      const attempt = await orders.started(id, step.id);
      await orders.store.complete({ ...attempt, outcome: 'created', result: { id: step.id }, calls: [CALL, CALL] });
    }
    await orders.store.settle(id, 1);
    const size = async (key: string) => Number(await orders.redis.memory('USAGE', key, 'SAMPLES', 0));
    const before = (await size(orders.keys.order(id))) + (await size(orders.keys.journal(id)));
    await orders.store.archive(id, KEEP_MS);
    expect(await size(orders.keys.archive(id))).toBeLessThan(before / 5);
  });

  test('the keys that sealed live orders are known until the last of them is archived', async () => {
    const first = await settled({ secrets: 'x', keyId: 'k1' });
    const second = await settled({ secrets: 'x', keyId: 'k1' });
    await settled({ secrets: 'x', keyId: 'k2' });
    expect((await orders.store.keyIdsInUse()).toSorted()).toEqual(['k1', 'k2']);
    await orders.store.archive(first, KEEP_MS);
    expect((await orders.store.keyIdsInUse()).toSorted()).toEqual(['k1', 'k2']);
    // Repeated after a crash it does not count twice.
    await orders.store.archive(first, KEEP_MS);
    expect((await orders.store.keyIdsInUse()).toSorted()).toEqual(['k1', 'k2']);
    await orders.store.archive(second, KEEP_MS);
    expect(await orders.store.keyIdsInUse()).toEqual(['k2']);
  });

  test('only orders that are over', async () => {
    const id = await orders.accept();
    await orders.failed(id, 'customer');
    const before = await orders.raw(id);
    await orders.store.archive(id, KEEP_MS);
    expect(await orders.raw(id)).toEqual(before);
    expect(await orders.redis.exists(orders.keys.archive(id))).toBe(0);
  });

  test('orders are due by age, oldest first', async () => {
    const [first, second, third] = [await settled(), await settled(), await settled()];
    await orders.redis.zadd(orders.keys.settled(), 2_000, first, 1_000, second);
    expect(await orders.store.dueForArchive(3_600_000, 10)).toEqual([second, first]);
    expect(await orders.store.dueForArchive(3_600_000, 1)).toEqual([second]);
    await orders.redis.zadd(orders.keys.settled(), 3_000, third);
    expect(await orders.store.dueForArchive(3_600_000, 10)).toHaveLength(3);
    await orders.store.archive(second, KEEP_MS);
    expect(await orders.store.dueForArchive(3_600_000, 10)).toEqual([first, third]);
  });

  test('two workers that archive the same order at the same time lose nothing of it', async () => {
    const id = await settled();
    const journal = await orders.store.journal(id, { limit: 100 });
    // The other worker is through with it between two of this one's commands, whichever they are.
    for (const nth of [1, 2, 3]) {
      const dump = await Promise.all(
        [orders.keys.order(id), orders.keys.journal(id)].map((key) => orders.redis.dumpBuffer(key)),
      );
      let calls = 0;
      const slow = new Proxy(orders.redis, {
        get(target, name, receiver) {
          const member = Reflect.get(target, name, receiver) as unknown;
          if (typeof member !== 'function' || !['hgetall', 'xrange', 'set'].includes(String(name))) return member;
          return async (...args: unknown[]) => {
            calls += 1;
            if (calls === nth) await orders.store.archive(id, KEEP_MS);
            return (member as (...given: unknown[]) => unknown).apply(target, args);
          };
        },
      });
      await createOrderStore({ redis: slow, keys: orders.keys }).archive(id, KEEP_MS);
      expect(calls).toBeGreaterThanOrEqual(2);
      expect(await orders.store.journal(id, { limit: 100 })).toEqual(journal);
      await orders.redis.restore(orders.keys.order(id), 0, dump[0]!, 'REPLACE');
      await orders.redis.restore(orders.keys.journal(id), 0, dump[1]!, 'REPLACE');
    }
  });

  describe('when its time is over', () => {
    test('nothing of an order is left but what others share', async () => {
      const id = await settled({
        client: 'crm',
        customer: 'C-1',
        externalId: 'E-1',
        idempotencyKey: 'K-1',
        idempotencyMs: 1,
      });
      // By then it is in the ledger.
      await orders.redis.lrem(orders.keys.unfolded(), 0, id);
      await orders.store.archive(id, 0);
      expect(await orders.store.forgetExpired(10)).toBe(1);
      expect(await orders.store.read(id)).toBeNull();
      expect(await everythingIn(orders.redis)).not.toContain(id);
      expect(await orders.store.countByState()).toEqual(
        expect.arrayContaining([{ target: 'lab', state: 'completed', count: 0 }]),
      );
      expect(await orders.store.list({ limit: 10 })).toEqual({ items: [], next: null });
    });

    test('not before', async () => {
      const id = await settled();
      await orders.store.archive(id, KEEP_MS);
      expect(await orders.store.forgetExpired(10)).toBe(0);
      expect(await orders.store.read(id)).not.toBeNull();
      await orders.redis.zadd(orders.keys.archived(), 1_000, id);
      expect(await orders.store.forgetExpired(10)).toBe(1);
    });

    test('however late it is, every index forgets it', async () => {
      const id = await settled();
      await orders.store.archive(id, KEEP_MS);
      // It must not go by itself: what it says is needed to find its index entries by.
      expect(await orders.redis.pttl(orders.keys.archive(id))).toBe(-1);
    });

    test('ten workers at the same time count it once', async () => {
      const ids = [await settled(), await settled(), await settled()];
      for (const id of ids) await orders.store.archive(id, 0);
      const stores = Array.from({ length: 10 }, () => ordersOn(orders.server, orders.redis).store);
      const forgotten = await Promise.all(stores.map((store) => store.forgetExpired(10)));
      expect(forgotten.reduce((sum, count) => sum + count)).toBe(3);
      expect(await orders.store.countByState()).toContainEqual({ target: 'lab', state: 'completed', count: 0 });
    });

    test('as many at a time as asked for', async () => {
      for (const _ of [1, 2, 3]) await orders.store.archive(await settled(), 0);
      expect(await orders.store.forgetExpired(2)).toBe(2);
      expect(await orders.store.forgetExpired(2)).toBe(1);
      expect(await orders.store.forgetExpired(2)).toBe(0);
    });
  });

  test('an externalId stays taken as long as its order can be read', async () => {
    const id = await settled({ externalId: 'E-1', idempotencyKey: 'K-1', idempotencyMs: 1_000 });
    await orders.store.archive(id, KEEP_MS);
    for (const key of [orders.keys.idempotency('crm', 'e', 'E-1'), orders.keys.idempotency('crm', 'k', 'K-1')]) {
      expect(await orders.redis.pttl(key)).toBeGreaterThan(KEEP_MS / 2);
    }
    const longer = await settled({ externalId: 'E-2', idempotencyMs: 9_000_000 });
    await orders.store.archive(longer, KEEP_MS);
    expect(await orders.redis.pttl(orders.keys.idempotency('crm', 'e', 'E-2'))).toBeGreaterThan(KEEP_MS);
  });

  test('an externalId that belongs to another order by now is left alone', async () => {
    const id = await settled({ externalId: 'E-1', idempotencyMs: 1_000 });
    await orders.redis.del(orders.keys.idempotency('crm', 'e', 'E-1'));
    await orders.accept({ externalId: 'E-1' });
    await orders.store.archive(id, KEEP_MS);
    expect(await orders.redis.pttl(orders.keys.idempotency('crm', 'e', 'E-1'))).toBe(-1);
  });
});
