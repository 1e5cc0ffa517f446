import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { rehearseOrder } from '../../flows/rehearsal/rehearse.ts';
import type { PlannedCall, PlanView } from '../../flows/rehearsal/view.ts';
import type { CallHooks, Connection, OrderContent, Platform } from '../../src/platforms/port.ts';
import type { ConformanceFixture, StandIn } from './conformance.ts';
import { createDriver, type Driver, type RunRecord } from './driver.ts';
import { filledIn } from './filled-in.ts';
import { startTap, type Seen } from './tap.ts';

export type { Seen } from './tap.ts';

export interface RehearsalFixture<Client, Native> {
  readonly conformance: ConformanceFixture<Client, Native>;
  /** What was sent, as a plan would tell it; null for a call that only reads. */
  read(seen: Seen): PlannedCall | null;
  /** A body as it can be read from the wire. Left out: as it is. */
  asWritten?(body: unknown): unknown;
  /** Values that a plan shows as `***`. */
  secretsOf(order: OrderContent): readonly string[];
}

const READ_ONLY: CallHooks = {
  signal: new AbortController().signal,
  beforeCall: async (write) => expect(write).toBe(false),
  afterCall: () => {},
};

/** A plan's calls are the ones that a stand-in then sees: of each step, in their order, with their bodies. */
export function describeRehearsal<Client, Native>(fixture: RehearsalFixture<Client, Native>): void {
  const { conformance } = fixture;
  const platform = conformance.platform as Platform;
  const seen: Seen[] = [];
  const closers: (() => Promise<void>)[] = [];
  let standIn: StandIn;
  let url: string;
  let driver: Driver;
  let connection: Connection;

  beforeAll(async () => {
    standIn = await conformance.start();
    const tap = await startTap(standIn.url, seen);
    url = tap.url;
    closers.push(tap.close, () => standIn.close());
  });
  beforeEach(async () => {
    standIn.reset();
    connection = platform.connect(conformance.settings(url), {
      get: (client) => platform.loadDefinitions(client),
      forget: async () => {},
    });
    const opened = connection;
    closers.unshift(() => opened.close());
    driver = createDriver(platform, connection);
    const order = conformance.order();
    const [step] = platform.plan(order);
    await conformance.prepare?.(driver.contextOf(order, step!, new Map(), 'others').client as Client);
  });
  afterAll(async () => {
    for (const close of closers) await close();
  });

  const placed = (order: OrderContent): OrderContent => ({
    ...order,
    domains: [...new Set(order.subscribers.map(({ domain }) => domain))],
  });

  const rehearse = (order: OrderContent, target?: unknown): Promise<PlanView> =>
    rehearseOrder({
      platform,
      settings: conformance.settings(url),
      order: { ...order, onFailure: 'hold' },
      ...(target !== undefined && { target }),
    });

  /** As the API looks at a target. */
  const readOnly = (): unknown => connection.bind(READ_ONLY);

  const callsSince = (from: number): PlannedCall[] =>
    seen
      .slice(from)
      .map((one) => fixture.read(one))
      .filter((call) => call !== null);

  /** The real calls of each step, forward and back. */
  async function carryOut(order: OrderContent) {
    const record: RunRecord = new Map();
    const key = 'turnup:rehearsed:1';
    const real = new Map<string, { calls: PlannedCall[]; undo: PlannedCall[] }>();
    const plan = platform.plan(order);
    for (const step of plan) {
      const from = seen.length;
      await driver.perform(order, step, record, key);
      real.set(step.id, { calls: callsSince(from), undo: [] });
    }
    for (const step of plan.toReversed()) {
      const { outcome, result } = record.get(step.id)!;
      const from = seen.length;
      const ctx = driver.contextOf(order, step, record, key);
      await platform.steps[step.kind]!.undo({ ...ctx, done: { outcome: outcome!, result } });
      real.get(step.id)!.undo = callsSince(from);
    }
    return real;
  }

  function expectSame(plan: PlanView, real: Awaited<ReturnType<typeof carryOut>>, order: OrderContent): void {
    const known = new Map<string, string>();
    const secrets = fixture.secretsOf(order);
    const written = (planned: PlannedCall): PlannedCall =>
      fixture.asWritten ? { ...planned, body: fixture.asWritten(planned.body) } : planned;
    const filled = (planned: PlannedCall[], done: PlannedCall[]) =>
      planned.map((call, at) => filledIn(written(call), done[at], known, secrets));
    for (const { id, calls } of plan.steps) {
      expect({ id, calls: filled(calls, real.get(id)!.calls) }).toEqual({ id, calls: real.get(id)!.calls });
    }
    for (const { id, undo } of plan.steps) {
      expect({ id, undo: filled(undo, real.get(id)!.undo) }).toEqual({ id, undo: real.get(id)!.undo });
    }
    expect(plan.steps.map(({ note }) => note)).toEqual(plan.steps.map(() => undefined));
  }

  it('a plan tells the very calls that are then made, and those of its undo', async () => {
    const order = placed(conformance.order());
    const plan = await rehearse(order);
    const real = await carryOut(order);
    expect([...real.values()].flatMap(({ calls }) => calls).length).toBeGreaterThan(4);
    expectSame(plan, real, order);
  });

  const nameOf = ({ method, path, service, operation }: PlannedCall): string =>
    operation === undefined ? `${method} ${path}` : `${service}.${operation}`;

  it('a look at the target tells what is there already', async () => {
    const first = placed(conformance.order());
    await driver.run(first, 'turnup:there:1');
    const order = conformance.again?.(first) ?? first;
    const from = seen.length;
    const plan = await rehearse(order, readOnly());
    expect(callsSince(from)).toEqual([]);
    for (const { id, found, calls, undo } of plan.steps) {
      expect({ id, state: found?.state }).toEqual({ id, state: expect.stringMatching(/^(?:adopted|unchanged)$/) });
      expect({ id, calls, undo }).toEqual({ id, calls: [], undo: [] });
    }
  });

  it('a look at the target tells what will be changed, with the calls that are then made', async () => {
    const first = placed(conformance.order());
    await driver.run(first, 'turnup:there:1');
    const order = placed(conformance.changed(first));
    const from = seen.length;
    const plan = await rehearse(order, readOnly());
    expect(callsSince(from)).toEqual([]);
    const real = await carryOut(order);
    for (const { id, found, calls, note } of plan.steps) {
      const done = real.get(id)!.calls.map(nameOf);
      expect({ id, note, calls: calls.map(nameOf) }).toEqual({ id, note: note && expect.any(String), calls: done });
      const isNothing = found?.state === 'adopted' || found?.state === 'unchanged';
      expect({ id, isNothing }).toEqual({ id, isNothing: done.length === 0 });
    }
  });

  it('I8 a plan shows no secret', async () => {
    const order = placed(conformance.order());
    const text = JSON.stringify(await rehearse(order));
    for (const secret of fixture.secretsOf(order)) expect(text).not.toContain(secret);
    expect(text).toContain('***');
  });

  it('a rehearsal calls nothing', async () => {
    const before = seen.length;
    await rehearse(placed(conformance.order()));
    expect(seen).toHaveLength(before);
  });
}
