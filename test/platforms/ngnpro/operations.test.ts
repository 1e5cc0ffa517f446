import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkOperations, OPERATIONS } from '../../../src/platforms/ngnpro/operations/index.ts';
import { kindOf } from '../../../src/platforms/ngnpro/operations/spec.ts';
import { specOf } from '../../../src/platforms/ngnpro/operations/table.ts';
import type { OrderContent } from '../../../src/platforms/port.ts';
import type { FaultPlan } from '../../../src/simulators/index.ts';
import { outcomesOf, type RunRecord } from '../driver.ts';
import { CASES, namesOf, wireName, type OperationCase } from './operations-cases.ts';
import { nextKey, orderOf, OTHER_SERVER, useOperationsLab } from './operations-lab.ts';
import { failure } from '../../setup/failure.ts';

it('every operation is tried', () => {
  expect(CASES.map(({ call }) => call).toSorted()).toEqual(Object.keys(OPERATIONS).toSorted());
});

describe.each([
  ['a server as the page has it', {}],
  ['a server that is otherwise where the page does not tell', OTHER_SERVER],
] as const)('%s', (_title, options) => {
  const lab = useOperationsLab(options);

  /** Calls before the order's own. */
  let prepared = 0;

  beforeEach(() => {
    prepared = lab.simulator.calls().length;
  });

  async function prepare({ call, args }: OperationCase): Promise<OrderContent> {
    const order = orderOf(call, await args(lab.client));
    expect(checkOperations(order)).toEqual([]);
    prepared = lab.simulator.calls().length;
    return order;
  }

  const once = (call: string, fault: 'dropReply' | 'dropRequest'): FaultPlan => ({
    rules: [{ match: { operation: wireName(call) }, fault, times: 1 }],
  });

  /** How often an operation did its work. */
  const callsOf = (call: string): number =>
    lab.simulator.calls().filter(({ operation, status }) => operation === wireName(call) && status === 200).length;

  async function doOnce(order: OrderContent): Promise<{ key: string; record: RunRecord }> {
    const key = nextKey();
    return { key, record: await lab.driver.run(order, key) };
  }

  /** What the platform holds after the operation went without trouble. */
  async function wantedAfter(one: OperationCase, key: string): Promise<unknown> {
    await lab.driver.run(await prepare(one), key);
    return lab.still();
  }

  describe.each(CASES.map((one) => [one.call, one] as const))('%s', (call, one) => {
    const spec = specOf(...namesOf(call))!;
    const stepId = `o1.${kindOf(spec)}`;

    afterEach(() => {
      const declared = [call, ...spec.calls].map(wireName);
      const made = lab.simulator.calls().slice(prepared);
      const undeclared = made.filter(({ operation }) => operation !== null && !declared.includes(operation));
      // oxlint-disable-next-line vitest/no-standalone-expect
      expect(undeclared.map(({ operation }) => operation)).toEqual([]);
    });

    it('does it once, and does nothing when it is done already', async () => {
      const order = await prepare(one);
      const before = lab.still();
      const made = spec.step.nature === 'create' ? 'created' : 'changed';
      const callsBefore = callsOf(call);
      const { record } = await doOnce(order);
      expect(outcomesOf(record)[stepId]).toBe(one.isRead ? 'unchanged' : made);
      expect(callsOf(call) - callsBefore).toBe(1);
      const after = lab.still();
      if (!one.isRead) expect(after).not.toEqual(before);
      // Every order gives money.
      if (one.isBlind || call === 'SipPort.addBalance') return;
      const again = await doOnce(order);
      expect(outcomesOf(again.record)[stepId]).toBe(made === 'created' ? 'adopted' : 'unchanged');
      expect(callsOf(call) - callsBefore).toBe(one.isRead ? 2 : 1);
      expect(lab.still()).toEqual(after);
      // Not this order's own, so nothing of it is taken away.
      await lab.undo(order, again.key, again.record);
      expect(lab.still()).toEqual(after);
    });

    it.each(['dropReply', 'dropRequest'] as const)('%s: I3 once', async (fault) => {
      const order = await prepare(one);
      lab.simulator.setFaults(once(call, fault));
      const key = nextKey();
      await lab.driver.run(order, key);
      const after = lab.still();
      await lab.refill();
      expect(after).toEqual(await wantedAfter(one, key));
    });

    it('undo brings back what was, and undo twice no more', async () => {
      const order = await prepare(one);
      const before = lab.still();
      const { key, record } = await doOnce(order);
      if (one.isPivot) {
        const error = await failure(lab.undo(order, key, record));
        expect(error).toMatchObject({ code: 'TURNUP_UNDO_FAILED', class: 'conflict' });
        return;
      }
      await lab.undo(order, key, record);
      expect(balanced(lab.still())).toEqual(balanced(before));
      const undone = lab.still();
      await lab.undo(order, key, record);
      expect(lab.still()).toEqual(undone);
    });

    it.skipIf(one.isPivot)('undo of what was meant and not done changes nothing', async () => {
      const order = await prepare(one);
      const before = lab.still();
      lab.simulator.setFaults({ rules: [{ match: { operation: wireName(call) }, fault: 'dropRequest' }] });
      const key = nextKey();
      const record: RunRecord = new Map();
      await lab.driver.run(order, key, record).catch(() => undefined);
      lab.simulator.setFaults({ rules: [] });
      await lab.undo(order, key, record);
      expect(lab.still()).toEqual(before);
    });

    it.skipIf(one.isPivot ?? one.isRead)('undo whose reply is lost is done once', async () => {
      const order = await prepare(one);
      const before = lab.still();
      const { key, record } = await doOnce(order);
      const writes = [call, ...spec.calls].map(wireName).filter((name) => !name.includes('.get'));
      lab.simulator.setFaults({
        rules: writes.map((operation) => ({ match: { operation }, fault: 'dropReply', times: 1 })),
      });
      await failure(lab.undo(order, key, record));
      await lab.undo(order, key, record);
      lab.simulator.setFaults({ rules: [] });
      await lab.undo(order, key, record);
      expect(balanced(lab.still())).toEqual(balanced(before));
    });
  });
});

/** What was given and taken back stays in the history. */
function balanced(state: unknown): unknown {
  const withoutHistory = (one: { readonly credits?: unknown }) => {
    const { credits: _credits, ...rest } = one;
    return rest;
  };
  const { accounts, ...others } = state as { readonly accounts: { readonly credits?: unknown }[] };
  return { ...others, accounts: accounts.map(withoutHistory) };
}
