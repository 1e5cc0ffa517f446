import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TurnupError } from '../../src/errors/index.ts';
import type { Json, OrderContent, PlannedStep, Platform, TargetSettings } from '../../src/platforms/port.ts';
import { createDriver, outcomesOf, type Driver, type RunRecord } from './driver.ts';

/** One rule of a stand-in's fault plan, for the calls of one step. */
export interface WriteMatch {
  readonly method?: string;
  readonly path?: string;
  readonly operation?: string;
}

export interface FaultRule {
  readonly match?: WriteMatch;
  readonly fault: 'dropReply' | 'dropRequest' | 'status';
  readonly status?: number;
  readonly times?: number;
}

export interface StandIn {
  readonly url: string;
  reset(): void;
  setFaults(plan: { rules: FaultRule[] }): void;
  close(): Promise<void>;
}

/** What the suite needs to know of a platform. */
export interface ConformanceFixture<Client, Native> {
  readonly platform: Platform<Client, Native>;
  start(): Promise<StandIn>;
  settings(url: string): TargetSettings<Native>;
  /** Puts there what orders need and do not make. Left out: nothing. */
  prepare?(client: Client): Promise<void>;
  /** A fresh order for a new customer with one subscriber that has a step of every kind. */
  order(): OrderContent;
  /** The same customer and subscriber, with everything that a step can change wanted otherwise. */
  changed(order: OrderContent): OrderContent;
  /** The same subscriber for another customer. */
  stolen(order: OrderContent): OrderContent;
  /** The order as it is placed once more, without what is then to be done again. Left out: the same. */
  again?(order: OrderContent): OrderContent;
  /** The calls with which each kind of step writes. */
  readonly writes: { readonly [kind: string]: readonly WriteMatch[] };
  /** Kinds whose work the platform shows nobody, so that they do it again after a doubt. */
  readonly unseen?: readonly string[];
  /** Kinds that have tests of their own instead of a place in `order`. */
  readonly others?: readonly string[];
  /** The calls with which undo takes a new customer away, in that order. */
  readonly removals: readonly WriteMatch[];
  /** What is there, as far as an order could see or change it, without ids of the moment. */
  snapshot(client: Client, standIn: StandIn): Promise<Json>;
}

let serial = 0;
const nextKey = (): string => `turnup:${++serial}:1`;

/** Every platform's adapter passes this against its stand-in (DESIGN §7). */
export function describeConformance<Client, Native>(fixture: ConformanceFixture<Client, Native>): void {
  const platform = fixture.platform as Platform;
  let standIn: StandIn;
  let driver: Driver;
  const closers: (() => Promise<void>)[] = [];

  function connect(url: string, password?: string): Driver {
    const settings = fixture.settings(url);
    const auth = password === undefined ? settings.auth : { ...settings.auth, password };
    let definitions: Promise<Json> | null = null;
    const connection = platform.connect(
      { ...settings, auth },
      {
        get: (client) => (definitions ??= platform.loadDefinitions(client)),
        forget: async () => {
          definitions = null;
        },
      },
    );
    closers.push(() => connection.close());
    return createDriver(platform, connection);
  }

  /** Outside any step: what other people do and see on the platform. */
  const clientOf = (of: Driver): Client => {
    const order = fixture.order();
    const [step] = platform.plan(order);
    return of.contextOf(order, step!, new Map(), 'others').client as Client;
  };

  async function startAfresh(): Promise<void> {
    standIn.reset();
    driver = connect(standIn.url);
    await fixture.prepare?.(clientOf(driver));
  }

  const snapshot = (): Promise<Json> => fixture.snapshot(clientOf(driver), standIn);

  const stepsOf = (order: OrderContent): PlannedStep[] => platform.plan(order);
  const kinds = Object.keys(fixture.writes);
  const isUnseen = (kind: string): boolean => fixture.unseen?.includes(kind) ?? false;
  const rulesOf = (kind: string, fault: Omit<FaultRule, 'match'>): FaultRule[] =>
    fixture.writes[kind]!.map((match) => ({ match, ...fault }));

  /** Runs the steps before the first of a kind. */
  async function upTo(order: OrderContent, kind: string, key: string, record: RunRecord): Promise<PlannedStep> {
    for (const step of stepsOf(order)) {
      if (step.kind === kind) return step;
      await driver.perform(order, step, record, key);
    }
    throw new Error(`no step ${kind}`);
  }

  async function classOf(work: Promise<unknown>): Promise<string> {
    const error: unknown = await work.then(
      () => null,
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof TurnupError)) throw error ?? new Error('nothing was thrown');
    return error.class;
  }

  beforeAll(async () => {
    standIn = await fixture.start();
  });
  beforeEach(() => {
    return startAfresh();
  });
  afterAll(async () => {
    for (const close of closers) await close();
    await standIn.close();
  });

  it('the fixture covers every kind of step', () => {
    const planned = new Set(stepsOf(fixture.order()).map(({ kind }) => kind));
    const others = fixture.others ?? [];
    expect([...planned, ...others].toSorted()).toEqual(Object.keys(platform.steps).toSorted());
    expect(platform.check(fixture.order(), fixture.settings(standIn.url), null)).toEqual([]);
    expect(platform.check(fixture.changed(fixture.order()), fixture.settings(standIn.url), null)).toEqual([]);
  });

  it('I3 do: makes everything the order asks for, and then finds it as wanted', async () => {
    const order = fixture.order();
    const key = nextKey();
    const record = await driver.run(order, key);
    for (const step of stepsOf(order)) {
      const entry = record.get(step.id)!;
      const isCreation = platform.steps[step.kind]!.nature === 'create';
      expect(isCreation ? ['created'] : ['changed', 'unchanged']).toContain(entry.outcome);
      if (isUnseen(step.kind)) continue;
      const ctx = {
        ...driver.contextOf(order, step, record, key),
        intent: entry.intent ?? { state: 'absent' as const },
      };
      expect(await platform.steps[step.kind]!.find(ctx)).toMatchObject({ state: 'present', ours: true });
    }
  });

  it('the attempt after a crash that lost the result finds the work of each step done', async () => {
    const order = fixture.order();
    const key = nextKey();
    const record: RunRecord = new Map();
    for (const step of stepsOf(order)) {
      await driver.perform(order, step, record, key);
      const entry = record.get(step.id)!;
      const { outcome } = entry;
      const before = await snapshot();
      entry.outcome = null;
      await driver.perform(order, step, record, key);
      expect(record.get(step.id)!.outcome).toBe(outcome);
      expect(await snapshot()).toEqual(before);
    }
  });

  describe.each(kinds)('%s', (kind) => {
    it.each(['dropReply', 'dropRequest'] as const)(
      'I3 is done once when the connection is lost (%s)',
      async (fault) => {
        const clean = fixture.order();
        const cleanKey = nextKey();
        const reference = await driver.run(clean, cleanKey);
        await startAfresh();

        const record: RunRecord = new Map();
        const step = await upTo(clean, kind, cleanKey, record);
        standIn.setFaults({ rules: rulesOf(kind, { fault, times: 1 }) });
        driver.calls.length = 0;
        await driver.perform(clean, step, record, cleanKey);
        // A step that had nothing to write had nothing to lose.
        const hasWritten = record.get(step.id)!.outcome !== 'unchanged';
        expect(driver.calls.some(({ outcome }) => outcome === 'unknown')).toBe(hasWritten);
        await driver.run(clean, cleanKey, record);
        expect(outcomesOf(record)).toEqual(outcomesOf(reference));
        const after = await snapshot();

        await startAfresh();
        await driver.run(clean, cleanKey);
        expect(after).toEqual(await snapshot());
      },
    );

    it('is refused an outage as an outage, and overload as overload', async () => {
      const order = fixture.order();
      const key = nextKey();
      const record: RunRecord = new Map();
      const step = await upTo(order, kind, key, record);
      // A subscriber that is there already, so that every kind of change really writes.
      const needsAnother = platform.steps[kind]!.nature === 'change' && !isUnseen(kind);
      if (needsAnother) await driver.run(order, key, record);
      const wanted = needsAnother ? fixture.changed(order) : order;
      const again = needsAnother ? await adopted(wanted) : record;
      for (const [status, expected] of [
        [503, 'outage'],
        [429, 'throttled'],
      ] as const) {
        standIn.setFaults({ rules: rulesOf(kind, { fault: 'status', status }) });
        expect(await classOf(driver.attempt(wanted, step, again, key))).toBe(expected);
      }
    });

    it('undo of it alone is quiet when there is nothing left to undo', async () => {
      const order = fixture.order();
      const key = nextKey();
      const record = await driver.run(order, key);
      await driver.undo(order, key, record);
      const gone = await snapshot();
      const step = stepsOf(order).find((planned) => planned.kind === kind)!;
      const entry = record.get(step.id)!;
      const ctx = driver.contextOf(order, step, record, key);
      await platform.steps[kind]!.undo({ ...ctx, done: { outcome: entry.outcome!, result: entry.result } });
      expect(await snapshot()).toEqual(gone);
    });
  });

  /** A second order for what is there: only its creating steps have run. */
  async function adopted(order: OrderContent): Promise<RunRecord> {
    const record: RunRecord = new Map();
    const key = nextKey();
    for (const step of stepsOf(order)) {
      if (platform.steps[step.kind]!.nature === 'create') await driver.perform(order, step, record, key);
    }
    return record;
  }

  it('I4 adopts what is there, and its undo leaves it alone', async () => {
    const order = fixture.order();
    await driver.run(order, nextKey());
    const before = await snapshot();
    const key = nextKey();
    const first = fixture.again?.(order) ?? order;
    const record = await driver.run(first, key);
    for (const outcome of Object.values(outcomesOf(record))) expect(['adopted', 'unchanged']).toContain(outcome);
    expect(await snapshot()).toEqual(before);
    await driver.undo(first, key, record);
    expect(await snapshot()).toEqual(before);
  });

  it('I4 changes what is there otherwise, and its undo brings back what was', async () => {
    const first = fixture.order();
    await driver.run(first, nextKey());
    const before = await snapshot();
    const second = fixture.changed(first);
    const key = nextKey();
    const record = await driver.run(second, key);
    for (const step of stepsOf(second)) {
      if (isUnseen(step.kind)) continue;
      expect(record.get(step.id)!.outcome).toBe(platform.steps[step.kind]!.nature === 'create' ? 'adopted' : 'changed');
    }
    expect(await snapshot()).not.toEqual(before);
    await driver.undo(second, key, record);
    expect(await snapshot()).toEqual(before);
    await driver.undo(second, key, record);
    expect(await snapshot()).toEqual(before);
  });

  it('I4 a change whose reply was lost is brought back as well', async () => {
    const first = fixture.order();
    await driver.run(first, nextKey());
    const before = await snapshot();
    const second = fixture.changed(first);
    const key = nextKey();
    const record = await adopted(second);
    for (const step of stepsOf(second)) {
      if (platform.steps[step.kind]!.nature !== 'change') continue;
      if (isUnseen(step.kind)) {
        await driver.perform(second, step, record, key);
        continue;
      }
      standIn.setFaults({ rules: rulesOf(step.kind, { fault: 'dropReply', times: 1 }) });
      driver.calls.length = 0;
      await driver.perform(second, step, record, key);
      expect(driver.calls.some(({ outcome }) => outcome === 'unknown')).toBe(true);
      expect(record.get(step.id)!.outcome).toBe('changed');
    }
    standIn.setFaults({ rules: [] });
    await driver.undo(second, key, record);
    expect(await snapshot()).toEqual(before);
  });

  it('I4 undo leaves nothing of a new customer, also when it is repeated or its replies are lost', async () => {
    const before = await snapshot();
    const order = fixture.order();
    const key = nextKey();
    const record = await driver.run(order, key);
    expect(await snapshot()).not.toEqual(before);
    await driver.undo(order, key, record);
    expect(await snapshot()).toEqual(before);
    await driver.undo(order, key, record);
    expect(await snapshot()).toEqual(before);

    const again = nextKey();
    const second = await driver.run(order, again);
    for (const match of fixture.removals) {
      standIn.setFaults({ rules: [{ match, fault: 'dropReply', times: 1 }] });
      expect(await classOf(driver.undo(order, again, second))).toBe('ambiguous');
    }
    standIn.setFaults({ rules: [] });
    await driver.undo(order, again, second);
    expect(await snapshot()).toEqual(before);
  });

  it('takes nothing that is somebody else’s', async () => {
    const first = fixture.order();
    await driver.run(first, nextKey());
    const thief = fixture.stolen(first);
    const record: RunRecord = new Map();
    const key = nextKey();
    const step = await upTo(thief, 'subscriber', key, record);
    const before = await snapshot();
    expect(await classOf(driver.attempt(thief, step, record, key))).toBe('conflict');
    expect(await snapshot()).toEqual(before);
  });

  it('takes away what a late finisher made, never what the record names', async () => {
    const start = await snapshot();
    const order = fixture.order();
    const key = nextKey();
    const record = await driver.run(order, key);
    const all = await snapshot();
    const discardAll = async (namedByRecord: boolean): Promise<void> => {
      for (const step of stepsOf(order).toReversed()) {
        const { result } = record.get(step.id)!;
        const ctx = driver.contextOf(order, step, record, key);
        await platform.steps[step.kind]!.discard?.(ctx, result, namedByRecord ? result : null);
      }
    };
    await discardAll(true);
    expect(await snapshot()).toEqual(all);
    await discardAll(false);
    expect(await snapshot()).toEqual(start);
  });

  it('tells a target that is down from one that refuses the login', async () => {
    const order = fixture.order();
    const [step] = stepsOf(order);
    const wrong = connect(standIn.url, 'not-the-password');
    expect(await classOf(wrong.attempt(order, step!, new Map(), nextKey()))).toBe('auth');
    const other = await fixture.start();
    await other.close();
    const dead = connect(other.url);
    expect(await classOf(dead.attempt(order, step!, new Map(), nextKey()))).toBe('outage');
  });

  it('probes a target that is well, one that refuses the login, and one that is down', async () => {
    const order = fixture.order();
    const [step] = stepsOf(order);
    const probe = (of: Driver) => platform.probe(of.contextOf(order, step!, new Map(), 'probe').client);
    expect((await probe(driver)).filter(({ ok }) => !ok)).toEqual([]);
    expect((await probe(connect(standIn.url, 'not-the-password'))).some(({ ok }) => !ok)).toBe(true);
    const other = await fixture.start();
    await other.close();
    expect((await probe(connect(other.url))).some(({ ok }) => !ok)).toBe(true);
  });
}
