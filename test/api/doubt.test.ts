import { describe, expect, test } from 'vitest';
import { readDoubts } from '../../src/api/orders/doubt.ts';
import type { ErrorClass, ErrorCode } from '../../src/errors/index.ts';
import { useOrders } from '../orders/harness.ts';

const orders = useOrders();
const STEP = 's1.subscriber';

async function accept(): Promise<string> {
  const id = await orders.accept();
  await orders.done(id, 'customer');
  return id;
}

/** An attempt that came as far as a write (or only looked) and ended in an error of that class. */
async function attempt(
  id: string,
  errorClass: ErrorClass,
  more: { wrote?: boolean; code?: ErrorCode } = {},
): Promise<void> {
  const { wrote = true, code = 'TURNUP_TARGET_FAILED' } = more;
  const one = await (wrote ? orders.writing(id, STEP) : orders.started(id, STEP));
  const failure = { code, title: 't', detail: null, class: errorClass, hint: 'h' };
  await orders.store.fail({ ...one, failure, final: false, retryInMs: 1, calls: [] });
}

const doubts = async (id: string) => {
  const { now, ever } = await readDoubts(orders.store, id);
  return { now: now.has(STEP), ever: ever.has(STEP) };
};

describe('whether a step may have done something', () => {
  test('it may not before it wrote, whatever became of its looks', async () => {
    const id = await accept();
    await attempt(id, 'ambiguous', { wrote: false });
    await attempt(id, 'transient', { wrote: false });
    expect(await doubts(id)).toEqual({ now: false, ever: false });
  });

  test.each(['rejected', 'conflict', 'transient', 'outage'] as const)(
    'it did nothing when its write ended %s',
    async (errorClass) => {
      const id = await accept();
      await attempt(id, errorClass);
      expect(await doubts(id)).toEqual({ now: false, ever: false });
    },
  );

  test.each(['ambiguous', 'bug'] as const)('it may when its write ended %s', async (errorClass) => {
    const id = await accept();
    await attempt(id, errorClass);
    expect(await doubts(id)).toEqual({ now: true, ever: true });
    // A look that fails tells nothing.
    await attempt(id, 'conflict', { wrote: false });
    expect(await doubts(id)).toEqual({ now: true, ever: true });
    // One that went well was followed by a write that was refused.
    await attempt(id, 'rejected');
    expect(await doubts(id)).toEqual({ now: false, ever: true });
  });

  test('it may while a write is under way, and when its attempt vanished', async () => {
    const id = await accept();
    await orders.writing(id, STEP);
    expect(await doubts(id)).toEqual({ now: true, ever: true });
    await orders.redis.hset(orders.keys.order(id), `s:${STEP}:w`, '1');
    await orders.started(id, STEP);
    expect(await orders.journalTypes(id)).toContain('takenOver');
    expect(await doubts(id)).toEqual({ now: true, ever: true });
  });

  test('that the deadline passed says nothing of the write before', async () => {
    const id = await accept();
    await attempt(id, 'rejected', { code: 'TURNUP_DEADLINE_PASSED' });
    expect(await doubts(id)).toEqual({ now: true, ever: true });
  });

  test('a new run knows nothing of the run before', async () => {
    const id = await accept();
    await attempt(id, 'ambiguous');
    await orders.store.note(id, { type: 'replayed', step: null, by: 'turnup', detail: {} });
    expect(await doubts(id)).toEqual({ now: false, ever: false });
  });
});
