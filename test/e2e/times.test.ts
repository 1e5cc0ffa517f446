import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from './support/until.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;

beforeAll(async () => {
  world = await createWorld({ name: 'ti' });
});
afterAll(() => world?.close());

const passed = (at: string): Promise<unknown> => until(() => Date.now() > Date.parse(at), `it is past ${at}`);
const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();

describe('times of orders, while nothing of the product runs', () => {
  test('I2 notBefore and deadline that passed meanwhile are honoured when it is back', async () => {
    const before = await world.startServe();
    const soon = inMs(3_000);
    const future = await world.crm.place({ ...world.order(), notBefore: soon });
    const later = await world.crm.place({ ...world.order(), notBefore: inMs(3_600_000) });
    expect(future).toMatchObject({ state: 'pending', blockedBy: { kind: 'notBefore' } });
    // Held back by the target, so that its deadline passes while it is under way.
    await world.platform.setFaults({ match: { method: 'POST' }, fault: 'stall', ms: 60_000 });
    const late = await world.crm.place({ ...world.order(), deadline: soon });
    await until(async () => (await world.crm.order(late.id)).state === 'inProgress', 'the late order has begun');
    await before.kill();
    await passed(soon);
    await world.platform.setFaults();

    await world.startServe();
    await world.crm.completed(future.id);
    const held = await until(async () => {
      const order = await world.crm.order(late.id);
      return order.state === 'held' && order;
    }, 'the late order is held');
    expect(held.error).toMatchObject({ code: 'TURNUP_DEADLINE_PASSED' });
    expect(await world.crm.order(later.id)).toMatchObject({ state: 'pending', blockedBy: { kind: 'notBefore' } });
  });
});
