import { afterAll, beforeAll, expect, it } from 'vitest';
import type { OrderContent, PlannedStep } from '../../src/platforms/port.ts';
import type { Simulator } from '../../src/simulators/index.ts';
import type { ConformanceFixture } from './conformance.ts';
import { createDriver, type Driver, type RunRecord } from './driver.ts';

type Call = ReturnType<Simulator['calls']>[number];

export interface DeclaredCalls {
  /** By the kind of the step. */
  readonly declared: { readonly [kind: string]: readonly string[] };
  /** A call of the stand-in as it is declared; null for one that says nothing. */
  nameOf(call: Call): string | null;
  isWrite(name: string): boolean;
}

/** Does and undoes the fixture's order and its change, and compares what the stand-in saw with what is declared. */
export function callWhatTheyDeclare<Client, Native>(
  fixture: ConformanceFixture<Client, Native>,
  { declared, nameOf, isWrite }: DeclaredCalls,
): void {
  const { platform } = fixture;
  let standIn: Simulator;
  let driver: Driver;
  let close: () => Promise<void>;

  beforeAll(async () => {
    standIn = (await fixture.start()) as Simulator;
    const connection = platform.connect(fixture.settings(standIn.url), {
      get: (client) => platform.loadDefinitions(client),
      forget: async () => {},
    });
    close = () => connection.close();
    driver = createDriver(platform, connection);
    const client = connection.bind({
      signal: new AbortController().signal,
      beforeCall: async () => {},
      afterCall: () => {},
    });
    await fixture.prepare?.(client);
  });
  afterAll(async () => {
    await close();
    await standIn.close();
  });

  /** Calls by the kind of the step that made them. */
  const seen = new Map<string, Set<string>>();

  async function watch({ kind }: PlannedStep, work: () => Promise<void>): Promise<void> {
    const before = standIn.calls().length;
    await work();
    const names = standIn
      .calls()
      .slice(before)
      .map((call) => nameOf(call));
    const calls = seen.get(kind) ?? new Set();
    for (const name of names) if (name !== null) calls.add(name);
    seen.set(kind, calls);
  }

  async function doAndUndo(order: OrderContent, record: RunRecord, key: string): Promise<() => Promise<void>> {
    const plan = platform.plan(order);
    for (const step of plan) await watch(step, () => driver.perform(order, step, record, key));
    return async () => {
      for (const step of plan.toReversed()) {
        const { outcome, result } = record.get(step.id) ?? {};
        if (!outcome || outcome === 'adopted' || outcome === 'unchanged') continue;
        const ctx = driver.contextOf(order, step, record, key) as never;
        const done = { outcome, result: result ?? {} };
        await watch(step, () => platform.steps[step.kind]!.undo({ ...(ctx as object), done } as never));
      }
    };
  }

  it('the steps of an order call what they declare, and nothing else', async () => {
    const first = fixture.order();
    const undoFirst = await doAndUndo(first, new Map(), 'turnup:coverage-1:1');
    const undoSecond = await doAndUndo(fixture.changed(first), new Map(), 'turnup:coverage-2:1');
    await undoSecond();
    await undoFirst();

    expect([...seen.keys()].toSorted()).toEqual(Object.keys(declared).toSorted());
    const undeclared = [...seen].flatMap(([kind, calls]) =>
      [...calls].filter((call) => !declared[kind]?.includes(call)).map((call) => `${kind}: ${call}`),
    );
    expect(undeclared).toEqual([]);
    const unused = Object.entries(declared).flatMap(([kind, calls]) =>
      calls.filter((call) => isWrite(call) && !seen.get(kind)?.has(call)).map((call) => `${kind}: ${call}`),
    );
    expect(unused).toEqual([]);
  });
}
