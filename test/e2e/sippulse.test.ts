import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { until } from './support/until.ts';
import { expectNoLeaks } from './support/search.ts';
import {
  expectOnlyThese,
  sippulseOperations,
  sippulseOrder,
  sippulseSecrets,
  type SippulseOrder,
} from './support/sippulse.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
const placed: SippulseOrder[] = [];

beforeAll(async () => {
  world = await createWorld({ name: 'sp', sippulse: true });
  await world.startApi();
});
afterEach(() => world.sippulse.setFaults());
afterAll(() => world?.close());

const slow = (operation: string, times: number) => ({ match: { operation }, fault: 'slow', ms: 800, times });
const lost = (operation: string, times = 1) => ({ match: { operation }, fault: 'dropReply', times });

/** Calls of an operation that got no answer: under way, or their reply was lost. */
const unanswered = async (operation: string): Promise<number> =>
  (await world.sippulse.calls()).filter((call) => call.operation === operation && call.status === null).length;

const inHand = (operation: string, count: number): Promise<unknown> =>
  until(async () => (await unanswered(operation)) >= count, `${count} ${operation} are under way`, { everyMs: 5 });

async function place(count: number): Promise<string[]> {
  const bodies = Array.from({ length: count }, (_, at) => sippulseOrder(`sp${placed.length + at}`, placed.length + at));
  placed.push(...bodies);
  world.keepSecret(...bodies.flatMap(sippulseSecrets));
  const orders = await Promise.all(bodies.map((body) => world.crm.place(body)));
  return orders.map(({ id }) => id);
}

const takenOver = async (ids: readonly string[]): Promise<number> => {
  const journals = await Promise.all(ids.map((id) => world.crm.journal(id)));
  return journals.flat().filter(({ type }) => type === 'takenOver').length;
};

describe('a SIPPulse', () => {
  test('I3 a worker is killed -9 while it makes DIDs: another one makes them, once, and all is reloaded', async () => {
    const first = await world.startWorker();
    await world.sippulse.setFaults(slow('insertDid', 2));
    const ids = await place(3);
    await inHand('insertDid', 2);
    await first.kill();

    const second = await world.startWorker();
    await Promise.all(ids.map((id) => world.crm.completed(id)));
    expectOnlyThese(await world.sippulse.state(), placed);
    expect(await takenOver(ids)).toBeGreaterThan(0);
    await second.end();
  });

  test('I3 it loses the reply to each kind of call, and a worker is killed -9 too: the same', async () => {
    const kinds = [
      'insertSubscriber',
      'updateSubscriberServices',
      'insertDid',
      'updateSubscriberClassV',
      'activateTopologyHiding',
      'activateVoicemail',
      'insertWhiteList',
      'insertAddress',
      'addUserLocation',
      'addCredit',
      'reloadDid',
      'reloadAddress',
    ];
    // The first worker dies with a reload in hand, which must then be done by somebody.
    await world.sippulse.setFaults(...kinds.map((kind) => lost(kind)), slow('reloadSubscriber', 1));
    const first = await world.startWorker();
    const ids = await place(3);
    await inHand('reloadSubscriber', 1);
    await first.kill();
    const second = await world.startWorker();
    await Promise.all(ids.map((id) => world.crm.completed(id)));
    for (const kind of kinds) expect([kind, await unanswered(kind)]).not.toEqual([kind, 0]);
    expectOnlyThese(await world.sippulse.state(), placed);
    await second.end();
  });

  test('I3 an order of operations loses replies and its worker: each object is made once, and reloaded', async () => {
    const before = await world.sippulse.state();
    await world.sippulse.setFaults(lost('insertRatePlan'), slow('insertHuntGroup', 1), lost('reloadHuntGroup'));
    const first = await world.startWorker();
    const members = placed.slice(0, 2).map(({ subscribers }) => subscribers[0]!.username);
    const body = sippulseOperations('ops', members);
    const { id } = await world.crm.place(body);
    await inHand('insertHuntGroup', 1);
    await first.kill();

    await world.startWorker();
    const order = await world.crm.completed(id);
    const state = await world.sippulse.state();
    expect(state.huntGroups).toMatchObject([{ description: 'group-ops', groupList: members.join(';') }]);
    expect(state.ratePlans.slice(before.ratePlans.length)).toMatchObject([{ name: 'plan-ops' }]);
    expect(order.steps.find(({ id: step }) => step === 'group.insertHuntGroup')?.result).toMatchObject({
      huntGroupId: state.huntGroups[0]!.id,
    });
    expectOnlyThese(state, placed);
  });

  test('I8 no secret is in Redis, its files, a log or an answer', async () => {
    await expectNoLeaks(world);
  });
});
