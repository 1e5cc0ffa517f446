import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Attempt } from '../../src/orders/begin.ts';
import { TERMINAL_STATES, type OrderState } from '../../src/orders/states.ts';
import { createKeys } from '../../src/redis/keys.ts';
import { isAtStandstill, isUndoAtStandstill } from './standstill.ts';
import { ordersOn, planOf, REFUSED, useOrders, type Orders } from './harness.ts';

const shared = useOrders();
const EVE = 'operator:eve';
const TARGETS = ['lab', 'vienna'];
const PLANS = [['customer'], ['customer', 's1.subscriber'], ['customer', 's1.subscriber', 's2.subscriber', 's2.preferences']];

/** One thing that may happen, with numbers that pick what it happens to. */
interface Event {
  verb: (typeof VERBS)[number];
  a: number;
  b: number;
}
// Named as often as they should come.
const VERBS = [
  ...['accept', 'accept', 'schedule', 'enter', 'begin', 'begin', 'begin', 'begin', 'begin', 'begin', 'begin', 'begin'],
  ...['complete', 'complete', 'complete', 'complete', 'complete', 'fail', 'fail', 'fail', 'failLater', 'park', 'repeat'],
  ...['retry', 'retry', 'skip', 'cancel', 'undo', 'close', 'release', 'settle', 'settle', 'pass', 'archive', 'forget'],
] as const;

const GOING: readonly OrderState[] = ['acknowledged', 'inProgress', 'held', 'pendingCancellation'];

const pick = <T>(from: readonly T[], at: number): T | undefined => from[at % Math.max(from.length, 1)];

function walker(on: Orders) {
  const ids: string[] = [];
  let attempts: Attempt[] = [];
  let last: Attempt | undefined;

  /** Mostly where it can do something, now and then anywhere. */
  async function aim(states: readonly OrderState[], at: number): Promise<string> {
    const views = await Promise.all(ids.map((id) => on.store.placement(id)));
    const fit = views.filter((order) => order !== null && states.includes(order.state)).map((order) => order!.id);
    return pick(at % 5 === 0 ? ids : fit, at) ?? pick(ids, at) ?? 'no-such-order';
  }

  async function begin(at: number, which: number): Promise<void> {
    const id = await aim(GOING, at);
    const placed = await on.store.placement(id);
    if (!placed || placed.state === 'pending') return;
    const open = placed.plan.filter((step) => placed.direction === 'u' || placed.stepStates[step.id] === 'waiting');
    const step = pick(which % 4 === 0 ? placed.plan : open, which);
    if (!step) return;
    const attempt = { order: id, run: placed.run, direction: placed.direction, step: step.id, token: `t${Math.random()}` };
    const begun = await on.begin(id, step.id, { ...attempt, exclusive: which % 2 === 0, writeTimeoutMs: 0 });
    if (begun.kind !== 'go') return;
    attempts.push(attempt);
    if (which % 3 > 0) await on.store.intend({ ...attempt, intent: 'absent', verb: 'create', calls: [] });
  }

  async function end(how: Event['verb'], attempt: Attempt): Promise<void> {
    last = attempt;
    attempts = attempts.filter((one) => one !== attempt);
    const rest = { failure: REFUSED, calls: [] };
    if (how === 'complete') await on.store.complete({ ...attempt, ...rest, outcome: 'created', result: {} });
    else if (how === 'park') await on.store.park({ ...attempt, ...rest, target: 'lab' });
    else await on.store.fail({ ...attempt, ...rest, final: how === 'fail' });
  }

  async function skip(id: string, at: number): Promise<void> {
    const placed = await on.store.placement(id);
    const failed = placed?.plan.filter((step) => placed.stepStates[step.id] === 'failed') ?? [];
    await on.store.skip(id, pick(failed, at)?.id ?? 'customer', EVE, 'r', {});
  }

  async function settle(id: string): Promise<void> {
    await on.store.settle(id, (await on.store.placement(id))?.run ?? 1);
  }

  async function happen({ verb, a, b }: Event): Promise<void> {
    const attempt = pick(attempts, a);
    const onFailure = b % 3 === 0 ? ('undo' as const) : ('hold' as const);
    const place = { target: pick(TARGETS, a)!, customer: `C-${b % 2}`, plan: planOf(...pick(PLANS, a + b)!), onFailure };
    if (verb === 'accept') ids.push(await on.accept(place));
    else if (verb === 'schedule') ids.push(await on.accept({ ...place, notBefore: '2099-01-01T00:00:00Z' }));
    else if (verb === 'enter') await on.store.enterMailbox(await aim(['pending'], a));
    else if (verb === 'begin') await begin(a, b);
    else if (verb === 'retry') await on.store.retry(await aim(['held', 'failed'], a), EVE);
    else if (verb === 'skip') await skip(await aim(['held'], a), b);
    else if (verb === 'cancel') await on.store.turn(await aim(GOING, a), verb, EVE, 'r');
    else if (verb === 'undo') await on.store.turn(await aim(['held'], a), verb, EVE, 'r');
    else if (verb === 'close') await on.store.close(await aim(['held'], a), EVE, 'r');
    else if (verb === 'release') await on.store.release(await aim(['held'], a), EVE, 'r');
    else if (verb === 'settle') await settle(await aim(GOING, a));
    else if (verb === 'pass') await on.store.passMailbox(await aim(['pending'], a));
    else if (verb === 'archive') await on.store.archive(await aim(TERMINAL_STATES, a), 0);
    else if (verb === 'forget') await on.store.forgetExpired(1);
    else if (verb === 'repeat') {
      if (last) await end('complete', last);
    } else if (attempt) await end(verb, attempt);
  }

  return { ids, happen };
}

async function check(on: Orders, ids: readonly string[]): Promise<void> {
  const views = (await Promise.all(ids.map((id) => on.store.read(id)))).filter((order) => order !== null);
  const placed = (await Promise.all(ids.map((id) => on.store.placement(id)))).filter((order) => order !== null);
  const records = new Map(await Promise.all(placed.map(async ({ id }) => [id, await on.raw(id)] as const)));

  // Counts and indexes tell what is.
  const counted = (await on.store.countByState()).filter(({ count }) => count !== 0);
  const real = new Map<string, number>();
  for (const { target, state } of views) real.set(`${target} ${state}`, (real.get(`${target} ${state}`) ?? 0) + 1);
  expect(new Map(counted.map(({ target, state, count }) => [`${target} ${state}`, count]))).toEqual(real);
  for (const state of new Set([...views.map((order) => order.state), 'held', 'pending'])) {
    const inState = views.filter((order) => order.state === state).map((order) => order.id);
    expect(await on.redis.zrange(on.keys.index('state', state), '0', '-1')).toEqual(inState.toSorted());
  }
  expect(await on.redis.zrange(on.keys.index('all'), '0', '-1')).toEqual(views.map((order) => order.id).toSorted());

  // Lists of the housekeepers.
  const isOver = (state: OrderState) => TERMINAL_STATES.includes(state);
  const scheduled = placed.filter((order) => order.state === 'pending' && records.get(order.id)!['mailed'] !== '1');
  const live = placed.filter((order) => !isOver(order.state) && !scheduled.includes(order));
  const settled = placed.filter((order) => isOver(order.state));
  const members = async (key: string) => (await on.redis.zrange(key, '0', '-1')).toSorted();
  const idsOf = (orders: readonly { id: string }[]) => orders.map((order) => order.id).toSorted();
  expect(await members(on.keys.live())).toEqual(idsOf(live));
  expect(await members(on.keys.scheduled())).toEqual(idsOf(scheduled));
  expect(await members(on.keys.settled())).toEqual(idsOf(settled));

  for (const order of placed) {
    const record = records.get(order.id)!;
    const states = Object.values(order.stepStates);
    // The counters of the record.
    expect(Number(record['failed'])).toBe(states.filter((state) => state === 'failed').length);
    if (order.direction === 'f') {
      expect(Number(record['left'])).toBe(states.filter((state) => state !== 'done' && state !== 'skipped').length);
    }
    // I2: held exactly when a person is needed.
    if (!isOver(order.state)) {
      const { plan, stepStates, toUndo } = order;
      const forward = order.direction === 'f';
      const stopped = forward ? isAtStandstill(plan, stepStates) : isUndoAtStandstill(plan, stepStates, toUndo);
      expect(order.state === 'held').toBe(stopped);
    }
    // A held order says why, and an attempt that is under way can be told from one that is not.
    if (order.state === 'held') expect((await on.store.read(order.id))?.error?.step).toBeTruthy();
    if (order.direction === 'f' && !isOver(order.state)) {
      for (const [step, state] of Object.entries(order.stepStates)) {
        expect(record[`s:${step}:l`] !== undefined, `${step} ${state}`).toBe(state === 'active');
      }
    }
  }

  // I5: of one customer on one target one order at most is neither waiting nor over nor let past.
  const going = placed.filter(({ id, state }) => !isOver(state) && state !== 'pending' && records.get(id)!['released'] !== '1');
  const places = going.map((order) => `${order.target} ${order.customer}`);
  expect(places).toHaveLength(new Set(places).size);
  const busy = placed.filter(({ id }) => Object.keys(records.get(id)!).some((field) => /^s:.*:l$/.test(field)));
  const atWork = busy.filter((order) => !isOver(order.state)).map((order) => `${order.target} ${order.customer}`);
  expect(atWork).toHaveLength(new Set(atWork).size);
  for (const target of TARGETS) {
    for (const customer of ['C-0', 'C-1']) {
      const box = await on.redis.lrange(on.keys.mailbox(target, customer), '0', '-1');
      const here = placed.filter((order) => order.target === target && order.customer === customer && live.includes(order));
      const waiting = here.filter((order) => records.get(order.id)!['released'] !== '1');
      expect(box.toSorted()).toEqual(idsOf(waiting));
      if (box.length > 0) expect(going.map((order) => order.id)).toContain(box[0]);
    }
  }
}

describe('whatever happens to orders', () => {
  test('I2 I5 counters, indexes, lists and mailboxes tell what is', async () => {
    let run = 0;
    const event = fc.record({ verb: fc.constantFrom(...VERBS), a: fc.nat({ max: 20 }), b: fc.nat({ max: 20 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 30, maxLength: 120, size: 'max' }), async (events) => {
        run += 1;
        const on = ordersOn(shared.server, shared.redis, createKeys(`{walk${run}}`));
        const walk = walker(on);
        for (const [at, one] of events.entries()) {
          await walk.happen(one);
          if (at % 5 === 4 || at === events.length - 1) await check(on, walk.ids);
        }
        // Nothing is left of what was forgotten.
        const known = new Set((await Promise.all(walk.ids.map(async (id) => (await on.store.read(id)) && id))).filter(Boolean));
        for (const id of walk.ids.filter((one) => !known.has(one))) {
          expect(await on.redis.keys(`{walk${run}}*${id}*`)).toEqual([]);
        }
      }),
      { numRuns: 40, interruptAfterTimeLimit: 20_000 },
    );
  });
});
