import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TurnupError } from '../../src/errors/index.ts';
import { stepKind, type Json, type OrderContent, type Platform, type StepOutcome } from '../../src/platforms/port.ts';
import type { FaultRule, StandIn } from './conformance.ts';
import { createDriver, outcomesOf, type Driver, type RunRecord } from './driver.ts';
import type { LifecycleCase, LifecycleFixture, World } from './lifecycle-fixture.ts';
import { absent, isWayBackOpen, revocable, stolen } from './lifecycle-variants.ts';

export type { LifecycleCase, LifecycleFixture, World } from './lifecycle-fixture.ts';

let serial = 0;
const nextKey = (): string => `turnup:life-${++serial}:1`;

/** Of a step that makes something, and of one that changes it, when there is nothing to do. */
const UNTOUCHED = expect.stringMatching(/^(?:adopted|unchanged)$/);

const FAULTS = ['dropReply', 'dropRequest'] as const;
type Fault = (typeof FAULTS)[number];

/** Every action but provision, on a platform's adapter and its stand-in (DESIGN §7). */
export function describeLifecycle<Client, Native>(fixture: LifecycleFixture<Client, Native>): void {
  const { conformance } = fixture;
  const platform = conformance.platform as Platform;
  let standIn: StandIn;
  let driver: Driver;
  const closers: (() => Promise<void>)[] = [];
  /** Of the calls that change the target: which one, counted from now, loses its reply or is lost itself. */
  let lost: { left: number; fault: Fault } | null = null;
  let writes = 0;

  function beforeWrite(): void {
    writes++;
    if (lost && --lost.left === 0) standIn.setFaults({ rules: [{ fault: lost.fault, times: 1 } satisfies FaultRule] });
  }

  beforeAll(async () => {
    standIn = await conformance.start();
    let definitions: Promise<Json> | null = null;
    const connection = platform.connect(conformance.settings(standIn.url), {
      get: (client) => (definitions ??= platform.loadDefinitions(client)),
      forget: async () => {
        definitions = null;
      },
    });
    closers.push(
      () => connection.close(),
      () => standIn.close(),
    );
    driver = createDriver(platform, connection, { beforeWrite });
  });
  afterAll(async () => {
    for (const close of closers) await close();
  });

  const clientOf = (order: OrderContent): Client =>
    driver.contextOf(order, platform.plan(order)[0]!, new Map(), 'others').client as Client;

  async function startAfresh({ first }: Pick<LifecycleCase, 'first'> = {}): Promise<World> {
    standIn.reset();
    standIn.setFaults({ rules: [] });
    lost = null;
    const world = fixture.world();
    await conformance.prepare?.(clientOf(world.mine));
    for (const order of [world.mine, world.other, ...(first?.(world) ?? [])]) await driver.run(order, nextKey());
    return world;
  }

  const stateOf = ({ mine }: World): Promise<Json> => fixture.state(clientOf(mine), standIn);

  async function errorOf(work: Promise<unknown>): Promise<TurnupError> {
    const error: unknown = await work.then(
      () => null,
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof TurnupError)) throw error ?? new Error('nothing was thrown');
    return error;
  }

  /** Loses the `at`th of the calls that change the target while `work` is done. */
  async function losing<T>(at: number, fault: Fault, work: () => Promise<T>): Promise<T> {
    lost = { left: at, fault };
    try {
      return await work();
    } finally {
      lost = null;
      standIn.setFaults({ rules: [] });
    }
  }

  it('offers every action that has cases, and takes their orders at the door', () => {
    const world = fixture.world();
    for (const { name, order, first } of fixture.cases) {
      for (const one of [...(first?.(world) ?? []), order(world)]) {
        expect(platform.actions).toContain(one.action);
        expect({ name, faults: platform.check(one, conformance.settings(standIn.url), null) }).toEqual({
          name,
          faults: [],
        });
      }
    }
  });

  describe.each(fixture.cases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
    const isUnseen = (stepId: string, order: OrderContent): boolean =>
      one.unseen?.includes(platform.plan(order).find(({ id }) => id === stepId)!.kind) ?? false;

    /** The same, carried out without a fault: what it leaves, and with how many calls. */
    let reference: { outcomes: Record<string, StepOutcome | null>; writes: number };

    beforeEach(async () => {
      if (reference) return;
      const world = await startAfresh(one);
      writes = 0;
      const record = await driver.run(one.order(world), nextKey());
      reference = { outcomes: outcomesOf(record), writes };
    });

    it('does it, once', async () => {
      const world = await startAfresh(one);
      const before = await stateOf(world);
      const order = one.order(world);
      await driver.run(order, nextKey());
      const after = await stateOf(world);
      expect(after).not.toEqual(before);
      one.reaches?.(after, world);
      expect(Object.values(reference.outcomes)).toContain('changed');

      const again = await driver.run(order, nextKey());
      for (const [id, outcome] of Object.entries(outcomesOf(again))) {
        expect({ id, outcome }).toEqual({ id, outcome: isUnseen(id, order) ? 'changed' : UNTOUCHED });
      }
      expect(await stateOf(world)).toEqual(after);
    });

    it('I3 does it once whichever call is lost', async () => {
      for (const fault of FAULTS) {
        for (let at = 1; at <= reference.writes; at++) {
          const world = await startAfresh(one);
          const before = await stateOf(world);
          const order = one.order(world);
          const key = nextKey();
          const record: RunRecord = new Map();
          driver.calls.length = 0;
          await losing(at, fault, () => driver.run(order, key, record));
          expect(driver.calls.some(({ outcome }) => outcome === 'unknown')).toBe(true);
          expect({ at, fault, outcomes: outcomesOf(record) }).toEqual({ at, fault, outcomes: reference.outcomes });
          const after = await stateOf(world);
          one.reaches?.(after, world);
          const again = await driver.run(order, nextKey());
          for (const [id, outcome] of Object.entries(outcomesOf(again)))
            if (!isUnseen(id, order)) expect({ at, fault, id, outcome }).toEqual({ at, fault, id, outcome: UNTOUCHED });
          expect(await stateOf(world)).toEqual(after);
          if (!isWayBackOpen(platform, order)) continue;
          await driver.undo(order, key, record);
          expect({ at, fault, state: await stateOf(world) }).toEqual({ at, fault, state: before });
        }
      }
    });

    it('I4 its undo brings back exactly what was, also a second time', async () => {
      const world = await startAfresh(one);
      const before = await stateOf(world);
      const order = one.order(world);
      const key = nextKey();
      const record: RunRecord = new Map();
      for (const step of revocable(platform, order)) await driver.perform(order, step, record, key);
      await driver.undo(order, key, record);
      expect(await stateOf(world)).toEqual(before);
      await driver.undo(order, key, record);
      expect(await stateOf(world)).toEqual(before);
    });

    it('I4 is brought back from wherever it broke off', async () => {
      for (const fault of FAULTS) {
        for (let at = 1; at <= reference.writes; at++) {
          const world = await startAfresh(one);
          const before = await stateOf(world);
          const order = one.order(world);
          const key = nextKey();
          const record: RunRecord = new Map();
          let isBroken = false;
          await losing(at, fault, async () => {
            for (const step of revocable(platform, order)) {
              if (isBroken) break;
              await driver.attempt(order, step, record, key).catch((error: unknown) => {
                if (!(error instanceof TurnupError)) throw error;
                isBroken = true;
              });
            }
          });
          await driver.undo(order, key, record);
          expect({ at, fault, state: await stateOf(world) }).toEqual({ at, fault, state: before });
        }
      }
    });

    it('I4 is brought back also when a reply of the undo is lost', async () => {
      for (let at = 1; ; at++) {
        const world = await startAfresh(one);
        const before = await stateOf(world);
        const order = one.order(world);
        const key = nextKey();
        const record: RunRecord = new Map();
        for (const step of revocable(platform, order)) await driver.perform(order, step, record, key);
        writes = 0;
        const isOver = await losing(at, 'dropReply', () =>
          driver.undo(order, key, record).then(
            () => true,
            (error: unknown) => {
              if (error instanceof TurnupError) return false;
              throw error;
            },
          ),
        );
        if (isOver && writes < at) return;
        await driver.undo(order, key, record);
        expect({ at, state: await stateOf(world) }).toEqual({ at, state: before });
      }
    });

    it('touches nothing of somebody else’s', async () => {
      const world = await startAfresh(one);
      const orders = [...stolen(fixture, one.order(world), world), ...(one.strangers?.(world) ?? [])];
      const before = await stateOf(world);
      for (const order of orders) {
        const error = await errorOf(driver.run(order, nextKey()));
        expect({ class: error.class, detail: error.detail }).toEqual({ class: 'conflict', detail: expect.any(String) });
        expect(await stateOf(world)).toEqual(before);
      }
    });

    it('tells what is not there, or is content with it', async () => {
      const world = await startAfresh(one);
      const before = await stateOf(world);
      const orders = [...absent(fixture, one.order(world)), ...(one.missing?.(world) ?? [])];
      expect(orders).not.toEqual([]);
      for (const order of orders) {
        const run = driver.run(order, nextKey());
        if (order.action === 'terminate') {
          for (const outcome of Object.values(outcomesOf(await run))) expect(outcome).toBe('unchanged');
        } else expect((await errorOf(run)).code).toBe('TURNUP_OBJECT_MISSING');
        expect(await stateOf(world)).toEqual(before);
      }
    });
  });

  const terminations = fixture.cases.filter(({ name }) => name.startsWith('terminate'));

  it.each(terminations.map((one) => [one.name, one] as const))(
    'after %s the same can be provisioned again',
    async (_name, one) => {
      const world = await startAfresh(one);
      const order = one.order(world);
      await driver.run(order, nextKey());
      const gone = new Set(order.subscribers.map(({ id }) => id));
      const record = await driver.run({ ...world.mine, externalId: `${world.mine.externalId}-again` }, nextKey());
      for (const { id } of world.mine.subscribers) {
        const wanted = gone.size === 0 || gone.has(id) ? 'created' : 'adopted';
        expect(record.get(`${id}.subscriber`)?.outcome).toBe(wanted);
      }
    },
  );

  it('a plan marks the first step with no way back, and nothing before it changes anything in a terminate order', async () => {
    for (const one of terminations) {
      const world = await startAfresh(one);
      const order = one.order(world);
      const plan = platform.plan(order);
      const pivot = plan.findIndex((step) => step.class === 'pivot');
      expect(plan.map((step) => step.class)).toEqual(
        plan.map((_step, at) => (at < pivot ? 'compensatable' : at === pivot ? 'pivot' : 'retriable')),
      );
      writes = 0;
      const record: RunRecord = new Map();
      for (const step of plan.slice(0, pivot)) await driver.perform(order, step, record, nextKey());
      expect(writes).toBe(0);
    }
  });

  it('has cases for every step that an order of each action can have', () => {
    const world = fixture.world();
    const covered = new Set(
      fixture.cases.flatMap(({ order }) => {
        const content = order(world);
        return platform.plan(content).map(({ kind }) => `${content.action} ${kind}`);
      }),
    );
    for (const [action, kinds] of Object.entries(platform.stepsOf ?? {})) {
      for (const kind of Object.keys(kinds ?? {})) {
        if (stepKind(platform, action, kind) === platform.steps[kind]) continue;
        expect([...covered]).toContain(`${action} ${kind}`);
      }
    }
  });

  it('I4 a modification and its undo leave everything as it was, whatever is modified and lost', async () => {
    const { modifications, runs = Number(process.env['LIFECYCLE_RUNS'] ?? 12) } = fixture;
    await fc.assert(
      fc.asyncProperty(
        modifications,
        modifications,
        fc.nat({ max: 8 }),
        fc.constantFrom(...FAULTS),
        async (first, second, at, fault) => {
          const world = await startAfresh();
          await driver.run(first(world), nextKey());
          const before = await stateOf(world);
          const order = second(world);
          const key = nextKey();
          const record: RunRecord = new Map();
          await losing(at, fault, () => driver.run(order, key, record));
          await driver.undo(order, key, record);
          expect(await stateOf(world)).toEqual(before);
        },
      ),
      { numRuns: runs, seed: Number(process.env['LIFECYCLE_SEED'] ?? 4711) },
    );
  });

  it('tells whom a customer has', async () => {
    if (!platform.subscribersOf) return;
    const world = await startAfresh();
    const of = (order: OrderContent) => platform.subscribersOf!(clientOf(order), order.customer.externalId);
    for (const order of [world.mine, world.other]) {
      const names = order.subscribers.map(({ username, domain }) => ({ username, domain }));
      expect((await of(order)).toSorted((a, b) => (a.username < b.username ? -1 : 1))).toEqual(
        names.toSorted((a, b) => (a.username < b.username ? -1 : 1)),
      );
    }
    expect(await platform.subscribersOf(clientOf(world.mine), `nobody-${++serial}`)).toEqual([]);
  });
}
