import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Attempt } from '../../src/orders/begin.ts';
import { TERMINAL_STATES, type OrderState } from '../../src/orders/states.ts';
import { createKeys } from '../../src/redis/keys.ts';
import { disagreements } from './audit.ts';
import { ordersOn, planOf, REFUSED, useOrders, type Orders } from './harness.ts';

const shared = useOrders();
const EVE = 'operator:eve';
const TARGETS = ['lab', 'vienna'];
const PLANS = [
  ['customer'],
  ['customer', 's1.subscriber'],
  ['customer', 's1.subscriber', 's2.subscriber', 's2.preferences'],
];

/** One thing that may happen, with numbers that pick what it happens to. */
interface Event {
  verb: (typeof VERBS)[number];
  a: number;
  b: number;
}
const VERBS = [
  'accept',
  'schedule',
  'enter',
  'begin',
  'complete',
  'fail',
  'failLater',
  'park',
  'repeat',
  'retry',
  'skip',
  'cancel',
  'undo',
  'close',
  'release',
  'settle',
  'pass',
  'archive',
  'forget',
] as const;
/** Which come more often than once. */
const OFTEN: Partial<Record<(typeof VERBS)[number], number>> = {
  accept: 2,
  begin: 8,
  complete: 5,
  fail: 3,
  retry: 2,
  settle: 2,
};

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
    const attempt = {
      order: id,
      run: placed.run,
      direction: placed.direction,
      step: step.id,
      token: `t${Math.random()}`,
    };
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
    const operates = b % 4 === 1;
    const common = { target: pick(TARGETS, a)!, onFailure, ...(operates && { operations: ['o1'] }) };
    const place =
      operates && a % 2 === 0
        ? { ...common, customer: '', plan: planOf('o1.make') }
        : { ...common, customer: `C-${b % 2}`, plan: planOf(...pick(PLANS, a + b)!, ...(operates ? ['o1.make'] : [])) };
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

describe('whatever happens to orders', () => {
  test('I2 I5 counters, indexes, lists and mailboxes tell what is', async () => {
    let run = 0;
    const event = fc.record({
      verb: fc.oneof(...VERBS.map((verb) => ({ arbitrary: fc.constant(verb), weight: OFTEN[verb] ?? 1 }))),
      a: fc.nat({ max: 20 }),
      b: fc.nat({ max: 20 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 30, maxLength: 120, size: 'max' }), async (events) => {
        run += 1;
        const on = ordersOn(shared.server, shared.redis, createKeys(`{walk${run}}`));
        const walk = walker(on);
        const found: string[] = [];
        for (const [at, one] of events.entries()) {
          await walk.happen(one);
          if (at % 5 === 4 || at === events.length - 1) found.push(...(await disagreements(on, walk.ids)));
        }
        expect(found).toEqual([]);
        // Nothing is left of what was forgotten.
        const known = new Set(
          (await Promise.all(walk.ids.map(async (id) => (await on.store.read(id)) && id))).filter(Boolean),
        );
        for (const id of walk.ids.filter((one) => !known.has(one))) {
          expect(await on.redis.keys(`{walk${run}}*${id}*`)).toEqual([]);
        }
      }),
      { numRuns: 40, interruptAfterTimeLimit: 20_000 },
    );
  });
});
