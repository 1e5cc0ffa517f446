import { describe, expect, it } from 'vitest';
import type { OrderContent, SharedWork, StepContext } from '../../../src/platforms/port.ts';
import { findCredit, giveCredit, subscriberAccount } from '../../../src/platforms/sippulse/credit.ts';
import { planOperations } from '../../../src/platforms/sippulse/operations/index.ts';
import type { SippulseClient } from '../../../src/platforms/sippulse/types.ts';
import type { RunRecord } from '../driver.ts';
import { RESELLER } from './operations-cases.ts';
import { DOMAIN, JOHN, nextKey, orderOf, useOperationsLab } from './operations-lab.ts';
import { failure } from '../../setup/failure.ts';

const lab = useOperationsLab();

const account = subscriberAccount(JOHN.username, JOHN.domain);
const credit = (value: number): OrderContent => orderOf('SubscriberWS', 'addCredit', { ...JOHN, value });
const stepOf = (order: OrderContent) => planOperations(order)[0]!;

const given = (): readonly number[] =>
  (lab.state()['creditTransactions'] as readonly { value: number }[]).map(({ value }) => value);

const lose = (operation: string, fault: 'dropReply' | 'dropRequest'): void =>
  lab.simulator.setFaults({ rules: [{ match: { operation }, fault, times: 1 }] });

/** A first attempt whose outcome nobody knows. */
async function doubtful(value: number, fault: 'dropReply' | 'dropRequest') {
  const order = credit(value);
  const key = nextKey();
  const record: RunRecord = new Map();
  lose('addCredit', fault);
  expect(await failure(lab.driver.attempt(order, stepOf(order), record, key))).toMatchObject({ class: 'ambiguous' });
  const again = () => lab.driver.attempt(order, stepOf(order), record, key);
  return { order, key, record, again };
}

const ctxWith = (order: OrderContent, record: RunRecord, shared: Partial<SharedWork>) => {
  const ctx = lab.driver.contextOf(order, stepOf(order), record, nextKey()) as StepContext<SippulseClient>;
  return { ...ctx, shared: { ...ctx.shared, ...shared } };
};

describe('credit', () => {
  it.each(['dropReply', 'dropRequest'] as const)('I3 is given once when its %s', async (fault) => {
    const { again, record } = await doubtful(12.34, fault);
    await again();
    expect(given()).toEqual([12.34]);
    expect(record.get('o1.addCredit')).toMatchObject({
      outcome: 'changed',
      result: { balanceBefore: 0, balanceAfter: 12.34 },
    });
  });

  it.each(['dropReply', 'dropRequest'] as const)(
    'is held for a person when the balance moved after a %s',
    async (fault) => {
      await lab.client.write('SubscriberWS', 'addCredit', { ...JOHN, value: 40, obs: 'before' });
      const { again } = await doubtful(10, fault);
      await lab.client.write('SubscriberWS', 'addCredit', { ...JOHN, value: -3, obs: 'somebody else' });
      const before = given();
      const error = await failure(again());
      expect(error).toMatchObject({ code: 'TURNUP_OUTCOME_UNKNOWN', class: 'conflict' });
      expect(error.detail).toContain('was 40 before');
      expect(error.detail).toContain(`is ${fault === 'dropReply' ? 47 : 37} now`);
      // Trying again is no way round.
      expect(await failure(again())).toMatchObject({ class: 'conflict' });
      expect(given()).toEqual(before);
    },
  );

  it('is held when somebody else had a turn in between, whatever the balance says', async () => {
    const { order, record } = await doubtful(10, 'dropReply');
    const ctx = ctxWith(order, record, { takeTurn: async () => 4711 });
    const error = await failure(findCredit(ctx, account, 10));
    expect(error).toMatchObject({ code: 'TURNUP_OUTCOME_UNKNOWN', class: 'conflict' });
    expect(error.detail).toContain('somebody else was given a turn in between');
    expect(given()).toEqual([10]);
  });

  it('waits for its turn', async () => {
    const order = credit(1);
    let polls = 0;
    const ctx = ctxWith(order, new Map(), { takeTurn: async () => (++polls < 3 ? null : 7) });
    expect(await findCredit(ctx, account, 1)).toEqual({ state: 'different', before: { balance: 0, turn: 7 } });
    expect(polls).toBe(3);
  });

  it('bears the key in its remark and lets others have their turn after it', async () => {
    const order = orderOf('SubscriberWS', 'addCredit', { ...JOHN, value: 5, obs: 'welcome' });
    const key = nextKey();
    await lab.driver.run(order, key);
    const [first] = lab.state()['creditTransactions'] as readonly { obs: string }[];
    expect(first?.obs).toBe(`welcome [${key}]`);
    const other = credit(6);
    const otherKey = nextKey();
    await lab.driver.run(other, otherKey);
    expect((lab.state()['creditTransactions'] as readonly { obs: string }[])[1]?.obs).toBe(otherKey);
  });

  it('is given although the balance cannot be read afterwards', async () => {
    const order = credit(8);
    const ctx = ctxWith(order, new Map(), {});
    const finding = await findCredit(ctx, account, 8);
    lab.simulator.setFaults({ rules: [{ match: { operation: 'retrieveCredit' }, fault: 'dropReply' }] });
    expect(await giveCredit(ctx, account, { value: 8 }, finding as never)).toEqual({
      balanceBefore: 0,
      balanceAfter: null,
    });
    expect(given()).toEqual([8]);
  });

  it.each(['dropReply', 'dropRequest'] as const)('I4 undo takes it back once when its %s', async (fault) => {
    const order = credit(9);
    const key = nextKey();
    const record = await lab.driver.run(order, key);
    lose('addCredit', fault);
    await failure(lab.undo(order, key, record));
    await lab.undo(order, key, record);
    await lab.undo(order, key, record);
    expect(given()).toEqual([9, -9]);
  });

  it('I4 undo of one that somebody has spent from is held for a person', async () => {
    const order = credit(9);
    const key = nextKey();
    const record = await lab.driver.run(order, key);
    await lab.client.write('SubscriberWS', 'addCredit', { ...JOHN, value: -2, obs: 'a call' });
    expect(await failure(lab.undo(order, key, record))).toMatchObject({ class: 'conflict' });
    expect(given()).toEqual([9, -2]);
  });

  it('of a reseller is told by its name, read by its id, and refused for one that is not there', async () => {
    const args = { resellerName: RESELLER.name, domain: DOMAIN, value: 20 };
    const order = orderOf('ResellerWS', 'addResellerCredit', args);
    expect(await failure(lab.driver.run(order, nextKey()))).toMatchObject({ code: 'TURNUP_REFERENCE_UNKNOWN' });
    await lab.client.write('ResellerWS', 'insertReseller', {
      reseller: { ...RESELLER, name: 'another', username: 'x' },
    });
    await lab.client.write('ResellerWS', 'insertReseller', { reseller: RESELLER });
    const record = await lab.driver.run(order, nextKey());
    expect(record.get('o1.addResellerCredit')?.result).toEqual({ balanceBefore: 0, balanceAfter: 20 });
  });
});
