import { describe, expect, it } from 'vitest';
import { rehearseOrder } from '../../../flows/rehearsal/rehearse.ts';
import type { JsonObject, OrderContent } from '../../../src/platforms/port.ts';
import { checkOrder } from '../../../src/platforms/webportal/check.ts';
import { webportal } from '../../../src/platforms/webportal/index.ts';
import { OPERATION_TABLE, OPERATIONS, specOf } from '../../../src/platforms/webportal/operations/index.ts';
import { PORTAL_PROFILES, type PortalProfileName } from '../../../src/simulators/index.ts';
import { outcomesOf, type RunRecord } from '../driver.ts';
import { failure } from '../../setup/failure.ts';
import {
  COMPANY,
  LINE_NUMBER,
  nextKey,
  OFFICE,
  orderOf,
  useOperationsLab,
  USER_NUMBER,
  type Operation,
} from './operations-lab.ts';

const of = (call: string, args: JsonObject): Operation => {
  const [service = '', operation = ''] = call.split('.');
  return { service, operation, args };
};

/** What calls say of whose a line is: the outcome profile wants the company, the other has no place for it. */
const WHOSE: Readonly<Record<PortalProfileName, JsonObject>> = { status: {}, outcome: { company: COMPANY } };

const LINE: Readonly<Record<PortalProfileName, JsonObject>> = {
  status: { kind: 'isdn', exchange: 'RM01', accessCode: 'line-code' },
  outcome: { kind: 'analogue', floor: 2 },
};

const CHANGED: Readonly<Record<PortalProfileName, JsonObject>> = {
  status: { exchange: 'RM02', kind: 'analogue' },
  outcome: { floor: 3 },
};

const LIMITS: Readonly<Record<PortalProfileName, JsonObject>> = {
  status: { minutesPerDay: 60, international: false, blocked: ['+390699'], alarmMail: 'noc@example.com' },
  outcome: { minutesPerDay: 60, international: true },
};

interface OperationCase {
  readonly call: string;
  readonly write: string;
  args(name: PortalProfileName): JsonObject;
  /** What has to be there. */
  readonly first?: (name: PortalProfileName) => Operation;
  readonly isPivot?: true;
}

const createLine = (name: PortalProfileName): Operation =>
  of('wlr.create', { number: LINE_NUMBER, ...WHOSE[name], fields: LINE[name] });

const CASES: readonly OperationCase[] = [
  { call: 'wlr.create', write: 'wlr.create', args: (name) => createLine(name).args },
  {
    call: 'wlr.update',
    write: 'wlr.update',
    args: (name) => ({ number: LINE_NUMBER, ...WHOSE[name], fields: CHANGED[name] }),
    first: createLine,
  },
  {
    call: 'wlr.remove',
    write: 'wlr.remove',
    args: (name) => ({ number: LINE_NUMBER, ...WHOSE[name] }),
    first: createLine,
    isPivot: true,
  },
  {
    call: 'antifraud.set',
    write: 'antifraud.set',
    args: (name) => ({ number: USER_NUMBER, fields: LIMITS[name] }),
    first: () => of('antifraud.set', { number: USER_NUMBER, fields: { minutesPerDay: 5 } }),
  },
  {
    call: 'office.update',
    write: 'office.update',
    args: () => ({ company: COMPANY, office: OFFICE, fields: { city: 'Latina', street: null, postcode: '04100' } }),
  },
];

it('every operation is tried', () => {
  expect(CASES.map(({ call }) => call).toSorted()).toEqual(Object.keys(OPERATIONS).toSorted());
});

describe.each(PORTAL_PROFILES)('by the profile %s', (name) => {
  const lab = useOperationsLab(name);

  const callsOf = (operation: string): number =>
    lab.simulator.calls().filter((call) => call.operation === operation && (call.status ?? 599) < 300).length;

  async function prepare({ call, args, first }: OperationCase): Promise<OrderContent> {
    if (first) await lab.run(first(name));
    const order = orderOf(of(call, args(name)));
    expect(checkOrder(order, lab.settings)).toEqual([]);
    return order;
  }

  async function carryOut(order: OrderContent): Promise<{ key: string; record: RunRecord }> {
    const key = nextKey();
    return { key, record: await lab.driver.run(order, key) };
  }

  describe.each(CASES.map((one) => [one.call, one] as const))('%s', (call, one) => {
    const [service = '', operation = ''] = call.split('.');
    const spec = specOf(service, operation)!;
    const stepId = `o1.${spec.kind}`;

    it('does it once, and nothing when it is done already; and calls what it declares', async () => {
      const order = await prepare(one);
      const before = await lab.still();
      const from = lab.simulator.calls().length;
      const writes = callsOf(one.write);
      const { record } = await carryOut(order);
      const made = spec.step.nature === 'create' ? 'created' : 'changed';
      expect(outcomesOf(record)[stepId]).toBe(made);
      const after = await lab.still();
      expect(after).not.toEqual(before);
      const again = await carryOut(order);
      expect(outcomesOf(again.record)[stepId]).toBe(made === 'created' ? 'adopted' : 'unchanged');
      expect(callsOf(one.write) - writes).toBe(1);
      // Not this order's own, so nothing of it is taken away.
      if (!one.isPivot) await lab.driver.undo(order, again.key, again.record);
      expect(await lab.still()).toEqual(after);
      const seen = new Set(
        lab.simulator
          .calls()
          .slice(from)
          .map((seenCall) => seenCall.operation),
      );
      const undeclared = [...seen].filter(
        (called) => called !== 'jobs.poll' && called !== 'company.find' && !spec.calls.includes(called as never),
      );
      expect(undeclared).toEqual([]);
    });

    it.each(['dropReply', 'dropRequest'] as const)('%s: I3 once', async (fault) => {
      const wanted = await prepare(one);
      await carryOut(wanted);
      const after = await lab.still();
      await lab.refill();
      const order = await prepare(one);
      lab.simulator.setFaults({ rules: [{ match: { operation: one.write }, fault, times: 1 }] });
      await carryOut(order);
      expect(await lab.still()).toEqual(after);
    });

    it('undo brings back what was, also when its reply is lost, and undo twice no more', async () => {
      const order = await prepare(one);
      const before = await lab.still();
      const { key, record } = await carryOut(order);
      if (one.isPivot) {
        expect(await failure(lab.driver.undo(order, key, record))).toMatchObject({
          code: 'TURNUP_UNDO_FAILED',
          class: 'conflict',
        });
        return;
      }
      const writes = spec.calls.filter((made) => !/\.(?:find|get)$/.test(made));
      lab.simulator.setFaults({
        rules: writes.map((made) => ({ match: { operation: made }, fault: 'dropReply', times: 1 })),
      });
      await failure(lab.driver.undo(order, key, record));
      await lab.driver.undo(order, key, record);
      lab.simulator.setFaults({ rules: [] });
      expect(await lab.still()).toEqual(before);
      await lab.driver.undo(order, key, record);
      expect(await lab.still()).toEqual(before);
    });

    it.skipIf(one.isPivot)('undo of what was meant and not done changes nothing', async () => {
      const order = await prepare(one);
      const before = await lab.still();
      lab.simulator.setFaults({ rules: [{ match: { operation: one.write }, fault: 'dropRequest' }] });
      const key = nextKey();
      const record: RunRecord = new Map();
      await lab.driver.run(order, key, record).catch(() => undefined);
      lab.simulator.setFaults({ rules: [] });
      await lab.driver.undo(order, key, record);
      expect(await lab.still()).toEqual(before);
    });

    it('is planned with the calls that are then made, and those of its undo', async () => {
      const order = await prepare(one);
      const plan = await rehearseOrder({
        platform: webportal,
        settings: lab.settings,
        order: { ...order, onFailure: 'hold' },
      });
      const from = lab.simulator.calls().length;
      const { key, record } = await carryOut(order);
      const madeSince = (at: number): string[] =>
        lab.simulator
          .calls()
          .slice(at)
          .filter(({ operation: made }) => /\.(?:create|update|remove|set)$/.test(made ?? ''))
          .map(({ method }) => method);
      expect(plan.steps.map(({ note }) => note)).toEqual([undefined]);
      expect(plan.steps[0]!.calls.map((planned) => planned.method)).toEqual(madeSince(from));
      expect(JSON.stringify(plan)).not.toContain('line-code');
      expect(plan.pivot).toBe(one.isPivot ? stepId : null);
      if (one.isPivot) return;
      const undoFrom = lab.simulator.calls().length;
      await lab.driver.undo(order, key, record);
      expect(plan.steps[0]!.undo.map((planned) => planned.method)).toEqual(madeSince(undoFrom));
    });
  });

  it('a line that is known otherwise is somebody else’s', async () => {
    await lab.run(createLine(name));
    const before = await lab.still();
    const other = of('wlr.create', {
      number: LINE_NUMBER,
      ...WHOSE[name],
      fields: { ...LINE[name], ...CHANGED[name] },
    });
    const error = await failure(lab.run(other));
    expect(error).toMatchObject({ code: 'TURNUP_OBJECT_TAKEN', class: 'conflict' });
    expect(await lab.still()).toEqual(before);
  });

  it.each([
    ['wlr.update', { number: '+390655799', fields: { kind: 'isdn' } }],
    ['antifraud.set', { number: '+390655799', fields: { minutesPerDay: 1 } }],
    ['office.update', { company: COMPANY, office: 'Nowhere', fields: { city: 'Latina' } }],
    ['office.update', { company: 'C-nobody', office: OFFICE, fields: { city: 'Latina' } }],
  ])('%s of what is not there is refused', async (call, args) => {
    const whose = call === 'wlr.update' ? WHOSE[name] : {};
    const error = await failure(lab.run(of(call, { ...args, ...whose })));
    expect(error).toMatchObject({ code: 'TURNUP_OBJECT_MISSING', class: 'rejected' });
  });

  it('removing what is gone is done', async () => {
    const { record } = await lab.run(of('wlr.remove', { number: LINE_NUMBER, ...WHOSE[name] }));
    expect(outcomesOf(record)).toEqual({ 'o1.wlrRemove': 'unchanged' });
  });

  it('one operation may be about what another makes', async () => {
    const number = { number: LINE_NUMBER, ...WHOSE[name] };
    const { record } = await lab.run(
      createLine(name),
      of('wlr.update', { ...number, fields: CHANGED[name] }),
      of('antifraud.set', { number: LINE_NUMBER, fields: { minutesPerDay: 1 } }),
      of('wlr.remove', number),
    );
    expect(Object.values(outcomesOf(record))).toEqual(['created', 'changed', 'changed', 'changed']);
  });
});

it('the table names each operation once', () => {
  expect(new Set(OPERATION_TABLE.map(({ kind }) => kind)).size).toBe(OPERATION_TABLE.length);
});
