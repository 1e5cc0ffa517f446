import { describe, expect, test } from 'vitest';
import type { SealedEvidence } from '../../src/orders/evidence.ts';
import { REFUSED, useOrders } from './harness.ts';

const orders = useOrders();
const KEEP_MS = 60_000;

const sealed = (text: string, keyId = 'k1'): SealedEvidence => ({ sealed: `v1.${keyId}.${text}`, keyId });

async function fail(id: string, step: string, evidence: SealedEvidence | null, final = true): Promise<void> {
  const attempt = await orders.started(id, step);
  const retry = final ? {} : { retryInMs: 10 };
  await orders.store.fail({
    ...attempt,
    failure: REFUSED,
    final,
    ...retry,
    calls: [],
    ...(evidence && { evidence }),
  });
}

const inUse = async () => Object.fromEntries(Object.entries(await orders.redis.hgetall(orders.keys.sealedWith())));

describe('the evidence of an order', () => {
  test('is that of the newest attempt of each step that has some', async () => {
    const id = await orders.accept({ steps: ['customer', 's1.subscriber', 's2.subscriber'] });
    await fail(id, 'customer', sealed('first'), false);
    await fail(id, 'customer', sealed('second'), false);
    await fail(id, 'customer', null, false);
    await orders.done(id, 'customer');
    await fail(id, 's1.subscriber', sealed('third'));
    expect(await orders.store.evidenceSteps(id)).toEqual(['customer', 's1.subscriber']);
    expect(await orders.store.evidence(id, 'operator:olga')).toEqual([
      { step: 'customer', at: expect.stringMatching(/^2\d{3}-.*Z$/), run: 1, attempt: 2, sealed: 'v1.k1.second' },
      { step: 's1.subscriber', at: expect.any(String), run: 1, attempt: 1, sealed: 'v1.k1.third' },
    ]);
  });

  test('I10 the journal says that it is kept, and who read it; of an order without any nothing', async () => {
    const id = await orders.accept();
    expect(await orders.store.evidence(id, 'operator:olga')).toEqual([]);
    await fail(id, 'customer', sealed('x'));
    await orders.store.evidence(id, 'operator:olga');
    const journal = (await orders.store.journal(id, { limit: 100 }))!.items;
    expect(journal.filter(({ type }) => type === 'evidenceRead')).toMatchObject([
      { by: 'operator:olga', detail: { steps: ['customer'] } },
    ]);
    expect(journal.find(({ type }) => type === 'stepFailed')?.detail).toMatchObject({ evidence: 'sealed' });
    expect(JSON.stringify(journal)).not.toContain('v1.k1');
  });

  test('is of ten steps at most: that of the oldest goes, and its key is no longer in use', async () => {
    const steps = Array.from({ length: 12 }, (_, at) => `s${at + 10}.subscriber`);
    const id = await orders.accept({ steps });
    for (const [at, step] of steps.entries()) {
      await fail(id, step, sealed(String(at), at < 2 ? 'old' : 'k1'));
      // The clock of the server has to go on between two of them.
      await new Promise((done) => setTimeout(done, 3));
    }
    expect(await orders.store.evidenceSteps(id)).toEqual(steps.slice(2));
    expect(await inUse()).toEqual({ k1: '10' });
  });

  test('its keys are in use until it is replaced or its order is archived', async () => {
    const id = await orders.accept({ steps: ['customer', 's1.subscriber'], secrets: 'x', keyId: 'k1' });
    await fail(id, 'customer', sealed('a', 'k2'), false);
    expect(await inUse()).toEqual({ k1: '1', k2: '1' });
    await fail(id, 'customer', sealed('b', 'k3'), false);
    expect(await inUse()).toEqual({ k1: '1', k3: '1' });
    expect((await orders.store.keyIdsInUse()).toSorted()).toEqual(['k1', 'k3']);
    await orders.completed(id);
    await orders.store.archive(id, KEEP_MS);
    await orders.store.archive(id, KEEP_MS);
    expect(await inUse()).toEqual({});
  });

  test('I8 is gone with its order’s data', async () => {
    const id = await orders.accept({ steps: ['customer'] });
    await fail(id, 'customer', sealed('x'), false);
    await orders.completed(id);
    expect(await orders.store.evidence(id, 'operator:olga')).toHaveLength(1);
    await orders.store.archive(id, KEEP_MS);
    expect(await orders.store.evidence(id, 'operator:olga')).toBeNull();
    expect(await orders.store.evidenceSteps(id)).toEqual([]);
    expect(await orders.redis.exists(orders.keys.evidence(id), orders.keys.journal(id))).toBe(0);
  });

  test('I7 of an attempt that no longer rules nothing is kept', async () => {
    const id = await orders.accept({ steps: ['customer'] });
    const attempt = await orders.writing(id, 'customer');
    const late = { ...attempt, token: 'another' };
    const failed = { failure: REFUSED, final: false, retryInMs: 1, calls: [], evidence: sealed('late') };
    expect(await orders.store.fail({ ...late, ...failed })).toBe('refused');
    expect(await orders.store.evidenceSteps(id)).toEqual([]);
    // Sent again after a lost connection it counts once.
    expect(await orders.store.fail({ ...attempt, ...failed })).toBe('failed');
    expect(await orders.store.fail({ ...attempt, ...failed })).toBe('failed');
    expect(await inUse()).toEqual({ k1: '1' });
  });
});
