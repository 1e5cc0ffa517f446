import { describe, expect, it } from 'vitest';
import { operationSteps, planOperations } from '../../../src/platforms/ngnpro/operations/index.ts';
import type { OrderContent } from '../../../src/platforms/port.ts';
import type { FaultPlan } from '../../../src/simulators/index.ts';
import type { RunRecord } from '../driver.ts';
import { JOHN, nextKey, orderOf, useOperationsLab, type OperationsLab } from './operations-lab.ts';
import { failure } from '../../setup/failure.ts';

const gift = (value: number, more: object = {}): OrderContent =>
  orderOf('SipPort.addBalance', { sipId: JOHN, value, ...more });
const VOUCHER = { sipId: JOHN, card: { id: 1, number: '1111222233' } };
const stepOf = (order: OrderContent) => planOperations(order)[0]!;

interface Entry {
  readonly value: number;
  readonly description: string;
}

interface Account {
  readonly username: string;
  readonly balance: number;
  readonly credits: readonly Entry[];
}

function johnIn(lab: OperationsLab): Account {
  const { accounts } = lab.simulator.state() as { readonly accounts: readonly Account[] };
  return accounts.find(({ username }) => username === JOHN.username)!;
}

const given = (lab: OperationsLab): readonly number[] => johnIn(lab).credits.map(({ value }) => value);

const lose = (fault: 'dropReply' | 'dropRequest', operation = 'Sip.addBalance'): FaultPlan => ({
  rules: [{ match: { operation }, fault, times: 1 }],
});

/** A first attempt whose outcome nobody knows. */
async function doubtful(lab: OperationsLab, order: OrderContent, plan: FaultPlan) {
  const key = nextKey();
  const record: RunRecord = new Map();
  lab.simulator.setFaults(plan);
  expect(await failure(lab.driver.attempt(order, stepOf(order), record, key))).toMatchObject({ class: 'ambiguous' });
  const again = () => lab.driver.attempt(order, stepOf(order), record, key);
  return { key, record, again };
}

const somebodyGives = (lab: OperationsLab, value: number, description: string) =>
  lab.client.call('SipPort', 'addBalance', { sipId: JOHN, value, description });

const held = { code: 'TURNUP_OUTCOME_UNKNOWN', class: 'conflict' };

describe('balance', () => {
  const lab = useOperationsLab();

  it.each(['dropReply', 'dropRequest'] as const)('I3 is given once when its %s', async (fault) => {
    const { again, record } = await doubtful(lab, gift(12.34), lose(fault));
    await again();
    expect(given(lab)).toEqual([12.34]);
    expect(record.get('o1.addBalance')).toMatchObject({
      outcome: 'changed',
      result: { balanceBefore: 0, balanceAfter: 12.34 },
    });
  });

  it.each(['dropReply', 'dropRequest'] as const)(
    'I3 others who give the same meanwhile are told apart: %s',
    async (fault) => {
      await somebodyGives(lab, 10, 'before');
      const { again } = await doubtful(lab, gift(10), lose(fault));
      await somebodyGives(lab, 10, 'somebody else');
      await somebodyGives(lab, -3, 'a call');
      await again();
      expect(given(lab)).toEqual(fault === 'dropReply' ? [10, 10, 10, -3] : [10, 10, -3, 10]);
      expect(johnIn(lab).balance).toBe(27);
    },
  );

  it('I3 two gifts of one order are two', async () => {
    const one = gift(5);
    const order = { ...one, operations: [...one.operations, { ...one.operations[0]!, id: 'o10' }] };
    lab.simulator.setFaults({ rules: [{ match: { operation: 'Sip.addBalance' }, fault: 'dropReply', times: 2 }] });
    await lab.driver.run(order, nextKey());
    expect(given(lab)).toEqual([5, 5]);
  });

  it('bears the key of the order before the words of its own', async () => {
    const key = nextKey();
    await lab.driver.run(gift(5, { description: 'Welcome' }), key);
    expect(johnIn(lab).credits[0]?.description).toBe(`[${key}/o1] Welcome`);
  });

  it('is found in a history that is longer than what is asked for first', async () => {
    for (let i = 0; i < 60; i++) await somebodyGives(lab, 1, `earlier ${i}`);
    const { again } = await doubtful(lab, gift(7), lose('dropReply'));
    for (let i = 0; i < 130; i++) await somebodyGives(lab, 1, `later ${i}`);
    await again();
    expect(given(lab).filter((value) => value === 7)).toEqual([7]);
  });

  it('is held for a person where the history shows one of the same value without a description', async () => {
    const { again } = await doubtful(lab, gift(10), lose('dropRequest'));
    await somebodyGives(lab, 10, '');
    const before = given(lab);
    const error = await failure(again());
    expect(error).toMatchObject(held);
    expect(error.hint).toMatch(/skip the step/);
    // Trying again is no way round.
    expect(await failure(again())).toMatchObject(held);
    expect(given(lab)).toEqual(before);
  });

  it.each(['dropReply', 'dropRequest'] as const)('I4 undo takes it back once when its %s', async (fault) => {
    const order = gift(9);
    const key = nextKey();
    const record = await lab.driver.run(order, key);
    lab.simulator.setFaults(lose(fault));
    await failure(lab.undo(order, key, record));
    await somebodyGives(lab, -9, 'calls');
    await lab.undo(order, key, record);
    await lab.undo(order, key, record);
    expect(given(lab)).toEqual([9, -9, -9]);
  });

  it('I4 undo of one whose outcome nobody recorded looks first', async () => {
    const order = gift(9);
    const { key, record } = await doubtful(lab, order, lose('dropReply'));
    await lab.undo(order, key, record);
    expect(given(lab)).toEqual([9, -9]);
    const other = await doubtful(lab, order, lose('dropRequest'));
    await lab.undo(order, other.key, other.record);
    expect(given(lab)).toEqual([9, -9]);
  });

  it('is given although the balance cannot be read afterwards', async () => {
    const order = gift(8);
    const step = operationSteps['addBalance']!;
    const ctx = lab.driver.contextOf(order, stepOf(order), new Map(), nextKey()) as never;
    const finding = await step.find(ctx);
    lab.simulator.setFaults({ rules: [{ match: { operation: 'Sip.getPrepaidStatus' }, fault: 'dropReply' }] });
    expect(await step.do(ctx, finding as never)).toEqual({ balanceBefore: 0, balanceAfter: null });
    expect(given(lab)).toEqual([8]);
  });

  it('of an account that is not there is a fault of the order', async () => {
    const order = orderOf('SipPort.addBalance', { sipId: { ...JOHN, username: 'nobody' }, value: 1 });
    expect(await failure(lab.driver.run(order, nextKey()))).toMatchObject({ code: 'TURNUP_REFERENCE_UNKNOWN' });
  });
});

describe('a platform that takes no negative values', () => {
  const lab = useOperationsLab({ simulator: { negativeBalance: false } });

  it('refuses to have a gift taken back, so that the undo is held', async () => {
    const order = gift(9);
    const key = nextKey();
    const record = await lab.driver.run(order, key);
    expect(await failure(lab.undo(order, key, record))).toMatchObject({ class: 'rejected' });
    expect(given(lab)).toEqual([9]);
  });
});

describe('voucher', () => {
  const lab = useOperationsLab();
  const order = (): OrderContent => orderOf('SipPort.addBalanceFromVoucher', VOUCHER);
  const USE = 'Sip.addBalanceFromVoucher';

  it.each(['dropReply', 'dropRequest'] as const)('I3 is used once when its %s', async (fault) => {
    const { again, record } = await doubtful(lab, order(), lose(fault, USE));
    await again();
    expect(given(lab)).toEqual([10]);
    expect(record.get('o1.addBalanceFromVoucher')?.result).toEqual({ balanceBefore: 0, balanceAfter: 10 });
  });

  it('is held for a person where somebody else gave money meanwhile', async () => {
    const { again } = await doubtful(lab, order(), lose('dropRequest', USE));
    await somebodyGives(lab, 10, 'by hand');
    expect(await failure(again())).toMatchObject(held);
    expect(given(lab)).toEqual([10]);
  });

  it('is not doubted for what other orders gave meanwhile', async () => {
    const { again } = await doubtful(lab, order(), lose('dropRequest', USE));
    await lab.driver.run(gift(10), nextKey());
    await again();
    expect(given(lab)).toEqual([10, 10]);
  });

  it('that somebody has used is refused', async () => {
    await lab.driver.run(order(), nextKey());
    expect(await failure(lab.driver.run(order(), nextKey()))).toMatchObject({
      code: 'TURNUP_TARGET_REJECTED',
      class: 'rejected',
    });
    expect(given(lab)).toEqual([10]);
  });
});
