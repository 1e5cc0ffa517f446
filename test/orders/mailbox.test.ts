import { describe, expect, test } from 'vitest';
import { useOrders } from './harness.ts';

const orders = useOrders();
const box = () => orders.redis.lrange(orders.keys.mailbox('lab', 'C-1'), 0, -1);
const soon = () => new Date(Date.now() + 3_600_000).toISOString();

async function line(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let at = 0; at < count; at += 1) ids.push(await orders.accept({ customer: 'C-1', steps: ['customer'] }));
  return ids;
}

describe('the mailbox', () => {
  test('I5 keeps the order of arrival', async () => {
    const ids = await line(5);
    expect(await box()).toEqual(ids);
    const seen = [ids[0]];
    for (let head: string | null = ids[0]!; head;) {
      head = await orders.completed(head);
      if (head) seen.push(head);
    }
    expect(seen).toEqual(ids);
    expect(await box()).toEqual([]);
  });

  test('I5 of two that settle at the same time each hands over once', async () => {
    const ids = await line(3);
    await orders.done(ids[0]!, 'customer');
    const settled = await Promise.all(Array.from({ length: 10 }, () => orders.store.settle(ids[0]!, 1)));
    expect(settled.filter((one) => one.kind === 'settled')).toHaveLength(1);
    expect(settled.filter((one) => one.kind === 'over')).toHaveLength(9);
    expect(await box()).toEqual(ids.slice(1));
    expect((await orders.store.read(ids[2]!))?.state).toBe('pending');
  });

  test('I5 an order that leaves from the middle makes nobody head', async () => {
    const ids = await line(3);
    expect(await orders.store.turn(ids[1]!, 'cancel', 'client:crm', 'no')).toEqual({ kind: 'cancelled', next: [] });
    expect(await box()).toEqual([ids[0], ids[2]]);
    expect((await orders.store.read(ids[2]!))?.state).toBe('pending');
    expect(await orders.completed(ids[0]!)).toBe(ids[2]);
  });

  describe('of several customers whose numbers one order moves', () => {
    const boxOf = (customer: string) => orders.redis.lrange(orders.keys.mailbox('lab', customer), 0, -1);
    const move = (customer: string, ...from: string[]) => orders.accept({ customer, from, steps: ['customer'] });

    test('I5 waits in the line of each, and hands each on', async () => {
      const [first] = await line(1);
      const moved = await move('C-2', 'C-1', 'C-2', 'C-3', 'C-1');
      const behind = await orders.accept({ customer: 'C-3', steps: ['customer'] });
      expect([await box(), await boxOf('C-2'), await boxOf('C-3')]).toEqual([[first, moved], [moved], [moved, behind]]);
      expect(await orders.store.read(moved)).toMatchObject({ state: 'pending', blockedBy: { id: first } });
      expect(await orders.store.read(behind)).toMatchObject({ state: 'pending', blockedBy: { id: moved } });
      expect(await orders.completed(first!)).toBe(moved);
      expect(await orders.completed(moved)).toBe(behind);
      expect(await orders.completed(behind)).toBeNull();
    });

    test('I5 two that move to and fro never wait for one another', async () => {
      const there = await move('C-2', 'C-1');
      const back = await move('C-1', 'C-2');
      expect([await box(), await boxOf('C-2')]).toEqual([
        [there, back],
        [there, back],
      ]);
      expect(await orders.completed(there)).toBe(back);
      expect(await orders.completed(back)).toBeNull();
    });
  });

  describe('of operations', () => {
    const own = () => orders.redis.lrange(orders.keys.mailbox('lab', ''), 0, -1);
    const operate = (customer: string) => orders.accept({ customer, steps: ['o1.make'], operations: ['o1'] });

    test('I5 is the target’s own, and no customer’s', async () => {
      const ids = [await operate(''), await operate('')];
      expect(await own()).toEqual(ids);
      expect(await orders.store.read(ids[1]!)).toMatchObject({ state: 'pending', blockedBy: { id: ids[0] } });
      expect(await orders.completed(ids[0]!)).toBe(ids[1]);
    });

    test('I5 who stands in two lines begins when it is head of both, and then hands both on', async () => {
      const [first] = await line(1);
      const both = await operate('C-1');
      const [behind] = await line(1);
      const alone = await operate('');
      expect(await box()).toEqual([first, both, behind]);
      expect(await own()).toEqual([both, alone]);
      for (const id of [both, behind!, alone]) expect((await orders.store.read(id))?.state).toBe('pending');
      expect((await orders.store.read(both))?.blockedBy?.id).toBe(first);
      expect((await orders.store.read(alone))?.blockedBy?.id).toBe(both);
      expect(await orders.completed(first!)).toBe(both);
      await orders.done(both, 'o1.make');
      expect(await orders.store.settle(both, 1)).toMatchObject({ next: [behind, alone] });
      expect([await box(), await own()]).toEqual([[behind], [alone]]);
    });

    test('I5 who becomes head of one line only waits on', async () => {
      const alone = await operate('');
      const [first] = await line(1);
      const both = await operate('C-1');
      expect(await orders.completed(first!)).toBeNull();
      expect(await orders.store.read(both)).toMatchObject({ state: 'pending', blockedBy: { id: alone } });
      expect(await orders.store.passMailbox(both)).toBe(false);
      expect(await orders.completed(alone)).toBe(both);
    });

    test('I5 passes heads that are gone in both lines', async () => {
      const both = await operate('C-1');
      await orders.redis.lpush(orders.keys.mailbox('lab', ''), '00000000-0000-7000-8000-000000000000');
      await orders.redis.del(orders.keys.mailbox('lab', 'C-1'));
      await orders.redis.hset(orders.keys.order(both), 'state', 'pending');
      expect(await orders.store.passMailbox(both)).toBe(true);
      expect([await box(), await own()]).toEqual([[both], [both]]);
    });
  });

  describe('a scheduled order', () => {
    test('enters when its time has come, and starts when nobody is before it', async () => {
      const id = await orders.accept({ customer: 'C-1', notBefore: soon() });
      expect(await orders.store.enterMailbox(id)).toBe(true);
      expect(await box()).toEqual([id]);
      expect(await orders.store.read(id)).toMatchObject({ state: 'acknowledged', blockedBy: null });
      expect(await orders.redis.zcard(orders.keys.scheduled())).toBe(0);
      expect(await orders.redis.zscore(orders.keys.live(), id)).not.toBeNull();
      expect((await orders.store.journal(id, { limit: 10 }))?.items.at(-1)?.detail).toMatchObject({
        to: 'acknowledged',
      });
    });

    test('waits behind who came before', async () => {
      const later = await orders.accept({ customer: 'C-1', notBefore: soon(), steps: ['customer'] });
      const first = await orders.accept({ customer: 'C-1', steps: ['customer'] });
      expect(await orders.store.enterMailbox(later)).toBe(false);
      expect(await box()).toEqual([first, later]);
      expect((await orders.store.read(later))?.blockedBy).toMatchObject({ kind: 'order', id: first });
      expect(await orders.completed(first)).toBe(later);
    });

    test('enters once, however often it is told to', async () => {
      const id = await orders.accept({ customer: 'C-1', notBefore: soon() });
      const entered = await Promise.all(Array.from({ length: 5 }, () => orders.store.enterMailbox(id)));
      expect(entered.filter(Boolean)).toHaveLength(1);
      expect(await box()).toEqual([id]);
    });

    test('that was cancelled meanwhile does not enter', async () => {
      const id = await orders.accept({ customer: 'C-1', notBefore: soon() });
      await orders.store.turn(id, 'cancel', 'client:crm', 'no');
      await orders.redis.zadd(orders.keys.scheduled(), 0, id);
      expect(await orders.store.enterMailbox(id)).toBe(false);
      expect(await orders.redis.zcard(orders.keys.scheduled())).toBe(0);
      expect(await box()).toEqual([]);
    });

    test('that is not there leaves the list', async () => {
      await orders.redis.zadd(orders.keys.scheduled(), 0, 'no-such-order');
      expect(await orders.store.enterMailbox('no-such-order')).toBe(false);
      expect(await orders.redis.keys('*')).toEqual([]);
    });
  });

  describe('repair', () => {
    test('I2 heads that are finished or gone are taken away', async () => {
      const [first, second, third] = (await line(3)) as [string, string, string];
      await orders.redis.hset(orders.keys.order(first), 'state', 'completed');
      await orders.redis.del(orders.keys.order(second));
      expect(await orders.store.passMailbox(third)).toBe(true);
      expect(await box()).toEqual([third]);
      expect((await orders.store.read(third))?.state).toBe('acknowledged');
    });

    test('a head that is alive stays', async () => {
      const [first, second] = (await line(2)) as [string, string];
      for (const state of ['acknowledged', 'inProgress', 'held', 'pendingCancellation']) {
        await orders.redis.hset(orders.keys.order(first), 'state', state);
        expect(await orders.store.passMailbox(second)).toBe(false);
      }
      expect(await box()).toEqual([first, second]);
    });

    test('an order before it that waits as well is not overtaken', async () => {
      const [first, second, third] = (await line(3)) as [string, string, string];
      await orders.redis.hset(orders.keys.order(first), 'state', 'failed');
      expect(await orders.store.passMailbox(third)).toBe(false);
      expect(await box()).toEqual([second, third]);
      expect(await orders.store.passMailbox(second)).toBe(true);
    });

    test('an order that goes on already is not started again', async () => {
      const [first] = (await line(1)) as [string];
      expect(await orders.store.passMailbox(first)).toBe(false);
      expect(await orders.store.passMailbox('no-such-order')).toBe(false);
    });
  });
});
