import { afterAll, beforeAll, expect, it } from 'vitest';
import type { OrderContent } from '../../../src/platforms/port.ts';
import { connect } from '../../../src/platforms/sippulse/client.ts';
import { ORDER_STEP_OPERATIONS } from '../../../src/platforms/sippulse/coverage.ts';
import { ORDER_STEPS, sippulse } from '../../../src/platforms/sippulse/index.ts';
import type { Simulator } from '../../../src/simulators/index.ts';
import { createDriver, type Driver, type RunRecord } from '../driver.ts';
import { fixtureOf, settings, start } from './fixture.ts';

const fixture = fixtureOf({});
let simulator: Simulator;
let driver: Driver;
let close: () => Promise<void>;

beforeAll(async () => {
  simulator = await start();
  const connection = connect(settings(simulator.url));
  close = () => connection.close();
  driver = createDriver(sippulse, connection);
  const client = connection.bind({
    signal: new AbortController().signal,
    beforeCall: async () => {},
    afterCall: () => {},
  });
  await fixture.prepare?.(client);
});
afterAll(async () => {
  await close();
  await simulator.close();
});

/** Calls by the kind of the step that made them. */
const seen = new Map<string, Set<string>>();

async function watch(kind: string, work: () => Promise<void>): Promise<void> {
  const before = simulator.calls().length;
  await work();
  const calls = seen.get(kind) ?? new Set();
  for (const { operation, path } of simulator.calls().slice(before)) {
    if (operation !== 'wsdl') calls.add(`${path.split('/').at(-1)}.${operation}`);
  }
  seen.set(kind, calls);
}

async function doAndUndo(order: OrderContent, record: RunRecord, key: string): Promise<() => Promise<void>> {
  const plan = sippulse.plan(order);
  for (const step of plan) await watch(step.kind, () => driver.perform(order, step, record, key));
  return async () => {
    for (const step of plan.toReversed()) {
      const { outcome, result } = record.get(step.id) ?? {};
      if (!outcome || outcome === 'adopted' || outcome === 'unchanged') continue;
      const ctx = driver.contextOf(order, step, record, key) as never;
      const done = { outcome, result: result ?? {} };
      await watch(step.kind, () => sippulse.steps[step.kind]!.undo({ ...(ctx as object), done } as never));
    }
  };
}

it('the steps of an order call what they declare, and nothing else', async () => {
  const first = fixture.order();
  const undoFirst = await doAndUndo(first, new Map(), 'turnup:coverage-1:1');
  const undoSecond = await doAndUndo(fixture.changed(first), new Map(), 'turnup:coverage-2:1');
  await undoSecond();
  await undoFirst();

  expect([...seen.keys()].toSorted()).toEqual(Object.keys(ORDER_STEPS).toSorted());
  const undeclared = [...seen].flatMap(([kind, calls]) =>
    [...calls].filter((call) => !ORDER_STEP_OPERATIONS[kind]?.includes(call)).map((call) => `${kind}: ${call}`),
  );
  expect(undeclared).toEqual([]);
  const writes = Object.entries(ORDER_STEP_OPERATIONS).flatMap(([kind, calls]) =>
    calls.filter((call) => /\.(?:insert|delete|remove|add|update)/.test(call)).map((call) => [kind, call] as const),
  );
  const unused = writes.filter(([kind, call]) => !seen.get(kind)?.has(call)).map((pair) => pair.join(': '));
  expect(unused).toEqual([]);
});
