import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stepKind } from '../../../src/platforms/port.ts';
import { LIFE_STEP_OPERATIONS, ORDER_STEP_OPERATIONS } from '../../../src/platforms/webportal/coverage.ts';
import { webportal } from '../../../src/platforms/webportal/index.ts';
import { stepsOf } from '../../../src/platforms/webportal/life/index.ts';
import { isWrite, OPERATION_NAMES, type OperationName } from '../../../src/platforms/webportal/profile/operations.ts';
import { PORTAL_PROFILES, type Simulator } from '../../../src/simulators/index.ts';
import { callWhatTheyDeclare } from '../coverage-calls.ts';
import { createDriver, type Driver, type RunRecord } from '../driver.ts';
import { fixtureOf } from './fixture.ts';
import { lifecycleOf } from './lifecycle-fixture.ts';

const isKnown = (name: string | null): name is OperationName =>
  (OPERATION_NAMES as readonly (string | null)[]).includes(name);

describe('by the profile status, which maps all that an order needs', () => {
  callWhatTheyDeclare(fixtureOf('status'), {
    declared: ORDER_STEP_OPERATIONS,
    nameOf: ({ operation }) => (isKnown(operation) ? operation : null),
    isWrite: (name) => isWrite(name as OperationName),
  });

  it('each kind of step has its list', () => {
    const kindsOf = (steps: object) =>
      Object.entries(steps).map(([action, kinds]) => [action, Object.keys(kinds as object).toSorted()]);
    expect(kindsOf(LIFE_STEP_OPERATIONS)).toEqual(kindsOf(stepsOf));
  });
});

describe.each(PORTAL_PROFILES)('the steps of what changes something, by the profile %s', (name) => {
  const { conformance, world, cases } = lifecycleOf(name);
  const seen = new Map<string, Set<string>>();
  let simulator: Simulator;
  let driver: Driver;
  let close: () => Promise<void>;

  beforeAll(async () => {
    simulator = (await conformance.start()) as Simulator;
    const settings = conformance.settings(simulator.url);
    const connection = webportal.connect(settings, { get: async () => null, forget: async () => {} });
    driver = createDriver(webportal, connection);
    close = () => connection.close();
  });
  afterAll(async () => {
    await close();
    await simulator.close();
  });

  async function watch(step: string, work: () => Promise<void>): Promise<void> {
    const from = simulator.calls().length;
    await work();
    const calls = seen.get(step) ?? new Set();
    for (const { operation } of simulator.calls().slice(from)) if (isKnown(operation)) calls.add(operation);
    seen.set(step, calls);
  }

  it.each(cases.map((one) => [one.name, one] as const))('%s: calls what they declare, nothing else', async (_, one) => {
    simulator.reset();
    const there = world();
    for (const order of [there.mine, there.other, ...(one.first?.(there) ?? [])]) {
      await driver.run(order, `turnup:coverage-${order.externalId}:1`);
    }
    const order = one.order(there);
    const record: RunRecord = new Map();
    const plan = webportal.plan(order);
    const key = 'turnup:coverage-life:1';
    for (const step of plan) {
      await watch(`${order.action} ${step.kind}`, () => driver.perform(order, step, record, key));
    }
    if (!plan.some((step) => step.class === 'pivot')) {
      for (const step of plan.toReversed()) {
        const { outcome, result } = record.get(step.id)!;
        if (outcome !== 'changed') continue;
        const ctx = { ...driver.contextOf(order, step, record, key), done: { outcome, result } };
        const kind = stepKind(webportal, order.action, step.kind)!;
        await watch(`${order.action} ${step.kind}`, () => kind.undo(ctx as never).catch(() => undefined));
      }
    }
    const undeclared = [...seen].flatMap(([step, calls]) => {
      const [action = '', kind = ''] = step.split(' ');
      const declared = LIFE_STEP_OPERATIONS[action]?.[kind] ?? ORDER_STEP_OPERATIONS[kind]!;
      return [...calls].filter((call) => !declared.includes(call)).map((call) => `${step}: ${call}`);
    });
    expect(undeclared).toEqual([]);
  });
});
