import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rehearseOrder } from '../../../flows/rehearsal/rehearse.ts';
import type { PlanView } from '../../../flows/rehearsal/view.ts';
import type { CallHooks, Connection, OrderContent, StepContext } from '../../../src/platforms/port.ts';
import { sippulse } from '../../../src/platforms/sippulse/index.ts';
import type { SippulseClient } from '../../../src/platforms/sippulse/types.ts';
import type { Simulator } from '../../../src/simulators/index.ts';
import { createDriver, type Driver, type RunRecord } from '../driver.ts';
import type { LifecycleCase, World } from '../lifecycle.ts';
import { fixtureOf, settings, start } from './fixture.ts';
import { CASES } from './life-cases.ts';
import { world } from './life-world.ts';

const NOBODY = 'http://127.0.0.1:9';
const READ_ONLY: CallHooks = {
  signal: new AbortController().signal,
  beforeCall: async (write) => expect(write).toBe(false),
  afterCall: () => {},
};

let simulator: Simulator;
let connection: Connection;
let driver: Driver;
let serial = 0;
const nextKey = (): string => `turnup:rehearsed-${++serial}:1`;

beforeAll(async () => {
  simulator = await start();
});
beforeEach(async () => {
  simulator.reset();
  connection = sippulse.connect(settings(simulator.url), { get: async () => null, forget: async () => {} });
  driver = createDriver(sippulse, connection);
});
afterAll(async () => {
  await connection.close();
  await simulator.close();
});

const rehearse = (order: OrderContent, target?: unknown): Promise<PlanView> =>
  rehearseOrder({
    platform: sippulse,
    settings: settings(target === undefined ? NOBODY : simulator.url),
    order: { ...order, onFailure: 'hold', domains: ['sip.example.com'] },
    ...(target !== undefined && { target }),
  });

async function startWorld({ first }: LifecycleCase): Promise<World> {
  const of = world();
  const [step] = sippulse.plan(of.mine);
  const ctx = driver.contextOf(of.mine, step!, new Map(), 'others') as StepContext<SippulseClient>;
  await fixtureOf({}).prepare?.(ctx.client);
  for (const order of [of.mine, of.other, ...(first?.(of) ?? [])]) await driver.run(order, nextKey());
  return of;
}

const READS = /^(?:retrieve|list|lis[A-Z]|authenticate|wsdl)/;

/** Names of the calls that change something, of those that the stand-in saw. */
function writesSince(from: number): string[] {
  const seen = simulator.calls().slice(from);
  return seen.flatMap(({ operation }) => (operation && !READS.test(operation) ? [operation] : []));
}

const SECRETS = ['Nw9-kq!vB72mm', 'Wb9-kq!vB72mm', '9999', 'Zx9-kq!vB72mm', '4321', '4711'];

describe.each(CASES.map((one) => [one.name, one] as const))('%s', (name, one) => {
  it('a plan that asks nobody tells calls of every step, and of its undo', async () => {
    const plan = await rehearse(one.order(world()));
    const pivot = plan.steps.find((step) => step.class === 'pivot')?.id ?? null;
    expect(plan.pivot).toBe(pivot);
    const isLookOnly = ({ kind }: { kind: string }) =>
      kind === 'ownership' || (name.startsWith('modify') && ['subscriber', 'reseller', 'reload'].includes(kind));
    for (const { id, kind, class: way, calls, undo, note } of plan.steps) {
      if (!isLookOnly({ kind })) expect({ id, calls: calls.length }).not.toEqual({ id, calls: 0 });
      if (way === 'pivot') expect({ id, undo, note }).toEqual({ id, undo: [], note: undefined });
      if (way !== 'compensatable') continue;
      expect({ id, note, undo: undo.length > 0 }).toEqual({ id, note: undefined, undo: calls.length > 0 });
    }
    const text = JSON.stringify(plan);
    for (const secret of SECRETS) expect(text).not.toContain(secret);
    expect(plan.steps.flatMap(({ calls }) => calls).length).toBeGreaterThan(0);
  });

  it('a plan that looks at the target tells the very calls that are then made, and changes nothing', async () => {
    const order = one.order(await startWorld(one));
    const from = simulator.calls().length;
    const plan = await rehearse(order, connection.bind(READ_ONLY));
    expect(writesSince(from)).toEqual([]);
    const record: RunRecord = new Map();
    const key = nextKey();
    for (const step of sippulse.plan(order)) {
      const since = simulator.calls().length;
      await driver.perform(order, step, record, key);
      const view = plan.steps.find(({ id }) => id === step.id)!;
      const calls = view.calls.map(({ operation }) => operation);
      expect({ id: step.id, calls }).toEqual({ id: step.id, calls: writesSince(since) });
      const state = view.found!.state.replace(/^(?:different|absent)$/, 'changed');
      expect({ id: step.id, state: record.get(step.id)!.outcome }).toEqual({ id: step.id, state });
    }
  });
});
