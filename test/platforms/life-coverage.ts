import { afterAll, beforeAll, expect, it } from 'vitest';
import { stepKind, type Connection, type Platform, type StepContext } from '../../src/platforms/port.ts';
import type { Simulator } from '../../src/simulators/index.ts';
import { createDriver, type Driver, type RunRecord } from './driver.ts';
import type { LifecycleCase, World } from './lifecycle.ts';

type Operations = { readonly [kind: string]: readonly string[] };

export interface LifeCoverage<Client> {
  readonly platform: Platform;
  start(): Promise<Simulator>;
  connect(url: string): Connection;
  world(): World;
  readonly cases: readonly LifecycleCase[];
  /** What the steps say they call: by action and kind where an action has its own, else by kind. */
  readonly declared: { readonly life: { readonly [action: string]: Operations }; readonly order: Operations };
  /** A call as it is declared; null for one that is no operation. */
  nameOf(call: ReturnType<Simulator['calls']>[number]): string | null;
  /** Whether what is declared only reads. */
  isRead(name: string): boolean;
  /** Makes what must be there before any order. */
  prepare?(client: Client): Promise<void>;
  /** What an order, or its undo, left to be done. */
  unfinished?(simulator: Simulator): Promise<readonly unknown[]>;
}

/** The steps of all actions call what they declare, and nothing else. */
export function describeLifeCoverage<Client>(of: LifeCoverage<Client>): void {
  const { platform, declared, cases } = of;
  /** Calls by the action and kind of the step that made them. */
  const seen = new Map<string, Set<string>>();
  let simulator: Simulator;
  let driver: Driver;
  let connection: Connection;

  beforeAll(async () => {
    simulator = await of.start();
    connection = of.connect(simulator.url);
    driver = createDriver(platform, connection);
  });
  afterAll(async () => {
    await connection.close();
    await simulator.close();
  });

  async function watch(name: string, work: () => Promise<void>): Promise<void> {
    const before = simulator.calls().length;
    await work();
    const calls = seen.get(name) ?? new Set();
    for (const call of simulator.calls().slice(before)) {
      const called = of.nameOf(call);
      if (called !== null) calls.add(called);
    }
    seen.set(name, calls);
  }

  async function carryOut({ first, order: orderOf }: LifecycleCase): Promise<void> {
    simulator.reset();
    const world = of.world();
    const key = `turnup:coverage-life-${world.mine.externalId}:1`;
    const [step] = platform.plan(world.mine);
    const ctx = driver.contextOf(world.mine, step!, new Map(), 'others') as StepContext<Client>;
    await of.prepare?.(ctx.client);
    for (const one of [world.mine, world.other, ...(first?.(world) ?? [])])
      await driver.run(one, `${key}.${one.externalId}`);
    const order = orderOf(world);
    const record: RunRecord = new Map();
    const plan = platform.plan(order);
    for (const one of plan) await watch(`${order.action} ${one.kind}`, () => driver.perform(order, one, record, key));
    expect((await of.unfinished?.(simulator)) ?? []).toEqual([]);
    if (plan.some((one) => one.class === 'pivot')) return;
    for (const one of plan.toReversed()) {
      const { outcome, result } = record.get(one.id)!;
      if (outcome !== 'changed') continue;
      const undo = { ...driver.contextOf(order, one, record, key), done: { outcome, result } };
      await watch(`${order.action} ${one.kind}`, () => stepKind(platform, order.action, one.kind)!.undo(undo));
    }
    expect((await of.unfinished?.(simulator)) ?? []).toEqual([]);
  }

  function declaredOf(name: string): readonly string[] {
    const [action = '', kind = ''] = name.split(' ');
    return declared.life[action]?.[kind] ?? declared.order[kind]!;
  }

  it.each(cases.map((one) => [one.name, one] as const))(
    '%s: its steps call what they declare, nothing else, and leave nothing undone',
    async (_, one) => {
      await carryOut(one);
      const undeclared = [...seen].flatMap(([name, calls]) =>
        [...calls].filter((call) => !declaredOf(name).includes(call)).map((call) => `${name}: ${call}`),
      );
      expect(undeclared).toEqual([]);
    },
  );

  it('no step declares a change that it never makes', () => {
    const writes = Object.entries(declared.life).flatMap(([action, kinds]) =>
      Object.entries(kinds).flatMap(([kind, calls]) =>
        calls.filter((call) => !of.isRead(call)).map((call) => [`${action} ${kind}`, call] as const),
      ),
    );
    expect(writes.filter(([name, call]) => !seen.get(name)?.has(call)).map((pair) => pair.join(': '))).toEqual([]);
  });
}
