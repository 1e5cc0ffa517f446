import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkOperations, OPERATIONS } from '../../../src/platforms/sippulse/operations/index.ts';
import { specOf } from '../../../src/platforms/sippulse/operations/table.ts';
import type { OrderContent } from '../../../src/platforms/port.ts';
import type { FaultPlan } from '../../../src/simulators/index.ts';
import { outcomesOf, type RunRecord } from '../driver.ts';
import { CASES, namesOf, type OperationCase } from './operations-cases.ts';
import { nextKey, orderOf, useOperationsLab } from './operations-lab.ts';
import { failure } from '../../setup/failure.ts';

const lab = useOperationsLab();

/** Calls before the order's own. */
let prepared = 0;

beforeEach(() => {
  prepared = lab.simulator.calls().length;
});

async function prepare({ call, args }: OperationCase): Promise<OrderContent> {
  const [service, operation] = namesOf(call);
  const order = orderOf(service, operation, await args(lab.client));
  expect(checkOperations(order)).toEqual([]);
  prepared = lab.simulator.calls().length;
  return order;
}

const once = (operation: string, fault: 'dropReply' | 'dropRequest'): FaultPlan => ({
  rules: [{ match: { operation }, fault, times: 1 }],
});

const forever = (operation: string): FaultPlan => ({ rules: [{ match: { operation }, fault: 'dropRequest' }] });

/** How often an operation did its work. */
const callsOf = (operation: string): number =>
  lab.simulator.calls().filter((call) => call.operation === operation && call.status === 200).length;

async function doOnce(order: OrderContent): Promise<{ key: string; record: RunRecord }> {
  const key = nextKey();
  return { key, record: await lab.driver.run(order, key) };
}

const unreloaded = () => lab.state()['unreloaded'];

/** What the platform holds after the operation went without trouble. */
async function wantedAfter(one: OperationCase): Promise<unknown> {
  await doOnce(await prepare(one));
  const wanted = lab.still();
  return wanted;
}

it('every operation is tried', () => {
  const live = Object.keys(OPERATIONS).map((name) => specOf(...namesOf(name)));
  const names = new Set(live.map((spec) => `${spec?.service}.${spec?.operation}`));
  expect(CASES.map(({ call }) => call).toSorted()).toEqual([...names].toSorted());
});

describe.each(CASES.map((one) => [one.call, one] as const))('%s', (call, one) => {
  const [, operation] = namesOf(call);

  afterEach(() => {
    const declared = [call, ...(specOf(...namesOf(call))?.calls ?? [])].map((name) => namesOf(name)[1]);
    const made = lab.simulator
      .calls()
      .slice(prepared)
      .map(({ operation: name }) => name ?? 'wsdl');
    const known = [...declared, 'wsdl'];
    // oxlint-disable-next-line vitest/no-standalone-expect
    expect(made.filter((name) => !known.includes(name) && !name.startsWith('reload'))).toEqual([]);
  });

  it('does it once, reloads, and does nothing when it is done already', async () => {
    const order = await prepare(one);
    const before = lab.still();
    const made = specOf(...namesOf(call))?.step.nature === 'create' ? 'created' : 'changed';
    const callsBefore = callsOf(operation);
    const { record } = await doOnce(order);
    expect(outcomesOf(record)[`o1.${operation}`]).toBe(one.isRead ? 'unchanged' : made);
    expect(callsOf(operation) - callsBefore).toBe(1);
    expect(unreloaded()).toEqual([]);
    const after = lab.still();
    if (!one.isRead && !one.isBlind) expect(after).not.toEqual(before);
    if (one.isBlind) return;
    const again = await doOnce(order);
    expect(outcomesOf(again.record)[`o1.${operation}`]).toBe(made === 'created' ? 'adopted' : 'unchanged');
    expect(callsOf(operation) - callsBefore).toBe(one.isRead ? 2 : 1);
    expect(lab.still()).toEqual(after);
    // Not this order's own, so nothing of it is taken away.
    await lab.undo(order, again.key, again.record);
    expect(lab.still()).toEqual(after);
  });

  it.each(['dropReply', 'dropRequest'] as const)('%s: I3 once', async (fault) => {
    const order = await prepare(one);
    lab.simulator.setFaults(once(operation, fault));
    const key = nextKey();
    const record: RunRecord = new Map();
    if (one.isUnknowable && !(fault === 'dropRequest' && one.isPivot)) {
      const error = await failure(lab.driver.run(order, key, record));
      expect(error).toMatchObject({ code: 'TURNUP_OUTCOME_UNKNOWN', class: 'conflict' });
      return;
    }
    await lab.driver.run(order, key, record);
    expect(unreloaded()).toEqual([]);
    const after = lab.still();
    await lab.refill();
    expect(after).toEqual(await wantedAfter(one));
  });

  it('undo brings back what was, and undo twice no more', async () => {
    const order = await prepare(one);
    const before = lab.still();
    const { key, record } = await doOnce(order);
    if (one.isPivot) {
      expect(await failure(lab.undo(order, key, record))).toMatchObject({
        code: 'TURNUP_UNDO_FAILED',
        class: 'conflict',
      });
      return;
    }
    await lab.undo(order, key, record);
    expect(lab.still()).toEqual(before);
    const again = lab.undo(order, key, record);
    if (one.isUnknowable) expect(await failure(again)).toMatchObject({ class: 'conflict' });
    else await again;
    expect(lab.still()).toEqual(before);
    expect(unreloaded()).toEqual([]);
  });

  it.skipIf(one.isPivot ?? one.isUnknowable)('undo of what was meant and not done changes nothing', async () => {
    const order = await prepare(one);
    const before = lab.still();
    lab.simulator.setFaults(forever(operation));
    const key = nextKey();
    const record: RunRecord = new Map();
    await lab.driver.run(order, key, record).catch(() => undefined);
    lab.simulator.setFaults({ rules: [] });
    await lab.undo(order, key, record);
    expect(lab.still()).toEqual(before);
    expect(unreloaded()).toEqual([]);
  });

  it.skipIf(one.isPivot ?? one.isUnknowable ?? one.isRead)('undo whose reply is lost is done once', async () => {
    const order = await prepare(one);
    const before = lab.still();
    const { key, record } = await doOnce(order);
    lab.simulator.setFaults({
      rules: writesOf(call).map((name) => ({ match: { operation: name }, fault: 'dropReply', times: 1 })),
    });
    await untilDone(() => lab.undo(order, key, record));
    lab.simulator.setFaults({ rules: [] });
    await lab.undo(order, key, record);
    expect(lab.still()).toEqual(before);
    expect(unreloaded()).toEqual([]);
  });
});

/** What the operation's step may call that changes something, its reload included. */
function writesOf(call: string): string[] {
  const reloads = ['reloadSubscriber', 'reloadDid', 'reloadAddress', 'reloadHuntGroup'];
  const calls = [call, ...(specOf(...namesOf(call))?.calls ?? [])].map((name) => namesOf(name)[1]);
  return [...calls.filter((name) => !/^(?:list|lis|retrieve|authenticate)/.test(name)), ...reloads];
}

async function untilDone(work: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries === 8) throw error;
    }
  }
}
