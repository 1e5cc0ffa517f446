import { afterAll, beforeEach, expect } from 'vitest';
import type { Connection, OrderContent, SubscriberOrder } from '../../../src/platforms/port.ts';
import { sippulse } from '../../../src/platforms/sippulse/index.ts';
import type { SippulseClient } from '../../../src/platforms/sippulse/types.ts';
import type { Simulator, SippulseOptions } from '../../../src/simulators/index.ts';
import { createDriver, type Driver, type RunRecord } from '../driver.ts';
import type { World } from '../lifecycle.ts';
import { fixtureOf, settings, start, stateOf } from './fixture.ts';
import { bound } from './lab.ts';
import { firstOf } from '../life-orders.ts';
import { wholeState, world } from './life-world.ts';

let serial = 0;
export const nextKey = (): string => `turnup:life-lab-${++serial}:1`;

export const national = ({ ac, sn }: { ac: string; sn: string }): string => `${ac}${sn}`;
export const userOf = ({ username, domain }: SubscriberOrder) => ({ username, domain });

export interface LifeLab {
  readonly simulator: Simulator;
  readonly driver: Driver;
  /** What other people do on the platform. */
  readonly others: SippulseClient;
  readonly world: World;
  state(): ReturnType<typeof stateOf>;
  /** As the platform has it; the first one of the customer. */
  stored(user?: { username: string }): Promise<Record<string, unknown> | undefined>;
  didsOf(user: SubscriberOrder): Promise<string[]>;
  /** Names of the calls that change something. */
  writes(): string[];
  whole(): ReturnType<typeof wholeState>;
  /** Carries an order out, takes it back, and sees that nothing is otherwise. */
  thereAndBack(order: OrderContent, seen: () => Promise<void>): Promise<void>;
}

/** A stand-in with a world of its own for each test. */
export function useLifeLab(options: SippulseOptions = {}, make: () => World = world): LifeLab {
  let simulator: Simulator | undefined;
  let connection: Connection;
  let driver: Driver;
  let others: SippulseClient;
  let of: World;

  async function close(): Promise<void> {
    if (!simulator) return;
    await connection.close();
    await simulator.close();
  }

  beforeEach(async () => {
    await close();
    simulator = await start(options);
    connection = sippulse.connect(settings(simulator.url), { get: async () => null, forget: async () => {} });
    driver = createDriver(sippulse, connection);
    others = bound(simulator.url).client;
    of = make();
    await fixtureOf(options).prepare?.(others);
    for (const order of [of.mine, of.other]) await driver.run(order, nextKey());
    driver.calls.length = 0;
  });
  afterAll(close);

  const state = () => stateOf(simulator!);
  const whole = () => wholeState(simulator!);

  return {
    get simulator() {
      return simulator!;
    },
    get driver() {
      return driver;
    },
    get others() {
      return others;
    },
    get world() {
      return of;
    },
    state,
    whole,
    async stored({ username } = firstOf(of)) {
      const { subscribers = [] } = await state();
      return subscribers.find((row) => row['username'] === username);
    },
    async didsOf({ username }) {
      const { dids = [] } = await state();
      const own = dids.filter((row) => row['accountCode'] === `${username}@sip.example.com`);
      return own.map((row) => String(row['aliasUsername'])).toSorted();
    },
    writes: () =>
      driver.calls.filter(({ method }) => !/^(?:retrieve|list|lis|wsdl)/.test(method)).map(({ method }) => method),
    async thereAndBack(order, seen) {
      const before = await whole();
      const key = nextKey();
      const record: RunRecord = new Map();
      await driver.run(order, key, record);
      await seen();
      await driver.undo(order, key, record);
      expect(await whole()).toEqual(before);
    },
  };
}
