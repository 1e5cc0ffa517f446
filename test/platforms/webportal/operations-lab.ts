import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Json, JsonObject, OrderContent, TargetSettings } from '../../../src/platforms/port.ts';
import { webportal } from '../../../src/platforms/webportal/index.ts';
import type { WebportalSettings } from '../../../src/platforms/webportal/settings.ts';
import { portalProfile, type PortalProfileName, type Simulator } from '../../../src/simulators/index.ts';
import { createDriver, type Driver, type RunRecord } from '../driver.ts';
import { quick, settingsWith, start, stateOf, still } from './fixture.ts';
import { order, subscriber } from './orders.ts';

let serial = 0;
export const nextKey = (): string => `turnup:ops-${++serial}:1`;

export const COMPANY = 'C-ops';
export const USER_NUMBER = '+390655500';
export const LINE_NUMBER = '+390655700';
export const OFFICE = 'Sede operativa';

export interface Operation {
  readonly service: string;
  readonly operation: string;
  readonly args: JsonObject;
}

export function orderOf(...operations: Operation[]): OrderContent {
  return {
    externalId: `ops-${++serial}`,
    target: 'rome',
    action: 'provision',
    customer: { externalId: '', native: {} },
    subscribers: [],
    operations: operations.map((one, at) => ({ id: `o${at + 1}`, ...one })),
  };
}

export interface OperationsLab {
  readonly simulator: Simulator;
  readonly driver: Driver;
  readonly settings: TargetSettings<WebportalSettings>;
  /** Back to the start. */
  refill(): Promise<void>;
  /** What the portal holds, without ids and what says which order made it. */
  still(): Promise<Json>;
  run(...operations: Operation[]): Promise<{ order: OrderContent; key: string; record: RunRecord }>;
}

/** A stand-in with a company, an office and a user for each test. */
export function useOperationsLab(name: PortalProfileName): OperationsLab {
  const profile = quick(portalProfile(name));
  const native = { office: OFFICE };
  const number = { cc: '39', ac: '06', sn: '55500' };
  const placed = order([subscriber({ username: USER_NUMBER, number, native })]);
  const there = { ...placed, customer: { ...placed.customer, externalId: COMPANY } };
  let simulator: Simulator;
  let driver: Driver;
  let settings: TargetSettings<WebportalSettings>;
  let close: () => Promise<void>;

  beforeAll(async () => {
    simulator = await start({ profile, ticketMs: 2 });
    settings = settingsWith(simulator.url, profile);
    const connection = webportal.connect(settings, { get: async () => null, forget: async () => {} });
    driver = createDriver(webportal, connection);
    close = () => connection.close();
  });
  beforeEach(refill);
  async function refill(): Promise<void> {
    simulator.reset();
    simulator.setFaults({ rules: [] });
    await driver.run(structuredClone(there), nextKey());
  }
  afterAll(async () => {
    await close();
    await simulator.close();
  });

  return {
    refill,
    get simulator() {
      return simulator;
    },
    get driver() {
      return driver;
    },
    get settings() {
      return settings;
    },
    still: async () => still(await stateOf(simulator)),
    async run(...operations) {
      const content = orderOf(...operations);
      const key = nextKey();
      return { order: content, key, record: await driver.run(content, key) };
    },
  };
}
