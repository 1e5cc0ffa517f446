import { describe, expect, test } from 'vitest';
import type { AuditTurn } from '../../src/audits/audit.ts';
import type { LedgerReading } from '../../src/ledger/ledger.ts';
import type { UnderWay } from '../../src/orders/under-way.ts';
import type { Platform } from '../../src/platforms/port.ts';
import type { Target } from '../../src/targets/targets.ts';
import { createCustomerCheck } from '../../workers/audit/customer.ts';
import { createWorld, toyPlatform } from '../engine/toy.ts';

/* A customer that orders are at: what is compared must not be half of one and half of another. */

const TURN: AuditTurn = {
  id: 'a',
  target: 'lab',
  repair: false,
  by: 'turnup',
  owner: 'turnup:audits',
  isNamed: false,
  customer: 'C-1',
  isLast: false,
  turn: 0,
  orders: 0,
};
const platform = {
  ...(toyPlatform(createWorld()) as unknown as Platform),
  actions: ['provision', 'modify'],
} as Platform;
const target = {
  name: 'lab',
  platform,
  settings: { areaCodes: [] },
  definitions: { cached: () => Promise.resolve(null) },
} as unknown as Target;
/** A target that has nothing. */
const client = { look: () => Promise.resolve([]) };

const reading = (version: string): LedgerReading => ({
  version,
  entry: { customer: {}, subscribers: { 'john@lab': { username: 'john', domain: 'lab' } } },
});

/** @param versions of the entry, as it is read one time after the other; the last one stays */
function check(versions: readonly string[], orders: readonly UnderWay[][] = [[]], isPatient = true) {
  const next = <T>(list: readonly T[]) => {
    const left = [...list];
    return (): Promise<T> => Promise.resolve(left.length > 1 ? left.shift()! : left[0]!);
  };
  const version = next(versions);
  return createCustomerCheck({
    ledger: { fold: () => Promise.resolve(0), read: async () => reading(await version()) },
    store: { underWay: next(orders) },
    place: () => Promise.reject(new Error('nothing is to be repaired')),
  })(TURN, target, client, 'C-1', isPatient);
}

const moving: UnderWay = { id: 'o-1', isMoving: true, customer: true, subscribers: 'all' };

describe('a customer', () => {
  test('at whom no order is, is told of', async () => {
    const { findings, putOff } = await check(['1']);
    expect([putOff, findings.map(({ state }) => state)]).toEqual([false, ['differs', 'differs']]);
  });

  test('of whom an order told while it was looked at is looked at again', async () => {
    expect(await check(['1', '2', '2', '2'])).toMatchObject({ putOff: false });
    expect(await check(['1', '2', '3', '4', '5', '6', '7'])).toMatchObject({ putOff: true, findings: [] });
  });

  test('whom an order came to while it was looked at is looked at again', async () => {
    expect(await check(['1'], [[], [moving], []])).toMatchObject({ putOff: false });
    expect(await check(['1'], [[], [moving], [moving]])).toMatchObject({ putOff: true });
  });

  test('at whom orders are all the time is put off, and at last not known', async () => {
    expect(await check(['1'], [[moving]])).toMatchObject({ putOff: true });
    expect(await check(['1'], [[moving]], false)).toMatchObject({
      putOff: false,
      findings: [{ subscriber: null, state: 'unknown', why: 'order o-1 is not finished' }],
    });
    expect(await check(['1', '2', '3', '4', '5', '6', '7'], [[]], false)).toMatchObject({
      findings: [{ state: 'unknown', why: 'orders came to it all the time' }],
    });
  });

  test('of whom a held order changed one subscriber is not known in that alone', async () => {
    const held: UnderWay = {
      id: 'o-2',
      isMoving: false,
      customer: false,
      subscribers: [{ username: 'JOHN', domain: 'lab' }],
    };
    const { findings } = await check(['1'], [[held]]);
    expect(findings.map(({ state, why }) => [state, why])).toEqual([
      ['differs', null],
      ['unknown', 'order o-2 is not finished'],
    ]);
  });
});
