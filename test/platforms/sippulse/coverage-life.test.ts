import { afterAll, beforeAll, expect, it } from 'vitest';
import { stepKind, type StepContext } from '../../../src/platforms/port.ts';
import { connect } from '../../../src/platforms/sippulse/client.ts';
import { LIFE_STEP_OPERATIONS, ORDER_STEP_OPERATIONS } from '../../../src/platforms/sippulse/coverage.ts';
import { sippulse } from '../../../src/platforms/sippulse/index.ts';
import type { SippulseClient } from '../../../src/platforms/sippulse/types.ts';
import type { Simulator } from '../../../src/simulators/index.ts';
import { createDriver, type Driver, type RunRecord } from '../driver.ts';
import { fixtureOf, settings, start, stateOf } from './fixture.ts';
import { CASES } from './life-cases.ts';
import { world } from './life-world.ts';

let simulator: Simulator;
let driver: Driver;
let close: () => Promise<void>;

beforeAll(async () => {
  simulator = await start();
  const connection = connect(settings(simulator.url));
  close = () => connection.close();
  driver = createDriver(sippulse, connection);
});
afterAll(async () => {
  await close();
  await simulator.close();
});

/** Calls by the action and kind of the step that made them. */
const seen = new Map<string, Set<string>>();

async function watch(name: string, work: () => Promise<void>): Promise<void> {
  const before = simulator.calls().length;
  await work();
  const calls = seen.get(name) ?? new Set();
  for (const { operation, path } of simulator.calls().slice(before)) {
    if (operation !== 'wsdl') calls.add(`${path.split('/').at(-1)}.${operation}`);
  }
  seen.set(name, calls);
}

async function carryOut({ first, order: orderOf }: (typeof CASES)[number]): Promise<void> {
  simulator.reset();
  const of = world();
  const key = `turnup:coverage-life-${of.mine.externalId}:1`;
  const [step] = sippulse.plan(of.mine);
  const ctx = driver.contextOf(of.mine, step!, new Map(), 'others') as StepContext<SippulseClient>;
  await fixtureOf({}).prepare?.(ctx.client);
  for (const one of [of.mine, of.other, ...(first?.(of) ?? [])]) await driver.run(one, `${key}.${one.externalId}`);
  const order = orderOf(of);
  const record: RunRecord = new Map();
  const plan = sippulse.plan(order);
  for (const one of plan) await watch(`${order.action} ${one.kind}`, () => driver.perform(order, one, record, key));
  expect((await stateOf(simulator))['unreloaded']).toEqual([]);
  if (plan.some((one) => one.class === 'pivot')) return;
  for (const one of plan.toReversed()) {
    const { outcome, result } = record.get(one.id)!;
    if (outcome !== 'changed') continue;
    const undo = { ...driver.contextOf(order, one, record, key), done: { outcome, result } };
    await watch(`${order.action} ${one.kind}`, () => stepKind(sippulse, order.action, one.kind)!.undo(undo as never));
  }
  expect((await stateOf(simulator))['unreloaded']).toEqual([]);
}

/** What a step of an order of that action says it calls. */
function declared(name: string): readonly string[] {
  const [action = '', kind = ''] = name.split(' ');
  return LIFE_STEP_OPERATIONS[action]?.[kind] ?? ORDER_STEP_OPERATIONS[kind]!;
}

it.each(CASES.map((one) => [one.name, one] as const))(
  '%s: its steps call what they declare, nothing else, and leave nothing unread',
  async (_, one) => {
    await carryOut(one);
    const undeclared = [...seen].flatMap(([name, calls]) =>
      [...calls].filter((call) => !declared(name).includes(call)).map((call) => `${name}: ${call}`),
    );
    expect(undeclared).toEqual([]);
  },
);

it('no step declares a change that it never makes', () => {
  const writes = Object.entries(LIFE_STEP_OPERATIONS).flatMap(([action, kinds]) =>
    Object.entries(kinds).flatMap(([kind, calls]) =>
      calls
        .filter((call) => !/\.(?:retrieve|list|lis[A-Z])/.test(call))
        .map((call) => [`${action} ${kind}`, call] as const),
    ),
  );
  expect(writes.filter(([name, call]) => !seen.get(name)?.has(call)).map((pair) => pair.join(': '))).toEqual([]);
});
