import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMotor, type Motor } from '../../flows/motor.ts';
import type { AuditTurn } from '../../src/audits/audit.ts';
import { createLedger } from '../../src/ledger/ledger.ts';
import type { Order } from '../../src/orders/model/index.ts';
import type { Platform } from '../../src/platforms/port.ts';
import { createKeyRing } from '../../src/secrets/index.ts';
import type { Target } from '../../src/targets/targets.ts';
import { createPlacer } from '../../workers/audit/place.ts';
import { TEST_KEY } from '../engine/harness.ts';
import { createWorld, toyPlatform } from '../engine/toy.ts';
import { useOrders } from '../orders/harness.ts';

/* A repair is placed as an order that whatever comes in between wins against. */

const orders = useOrders();
let motor: Motor;

beforeEach(() => {
  motor = createMotor({ connection: orders.redis, keys: orders.keys, store: orders.store, targets: ['lab'] });
});
afterEach(() => motor.close());

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

const TURN: AuditTurn = {
  id: '0192f0c1-8f00-7000-8000-0000000000b1',
  target: 'lab',
  repair: true,
  by: 'operator:olga',
  owner: 'operator:olga',
  isNamed: false,
  customer: 'C-1',
  isLast: false,
  turn: 0,
  orders: 0,
};

const order = (sn: string): Order => ({
  externalId: 'audit',
  target: 'lab',
  action: 'modify',
  onFailure: 'hold',
  operations: [],
  customer: { externalId: 'C-1', native: {} },
  subscribers: [
    {
      id: 's1',
      username: 'john',
      domain: 'lab.example.com',
      number: { cc: '43', ac: '', sn },
      aliases: [],
      native: {},
    },
  ],
});

const ledger = () => createLedger({ redis: orders.redis, keys: orders.keys });

/** Gives the order that told of the customer. */
async function told(): Promise<string> {
  const id = await orders.accept({ customer: 'C-1', steps: ['customer', 's1.subscriber'] });
  await orders.completed(id);
  await ledger().fold();
  return id;
}

const place = (version: string, sn = '98760001', placed = 0) =>
  createPlacer({
    store: orders.store,
    motor,
    ledger: ledger(),
    keyRing: createKeyRing([TEST_KEY]),
    idempotencyMs: 60_000,
  })(TURN, target, { order: order(sn), differs: ['number'], version }, placed);

describe('a repair', () => {
  test('is placed like any other order, and its journal says why', async () => {
    const { placed, outcome } = await place(await told());
    const id = 'order' in outcome ? outcome.order : '';
    expect(placed).toBe(1);
    expect(await orders.store.read(id)).toMatchObject({
      externalId: `audit-${TURN.id}-1`,
      client: 'operator:olga',
      action: 'modify',
      state: 'acknowledged',
    });
    expect(await motor.queues.orders.getJobState(id)).not.toBe('unknown');
    expect((await orders.store.journal(id, { limit: 10 }))?.items).toContainEqual(
      expect.objectContaining({
        type: 'audit',
        detail: { audit: TURN.id, why: expect.any(String), differs: ['number'] },
      }),
    );
  });

  test('gives way to an order of the customer that came in between', async () => {
    const version = await told();
    const other = await orders.accept({ customer: 'C-1' });
    const { outcome } = await place(version);
    expect(outcome).toEqual({ refused: expect.stringContaining('came first') });
    const all = (await orders.store.list({ limit: 10 })).items;
    expect(all.find(({ externalId }) => externalId.startsWith('audit-'))).toMatchObject({ state: 'cancelled' });
    expect(await orders.store.read(other)).toMatchObject({ state: 'acknowledged' });
  });

  test('gives way to what an order told meanwhile that has ended already', async () => {
    const version = await told();
    await told();
    expect((await place(version)).outcome).toEqual({ refused: expect.stringContaining('came first') });
  });

  test('that was placed before a crash is the same, and one of another turn has another name', async () => {
    const version = await told();
    const first = await place(version);
    expect(await place(version)).toEqual(first);
    const other = await place(version, '98760002');
    expect(other.placed).toBe(2);
  });

  test('that the door refuses is told', async () => {
    expect((await place(await told(), '1')).outcome).toEqual({
      refused: expect.stringContaining('subscribers.0.number'),
    });
  });
});
