import { describe, expect, test } from 'vitest';
import type { JournalEntry } from '../../src/orders/record.ts';
import { ORDER_STATES } from '../../src/orders/states.ts';
import { useOrders } from './harness.ts';

const orders = useOrders();

async function note(id: string, count: number): Promise<void> {
  for (let at = 0; at < count; at += 1) {
    await orders.store.note(id, { type: 'note', step: at % 2 ? 'customer' : null, by: 'operator:eve', detail: { at } });
  }
}

async function allPages(
  id: string,
  limit: number,
  between?: (page: number) => Promise<void>,
): Promise<JournalEntry[][]> {
  const pages: JournalEntry[][] = [];
  for (let cursor: string | undefined; ;) {
    const page = await orders.store.journal(id, { limit, ...(cursor !== undefined && { cursor }) });
    pages.push(page!.items);
    await between?.(pages.length);
    if (page!.next === null) return pages;
    cursor = page!.next;
  }
}

describe('the journal', () => {
  test('gives entries as they were written, oldest first', async () => {
    const id = await orders.accept();
    await note(id, 2);
    const page = await orders.store.journal(id, { limit: 10 });
    expect(page?.next).toBeNull();
    expect(page?.items.slice(2)).toEqual([
      { at: expect.any(String), type: 'note', step: null, by: 'operator:eve', detail: { at: 0 } },
      { at: expect.any(String), type: 'note', step: 'customer', by: 'operator:eve', detail: { at: 1 } },
    ]);
    const times = page!.items.map((entry) => entry.at);
    expect(times).toEqual(times.toSorted());
    expect(Math.abs(Date.parse(times[0]!) - Date.now())).toBeLessThan(60_000);
  });

  test.each([1, 2, 3, 7, 8, 9, 100])('pages of %d miss nothing and repeat nothing', async (limit) => {
    const id = await orders.accept();
    await note(id, 6);
    const pages = await allPages(id, limit);
    expect(pages).toHaveLength(Math.ceil(8 / limit));
    expect(pages.every((page) => page.length <= limit)).toBe(true);
    expect(pages.flat().map((entry) => entry.detail['at'])).toEqual([undefined, undefined, 0, 1, 2, 3, 4, 5]);
  });

  test('entries that come while one pages are on a later page', async () => {
    const id = await orders.accept();
    await note(id, 3);
    const pages = await allPages(id, 2, async (page) => {
      if (page === 1) await note(id, 1);
    });
    expect(pages.flat()).toHaveLength(6);
  });

  test('pages of an archived order are the same, also when it is archived between two', async () => {
    const id = await orders.accept({ plan: [] });
    await note(id, 5);
    await orders.store.settle(id, 1);
    const whole = await allPages(id, 2);
    const across = await allPages(id, 2, async (page) => {
      if (page === 1) await orders.store.archive(id, 60_000);
    });
    expect(across).toEqual(whole);
    expect(await allPages(id, 2)).toEqual(whole);
    expect(await allPages(id, 1000)).toEqual([whole.flat()]);
    expect((await orders.store.journal(id, { limit: 3, cursor: '9999999999999-0' }))?.items).toEqual([]);
  });

  test.each(['x', '', '1', '1-', '-1', '1-2-3', '+', '-', '(1-1', '1-99999999999999999999', '99999999999999999999-1'])(
    'the cursor %j is refused',
    async (cursor) => {
      const id = await orders.accept();
      await expect(orders.store.journal(id, { limit: 10, cursor })).rejects.toMatchObject({
        code: 'TURNUP_INVALID_REQUEST',
      });
    },
  );

  test('a cursor of nothing gives what comes after it', async () => {
    const id = await orders.accept();
    expect((await orders.store.journal(id, { limit: 10, cursor: '0-0' }))?.items).toHaveLength(2);
    const last = await orders.store.journal(id, { limit: 10, cursor: '9999999999999999999-9999999999999999999' });
    expect(last).toEqual({ items: [], next: null });
  });

  test('of an order that is not there is null', async () => {
    expect(await orders.store.journal('no-such-order', { limit: 10 })).toBeNull();
    expect(await orders.store.journal('no-such-order', { limit: 10, cursor: '1-1' })).toBeNull();
  });

  test('a note on an order that is gone or archived leaves nothing and hides nothing', async () => {
    await orders.store.note('no-such-order', { type: 'note', step: null, by: 'turnup', detail: {} });
    expect(await orders.redis.dbsize()).toBe(0);
    const id = await orders.accept({ plan: [] });
    await orders.store.settle(id, 1);
    await orders.store.archive(id, 60_000);
    await note(id, 1);
    expect((await orders.store.journal(id, { limit: 10 }))?.items.map((entry) => entry.type)).toEqual([
      'accepted',
      'state',
      'state',
    ]);
  });

  test('I10 every change of state is told with what it was and what it is', async () => {
    const id = await orders.accept({
      customer: 'C-1',
      steps: ['customer', 's1.subscriber'],
      notBefore: '2099-01-01T00:00:00Z',
    });
    const seen = [(await orders.store.read(id))!.state];
    const look = async () => {
      const { state } = (await orders.store.read(id))!;
      if (state !== seen.at(-1)) seen.push(state);
    };
    await orders.store.enterMailbox(id);
    await look();
    await orders.done(id, 'customer');
    await look();
    await orders.failed(id, 's1.subscriber');
    await look();
    await orders.store.retry(id, 'operator:eve');
    await look();
    await orders.done(id, 's1.subscriber');
    await orders.store.settle(id, 1);
    await look();
    const changes = (await orders.store.journal(id, { limit: 100 }))!.items.filter((entry) => entry.type === 'state');
    expect(changes.map((entry) => entry.detail['to'])).toEqual(seen);
    expect(changes.map((entry) => entry.detail['from'])).toEqual(['', ...seen.slice(0, -1)]);
    expect(seen.every((state) => ORDER_STATES.includes(state))).toBe(true);
    expect(seen).toHaveLength(6);
  });
});
