import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rehearseOrder } from '../../flows/rehearsal/rehearse.ts';
import type { PlannedCall, PlanView } from '../../flows/rehearsal/view.ts';
import {
  stepKind,
  type CallHooks,
  type Connection,
  type OrderContent,
  type Platform,
} from '../../src/platforms/port.ts';
import type { StandIn } from './conformance.ts';
import { createDriver, type Driver, type RunRecord } from './driver.ts';
import { filledIn } from './filled-in.ts';
import type { LifecycleCase, LifecycleFixture, World } from './lifecycle.ts';
import type { RehearsalFixture } from './rehearsal.ts';
import { startTap, type Seen } from './tap.ts';

type Calls = Map<string, { calls: PlannedCall[]; undo: PlannedCall[] }>;

const READ_ONLY: CallHooks = {
  signal: new AbortController().signal,
  beforeCall: async (write) => expect(write).toBe(false),
  afterCall: () => {},
};

let serial = 0;
const nextKey = (): string => `turnup:planned-${++serial}:1`;

const nameOf = ({ method, path, service, operation }: PlannedCall): string =>
  operation === undefined ? `${method} ${path}` : `${service}.${operation}`;

/** What a call changes, without the values: those of what is there a plan can only name. */
function membersOf({ body }: PlannedCall): string[] {
  if (Array.isArray(body)) return body.map(({ op, path }: { op?: string; path?: string }) => `${op} ${path}`);
  return typeof body === 'object' && body !== null ? Object.keys(body).toSorted() : [];
}

/** The plans of all orders but those of provision, on the same cases as what they do. */
export function describeRehearsalOfActions<Client, Native>(
  fixture: Pick<RehearsalFixture<Client, Native>, 'read' | 'secretsOf'>,
  lifecycle: LifecycleFixture<Client, Native>,
): void {
  const { conformance } = lifecycle;
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
    connection = platform.connect(conformance.settings(url), {
      get: (client) => platform.loadDefinitions(client),
      forget: async () => {},
    });
    driver = createDriver(platform, connection);
    closers.push(
      () => connection.close(),
      tap.close,
      () => standIn.close(),
    );
  });
  afterAll(async () => {
    for (const close of closers) await close();
  });

  async function startAfresh({ first }: LifecycleCase): Promise<World> {
    standIn.reset();
    const world = lifecycle.world();
    const [step] = platform.plan(world.mine);
    await conformance.prepare?.(driver.contextOf(world.mine, step!, new Map(), 'others').client as Client);
    for (const order of [world.mine, world.other, ...(first?.(world) ?? [])]) await driver.run(order, nextKey());
    return world;
  }

  const rehearse = (order: OrderContent, target?: unknown): Promise<PlanView> =>
    rehearseOrder({
      platform,
      settings: conformance.settings(url),
      order: { ...order, onFailure: 'hold' },
      ...(target !== undefined && { target }),
    });

  const callsSince = (from: number): PlannedCall[] =>
    seen
      .slice(from)
      .map((one) => fixture.read(one))
      .filter((call) => call !== null);

  /** The real calls of each step, forward; and back, as far as there is a way. */
  async function carryOut(order: OrderContent): Promise<Calls> {
    const record: RunRecord = new Map();
    const key = nextKey();
    const real: Calls = new Map();
    const plan = platform.plan(order);
    for (const step of plan) {
      const from = seen.length;
      await driver.perform(order, step, record, key);
      real.set(step.id, { calls: callsSince(from), undo: [] });
    }
    for (const step of plan.toReversed()) {
      if (step.class !== 'compensatable') continue;
      const { outcome, result } = record.get(step.id)!;
      const from = seen.length;
      const ctx = driver.contextOf(order, step, record, key);
      await stepKind(platform, order.action, step.kind)!.undo({ ...ctx, done: { outcome: outcome!, result } });
      real.get(step.id)!.undo = callsSince(from);
    }
    return real;
  }

  describe.each(lifecycle.cases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
    it('is told by the very calls that are then made, and those of its undo', async () => {
      const world = await startAfresh(one);
      const order = one.order(world);
      const from = seen.length;
      const plan = await rehearse(order);
      expect(seen).toHaveLength(from);
      const real = await carryOut(order);
      expect([...real.values()].flatMap(({ calls }) => calls)).not.toEqual([]);
      const known = new Map<string, string>();
      const told = (planned: PlannedCall[], done: PlannedCall[]) =>
        planned.map((call, at) => ({
          call: filledIn(nameOf(call), done[at] && nameOf(done[at]), known, []),
          members: membersOf(call),
        }));
      const made = (done: PlannedCall[]) => done.map((call) => ({ call: nameOf(call), members: membersOf(call) }));
      for (const { id, calls, undo, note } of plan.steps) {
        const { calls: forward, undo: back } = real.get(id)!;
        if (one.unforeseen === 'calls') continue;
        expect({ id, note, calls: told(calls, forward) }).toEqual({ id, note, calls: made(forward) });
        if (one.unforeseen !== 'undo') expect({ id, undo: told(undo, back) }).toEqual({ id, undo: made(back) });
      }
      expect(plan.pivot).toBe(platform.plan(order).find((step) => step.class === 'pivot')?.id ?? null);
    });

    it('is told by a look at the target, before and after', async () => {
      const world = await startAfresh(one);
      const order = one.order(world);
      const readOnly = connection.bind(READ_ONLY);
      const plan = await rehearse(order, readOnly);
      const record: RunRecord = new Map();
      for (const step of platform.plan(order)) {
        const { found, calls } = plan.steps.find(({ id }) => id === step.id)!;
        const from = seen.length;
        await driver.perform(order, step, record, 'turnup:looked:1');
        const done = callsSince(from);
        expect({ id: step.id, calls: calls.map(nameOf) }).toEqual({ id: step.id, calls: done.map(nameOf) });
        const state = done.length > 0 ? 'different' : 'unchanged';
        expect({ id: step.id, state: found?.state }).toEqual({ id: step.id, state });
      }
      for (const { id, found, calls } of (await rehearse(order, readOnly)).steps) {
        const isUnseen = one.unseen?.includes(platform.plan(order).find((step) => step.id === id)!.kind);
        if (isUnseen) continue;
        expect({ id, state: found?.state, calls }).toEqual({ id, state: 'unchanged', calls: [] });
      }
    });

    it('I8 is told without a secret', async () => {
      const world = await startAfresh(one);
      const order = one.order(world);
      const plans = [await rehearse(order), await rehearse(order, connection.bind(READ_ONLY))];
      for (const secret of [...fixture.secretsOf(order), ...fixture.secretsOf(world.mine)])
        expect(JSON.stringify(plans)).not.toContain(secret);
    });
  });
}
