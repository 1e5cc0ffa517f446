import { describe, expect, test } from 'vitest';
import type { PlannedStepView, PlanView } from '../../flows/rehearsal/view.ts';
import type { Finding } from '../../src/audits/audit.ts';
import { bearable, withoutUnaudited } from '../../src/audits/bearable.ts';
import { judge } from '../../src/audits/judge.ts';
import { repairOrder } from '../../src/audits/repair.ts';
import { modifyOrder } from '../../src/audits/wanted.ts';
import type { Fault } from '../../src/errors/index.ts';
import type { LedgerEntry, LedgerSubscriber } from '../../src/ledger/entry.ts';
import { parseOrder, toPosted, type Order } from '../../src/orders/model/index.ts';

const DOMAIN = 'sip.example.com';
const number = (sn: string) => ({ cc: '43', ac: '', sn });
const busy = { destinations: [{ to: 'voicemail' }] };

const JOHN: LedgerSubscriber = {
  username: 'john',
  domain: DOMAIN,
  created: true,
  externalId: null,
  number: number('98760001'),
  aliases: [],
  callForwards: { busy, noAnswer: null },
  preferences: { x: 1, y: null },
  voicemail: { email: null },
  native: { a: 1 },
};
const BOB: LedgerSubscriber = { username: 'bob', domain: DOMAIN, aliases: [number('98760002')], callForwards: null };
const ENTRY: LedgerEntry = {
  customer: { contact: { email: 'c@example.com', phone: null }, billingProfile: 'default', native: { n: true } },
  subscribers: { [`bob@${DOMAIN}`]: BOB, [`john@${DOMAIN}`]: JOHN },
};
const PLACE = { target: 'lab', customer: 'C-1' };
const whole = (): Order => modifyOrder(PLACE, ENTRY, [JOHN, BOB]);

/** As the intake reads it. */
function taken(order: Order): Order {
  const parsed = parseOrder(toPosted({ ...order, externalId: 'audit-1' }), {
    now: new Date(),
    areaCodes: () => [],
    maxSubscribers: 10,
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return { ...parsed.order, externalId: order.externalId };
}

const ordered = (order: Order): Order => ({ ...order, ...(order.cleared && { cleared: order.cleared.toSorted() }) });

describe('the order of an entry', () => {
  test('names all that was told, clears what was told to be nothing, and is one that the door takes', () => {
    const order = whole();
    expect(order.cleared?.toSorted()).toEqual([
      'customer.contact.phone',
      'subscribers.s1.aliases',
      'subscribers.s1.externalId',
      'subscribers.s1.voicemail.email',
      'subscribers.s2.callForwards',
    ]);
    expect(order).toMatchObject({
      action: 'modify',
      customer: { externalId: 'C-1', contact: { email: 'c@example.com' }, billingProfile: 'default' },
      subscribers: [
        {
          id: 's1',
          number: number('98760001'),
          callForwards: { busy, noAnswer: null },
          preferences: { x: 1, y: null },
        },
        { id: 's2', aliases: [number('98760002')] },
      ],
    });
    expect(ordered(taken(order))).toEqual(ordered(order));
  });
});

describe('what a repair names', () => {
  const found = (subscriber: 'john' | 'bob' | null, members: string[], more: Partial<Finding> = {}): Finding => ({
    customer: 'C-1',
    subscriber: subscriber === null ? null : { username: subscriber, domain: DOMAIN },
    state: 'differs',
    members,
    why: null,
    order: null,
    ...more,
  });
  const repair = (...findings: Finding[]): Order | undefined => repairOrder(whole(), findings)?.order;

  test('is what differs, and nothing else', () => {
    const order = repair(
      found('john', ['callForwards.noAnswer', 'preferences.y', 'aliases', 'voicemail.email', 'externalId']),
      found(null, ['customer.contact.phone', 'customer.billingProfile']),
    )!;
    expect(order.cleared?.toSorted()).toEqual([
      'customer.contact.phone',
      'subscribers.s1.aliases',
      'subscribers.s1.externalId',
      'subscribers.s1.voicemail.email',
    ]);
    expect({ ...order, cleared: [] }).toEqual({
      externalId: 'audit',
      target: 'lab',
      onFailure: 'hold',
      operations: [],
      action: 'modify',
      customer: { externalId: 'C-1', native: {}, billingProfile: 'default' },
      subscribers: [
        {
          id: 's1',
          username: 'john',
          domain: DOMAIN,
          aliases: [],
          native: {},
          callForwards: { noAnswer: null },
          preferences: { y: null },
          voicemail: {},
        },
      ],
      cleared: [],
    });
    expect(ordered(taken(order))).toEqual(ordered(order));
  });

  test('is all of a subscriber where it is not told what differs', () => {
    const order = repair(found('john', ['subscriber']))!;
    expect(order.subscribers).toEqual([whole().subscribers[0]]);
    expect(order.cleared).toHaveLength(3);
    expect(order.customer).toEqual({ externalId: 'C-1', native: {} });
    expect(ordered(taken(order))).toEqual(ordered(order));
  });

  test('is nothing of what is the same, missing, or at somebody else’s', () => {
    expect(repair()).toBeUndefined();
    expect(repair(found('john', ['aliases'], { why: 'taken' }))).toBeUndefined();
    expect(repair(found('john', [], { state: 'missing' }), found('bob', [], { state: 'same' }))).toBeUndefined();
  });

  test('is the customer’s data with the subscribers that have them, where they are theirs', () => {
    const order = repair(found('bob', ['customer.contact.email']))!;
    expect(order).toMatchObject({
      customer: { contact: { email: 'c@example.com' } },
      subscribers: [{ username: 'bob' }],
    });
    expect(order.subscribers[0]).toEqual({ id: 's2', username: 'bob', domain: DOMAIN, aliases: [], native: {} });
    expect(order.cleared).toBeUndefined();
  });
});

describe('what a platform would refuse by now', () => {
  const fault = (message: string, ...path: (string | number)[]): Fault => ({ path, message });

  test('is left out, and the rest is asked for', async () => {
    const check = async ({ customer, subscribers, cleared = [] }: Order): Promise<Fault[]> => [
      ...(customer.billingProfile ? [fault('is gone', 'customer', 'billingProfile')] : []),
      ...subscribers.flatMap(({ id, preferences = {} }, at) => [
        ...('x' in preferences ? [fault('is unknown', 'subscribers', at, 'preferences', 'x')] : []),
        ...(cleared.includes(`subscribers.${id}.aliases`) ? [fault('cannot be', 'subscribers', at, 'aliases')] : []),
      ]),
    ];
    const { order, left, fault: all } = await bearable(whole(), check);
    expect(all).toBeNull();
    expect(left.size).toBe(0);
    expect(order.customer).toEqual({ externalId: 'C-1', contact: { email: 'c@example.com' }, native: { n: true } });
    expect(order.subscribers[0]).toMatchObject({ preferences: { y: null }, number: number('98760001') });
    expect(order.cleared).not.toContain('subscribers.s1.aliases');
  });

  test('with another member that is not there goes with it, alone', async () => {
    const check = async ({ subscribers }: Order): Promise<Fault[]> =>
      subscribers[0]?.preferences && 'y' in subscribers[0].preferences
        ? [fault('is needed with y', 'subscribers', 0, 'preferences', 'z')]
        : [];
    expect((await bearable(whole(), check)).order.subscribers[0]!.preferences).toEqual({ x: 1 });
  });

  test('of one subscriber altogether keeps the others in', async () => {
    const check = async ({ subscribers }: Order): Promise<Fault[]> =>
      subscribers.flatMap(({ username }, at) =>
        username === 'john' ? [fault('is no user name', 'subscribers', at, 'username')] : [],
      );
    const { order, left } = await bearable(whole(), check);
    expect(order.subscribers.map(({ id }) => id)).toEqual(['s2']);
    expect(order.cleared?.filter((path) => path.startsWith('subscribers.s1'))).toEqual([]);
    expect([...left]).toEqual([['s1', 'subscribers.0.username is no user name']]);
  });

  test('of all leaves nothing to ask', async () => {
    const check = async (): Promise<Fault[]> => [fault('is not offered', 'action')];
    expect(await bearable(whole(), check)).toMatchObject({ fault: 'action is not offered' });
  });

  test('and what is no matter of an audit is not asked for', () => {
    const paths = ['subscribers.*.native.a', 'customer.native.n', 'subscribers.*.native.z'];
    const order = withoutUnaudited(whole(), paths);
    expect([order.customer.native, order.subscribers[0]!.native]).toEqual([{}, {}]);
    expect(order.subscribers[0]!.preferences).toEqual({ x: 1, y: null });
  });
});

describe('what steps found', () => {
  const step = (id: string, found: PlannedStepView['found'], more: Partial<PlannedStepView> = {}): PlannedStepView => ({
    id,
    kind: id.split('.').at(-1)!,
    needs: [],
    class: 'compensatable',
    calls: [],
    undo: [],
    ...(found && { found }),
    ...more,
  });
  const ERROR = { code: 'TURNUP_NUMBER_TAKEN', title: 'Taken', detail: 'by bob', hint: '' };
  const GONE = { ...ERROR, code: 'TURNUP_OBJECT_MISSING' };
  const states = (...steps: PlannedStepView[]) =>
    judge({ steps, pivot: null } satisfies PlanView, whole()).map(({ state, members, why }) => [state, members, why]);

  test('is told of the customer and of each subscriber', () => {
    expect(
      states(
        step('customer', { state: 'different', differs: ['billingProfile'] }),
        step('contact', { state: 'different' }),
        step('s1.subscriber', { state: 'unchanged' }),
        step('s1.preferences', { state: 'different', differs: ['preferences.x', 'subscribers.s1.native.a'] }),
        step('s2.subscriber', { state: 'conflict', error: ERROR }),
      ),
    ).toEqual([
      ['differs', ['customer.billingProfile', 'customer.contact'], null],
      ['differs', ['preferences.x', 'native.a'], null],
      ['differs', ['subscriber'], 'Taken: by bob'],
    ]);
  });

  test('of what is missing, refused, or hangs on it', () => {
    expect(
      states(
        step('customer', { state: 'unchanged' }),
        step('s1.subscriber', { state: 'rejected', error: GONE }),
        step('s1.preferences', { state: 'unknown' }),
        step('s2.subscriber', { state: 'rejected', error: ERROR }),
      ),
    ).toEqual([
      ['same', [], null],
      ['missing', [], null],
      ['unknown', [], 'Taken: by bob'],
    ]);
    const gone = states(
      step('customer', { state: 'rejected', error: GONE }),
      step('s1.subscriber', { state: 'unknown' }),
    );
    expect(gone.map(([state]) => state)).toEqual(['missing', 'missing', 'missing']);
  });

  test('is nothing where the target does not show it, or nobody can ask for it', () => {
    expect(
      states(
        step('s1.subscriber', { state: 'unchanged' }),
        step('s1.services', { state: 'different' }, { class: 'pivot' }),
        step('s1.reload', { state: 'different' }, { class: 'retriable' }),
        step('s2.subscriber', { state: 'adopted', differs: ['webUsername'] }),
      ),
    ).toEqual([
      ['same', [], null],
      ['differs', ['webUsername'], null],
    ]);
  });
});
