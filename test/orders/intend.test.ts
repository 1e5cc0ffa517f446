import { describe, expect, test } from 'vitest';
import { CALL, useOrders } from './harness.ts';

const orders = useOrders();
const rest = { verb: 'create', calls: [] } as const;

describe('intend', () => {
  test('is kept before the write and told with its calls', async () => {
    const id = await orders.accept();
    const attempt = await orders.started(id, 'customer');
    expect(await orders.store.intend({ ...attempt, intent: 'absent', verb: 'create', calls: [CALL] })).toBe(true);
    expect(await orders.field(id, 's:customer:i')).toBe('absent');
    expect(Number(await orders.field(id, 's:customer:w'))).toBeGreaterThan(1_700_000_000_000);
    const journal = await orders.store.journal(id, { limit: 10 });
    expect(journal?.items.at(-1)).toMatchObject({
      type: 'intent',
      step: 'customer',
      by: 'turnup',
      detail: { verb: 'create', calls: [CALL] },
    });
  });

  test('without calls none are told', async () => {
    const id = await orders.accept();
    const attempt = await orders.started(id, 'customer');
    await orders.store.intend({ ...attempt, intent: 'absent', verb: 'change', calls: [] });
    expect((await orders.store.journal(id, { limit: 10 }))?.items.at(-1)?.detail).toEqual({ verb: 'change' });
  });

  test('I4 the first one stays: its before-image is what undo restores', async () => {
    const id = await orders.accept();
    const first = await orders.started(id, 'customer');
    await orders.store.intend({ ...first, intent: 'before', verb: 'change', calls: [] });
    await orders.store.fail({ ...first, failure: FAILURE, final: false, calls: [] });
    const second = await orders.started(id, 'customer');
    expect(await orders.store.intend({ ...second, intent: 'half done', verb: 'change', calls: [] })).toBe(true);
    expect(await orders.field(id, 's:customer:i')).toBe('before');
  });

  test('the next attempt is told of it', async () => {
    const id = await orders.accept();
    const first = await orders.started(id, 'customer');
    await orders.store.intend({ ...first, intent: 'absent', ...rest });
    await orders.store.fail({ ...first, failure: FAILURE, final: false, calls: [] });
    expect(await orders.begin(id, 'customer')).toMatchObject({ assignment: { intent: 'absent' } });
  });

  test.each(['run', 'dir', 'state', 'lease'])(
    'I7 neither intent nor confirmation without the right %s',
    async (what) => {
      const id = await orders.accept();
      const attempt = await orders.started(id, 'customer');
      expect(await orders.store.confirmLease(attempt)).toBe(true);
      const change = {
        run: { run: 2 },
        dir: { dir: 'u' },
        state: { state: 'cancelled' },
        lease: { 's:customer:l': 'x' },
      };
      await orders.redis.hset(orders.keys.order(id), change[what as keyof typeof change]);
      const before = await orders.raw(id);
      expect(await orders.store.intend({ ...attempt, intent: 'absent', ...rest })).toBe(false);
      expect(await orders.store.confirmLease(attempt)).toBe(false);
      expect(await orders.raw(id)).toEqual(before);
      expect(await orders.journalTypes(id)).not.toContain('intent');
    },
  );

  test('a confirmation is the time of a write', async () => {
    const id = await orders.accept();
    const attempt = await orders.started(id, 'customer');
    expect(await orders.field(id, 's:customer:w')).toBeNull();
    expect(await orders.store.confirmLease(attempt)).toBe(true);
    expect(await orders.field(id, 's:customer:w')).not.toBeNull();
  });
});

const FAILURE = { code: 'TURNUP_TARGET_FAILED', title: 't', detail: null, class: 'transient', hint: 'h' } as const;
