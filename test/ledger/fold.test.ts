import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DoneOrder } from '../../src/ledger/done.ts';
import { isSuspended, nameOf, type LedgerEntry } from '../../src/ledger/entry.ts';
import { fold, touchedBy } from '../../src/ledger/fold.ts';
import type { NumberMove, Subscriber } from '../../src/orders/model/order.ts';

const number = (sn: string) => ({ cc: '43', ac: '', sn });
const DOMAIN = 'sip.example.com';

const subscriber = (username: string, more: Partial<Subscriber> = {}): Subscriber => ({
  id: `id-${username}`,
  username,
  domain: DOMAIN,
  aliases: [],
  native: {},
  ...more,
});

function order(more: Partial<DoneOrder> = {}): DoneOrder {
  return {
    id: 'o-1',
    action: 'provision',
    target: 'lab',
    customer: { externalId: 'C-1', native: {} },
    customerId: 'C-1',
    keepsCustomers: true,
    namesSubscribers: (more.subscribers ?? []).length > 0,
    subscribers: [],
    created: new Set((more.subscribers ?? []).map(({ id }) => id)),
    moves: [],
    cleared: new Set(),
    leftAlone: new Set(),
    ...more,
  };
}

/** Each order folded after the one before. */
const told = (...orders: readonly DoneOrder[]): LedgerEntry | null =>
  orders.reduce<LedgerEntry | null>((entry, one) => fold(entry, one, 'C-1'), null);

const john = (entry: LedgerEntry | null) => entry?.subscribers[`john@${DOMAIN}`];

describe('a provision order', () => {
  it('tells all of a new subscriber, its numbers whole, and no secret', () => {
    const one = subscriber('John', {
      externalId: 'S-1',
      password: 'secret-1',
      webUsername: 'john',
      webPassword: 'secret-2',
      number: number('1'),
      voicemail: { pin: '4711', email: 'j@example.com' },
      callForwards: { busy: { destinations: [{ to: 'voicemail' }] } },
      preferences: { x: true },
    });
    const customer = {
      externalId: 'C-1',
      contact: { email: 'c@example.com' },
      billingProfile: 'default',
      native: { a: 1 },
    };
    expect(told(order({ customer, subscribers: [one] }))).toEqual({
      customer: { contact: { email: 'c@example.com' }, billingProfile: 'default', native: { a: 1 } },
      subscribers: {
        [`john@${DOMAIN}`]: {
          username: 'John',
          domain: DOMAIN,
          created: true,
          externalId: 'S-1',
          webUsername: 'john',
          number: number('1'),
          aliases: [],
          voicemail: { email: 'j@example.com' },
          callForwards: { busy: { destinations: [{ to: 'voicemail' }] } },
          preferences: { x: true },
        },
      },
    });
  });

  it('leaves the customer and the other subscribers as they were told before', () => {
    const customer = { externalId: 'C-1', contact: { email: 'c@example.com', city: 'Wien' }, native: {} };
    const entry = told(
      order({ customer, subscribers: [subscriber('john')] }),
      order({ customer: { externalId: 'C-1', native: {} }, subscribers: [subscriber('bob')] }),
    );
    expect(entry?.customer).toEqual({ contact: { email: 'c@example.com', city: 'Wien' } });
    expect(Object.keys(entry!.subscribers)).toEqual([`john@${DOMAIN}`, `bob@${DOMAIN}`]);
  });

  it('of a subscriber that was there tells what it names, and nothing of what it may have had besides', () => {
    const given = {
      number: number('1'),
      aliases: [number('2')],
      preferences: { x: 1 },
      native: { list: ['a'], one: 1 },
    };
    const adopting = order({ created: new Set(), subscribers: [subscriber('john', given)] });
    expect(john(told(adopting))).toEqual({
      username: 'john',
      domain: DOMAIN,
      number: number('1'),
      preferences: { x: 1 },
      native: { one: 1 },
    });
    const made = order({
      subscribers: [subscriber('john', { aliases: [number('3')], native: { list: ['b'], two: 2 } })],
    });
    expect(john(told(made, adopting))).toMatchObject({
      created: true,
      number: number('1'),
      aliases: [number('3'), number('2')],
      native: { one: 1, two: 2 },
    });
  });

  it('does not tell what the target had otherwise and was left alone', () => {
    const customer = {
      externalId: 'C-1',
      contact: { email: 'new@example.com', city: 'Wien' },
      billingProfile: 'b',
      native: {},
    };
    const leftAlone = new Set(['customer.contact.email', 'customer.billingProfile', 'subscribers.id-john.webUsername']);
    const before = order({ customer: { ...customer, contact: { email: 'old@example.com' }, billingProfile: 'a' } });
    const entry = told(
      before,
      order({ customer, leftAlone, subscribers: [subscriber('john', { webUsername: 'jj' })] }),
    );
    expect(entry?.customer).toEqual({ contact: { email: 'old@example.com', city: 'Wien' }, billingProfile: 'a' });
    expect(john(entry)).not.toHaveProperty('webUsername');
  });
});

describe('a modify order', () => {
  const first = order({
    customer: { externalId: 'C-1', contact: { email: 'c@example.com', phone: '+431' }, native: { a: 1 } },
    subscribers: [
      subscriber('john', {
        externalId: 'S-1',
        number: number('1'),
        aliases: [number('2')],
        callForwards: {
          busy: { destinations: [{ to: 'voicemail' }] },
          noAnswer: { destinations: [{ to: 'voicemail' }] },
        },
        preferences: { x: 1, y: 2 },
        voicemail: { email: 'j@example.com' },
        native: { n: 1 },
      }),
    ],
  });
  const modify = (one: Partial<Subscriber>, ...cleared: string[]) =>
    john(
      told(
        first,
        order({
          action: 'modify',
          subscribers: [subscriber('john', one)],
          cleared: new Set(cleared.map((path) => `subscribers.id-john.${path}`)),
        }),
      ),
    );

  it('changes what it names, and nothing else', () => {
    const before = john(told(first));
    expect(modify({ preferences: { y: null, z: 3 } })).toEqual({ ...before, preferences: { x: 1, y: null, z: 3 } });
    expect(modify({ callForwards: { busy: null } })).toEqual({
      ...before,
      callForwards: { busy: null, noAnswer: { destinations: [{ to: 'voicemail' }] } },
    });
    expect(modify({ aliases: [number('3')] })).toEqual({ ...before, aliases: [number('3')] });
    expect(modify({ number: number('9'), native: { m: 2 } })).toEqual({
      ...before,
      number: number('9'),
      native: { n: 1, m: 2 },
    });
  });

  it('clears what it says is to be cleared', () => {
    const before = john(told(first));
    expect(modify({}, 'externalId', 'number', 'aliases', 'callForwards', 'preferences', 'voicemail.email')).toEqual({
      ...before,
      externalId: null,
      number: null,
      aliases: [],
      callForwards: null,
      preferences: null,
      voicemail: { email: null },
    });
    expect(modify({}, 'voicemail')).toEqual({ ...before, voicemail: null });
    const entry = told(first, order({ action: 'modify', cleared: new Set(['customer.contact.phone']) }));
    expect(entry?.customer).toEqual({ contact: { email: 'c@example.com', phone: null }, native: { a: 1 } });
  });

  it('tells of a subscriber that was not known before only what it names', () => {
    const entry = told(order({ action: 'modify', subscribers: [subscriber('john', { preferences: { x: 1 } })] }));
    expect(john(entry)).toEqual({ username: 'john', domain: DOMAIN, preferences: { x: 1 } });
  });
});

describe('a move of a number', () => {
  const move = (from: string, to: string, sn: string, customer = 'C-1'): NumberMove => ({
    id: `m-${sn}`,
    number: number(sn),
    from: { customer, username: from, domain: DOMAIN },
    to: { username: to, domain: DOMAIN },
  });
  const both = order({
    subscribers: [
      subscriber('john', { number: number('1'), aliases: [number('2')] }),
      subscriber('bob', { number: number('5') }),
    ],
  });

  it('takes it from the one, primary or alias, and makes it an alias of the other', () => {
    const entry = told(both, order({ action: 'modify', moves: [move('john', 'bob', '1'), move('john', 'bob', '2')] }));
    expect(john(entry)).toMatchObject({ number: null, aliases: [] });
    expect(entry?.subscribers[`bob@${DOMAIN}`]).toMatchObject({
      number: number('5'),
      aliases: [number('1'), number('2')],
    });
  });

  it('between two customers changes the entries of both', () => {
    const giver = told(both);
    const moving = order({
      action: 'modify',
      customer: { externalId: 'C-2', native: {} },
      customerId: 'C-2',
      moves: [move('john', 'eve', '2')],
    });
    expect([...touchedBy(moving)]).toEqual([
      ['C-2', [`eve@${DOMAIN}`]],
      ['C-1', [`john@${DOMAIN}`]],
    ]);
    expect(john(fold(giver, moving, 'C-1'))).toMatchObject({ number: number('1'), aliases: [] });
    const receiver = fold(null, order({ customerId: 'C-2', subscribers: [subscriber('eve')] }), 'C-2');
    expect(fold(receiver, moving, 'C-2')?.subscribers[`eve@${DOMAIN}`]?.aliases).toEqual([number('2')]);
  });
});

describe('suspend and resume', () => {
  const both = order({ subscribers: [subscriber('john'), subscriber('bob')] });
  const act = (action: 'suspend' | 'resume', ...names: string[]) =>
    order({ action, subscribers: names.map((name) => subscriber(name)) });
  const states = (entry: LedgerEntry | null) =>
    Object.values(entry!.subscribers).map((one) => isSuspended(entry!, one));

  it('of one subscriber say nothing of the others', () => {
    expect(states(told(both, act('suspend', 'john')))).toEqual([true, undefined]);
  });

  it('of the whole customer end what was said of single ones', () => {
    expect(states(told(both, act('resume', 'john'), act('suspend')))).toEqual([true, true]);
    expect(states(told(both, act('suspend'), act('resume', 'john')))).toEqual([false, true]);
    expect(states(told(both, act('suspend', 'john'), act('resume')))).toEqual([false, false]);
  });
});

describe('a terminate order', () => {
  const both = order({ subscribers: [subscriber('john'), subscriber('bob')] });

  it('takes away those it names, or all', () => {
    const one = told(both, order({ action: 'terminate', subscribers: [subscriber('JOHN')] }));
    expect(Object.keys(one!.subscribers)).toEqual([`bob@${DOMAIN}`]);
    expect(told(both, order({ action: 'terminate' }))).toBeNull();
  });

  it('of which nothing was done takes nothing away', () => {
    const closed = order({ action: 'terminate', customer: null });
    expect(told(both, closed)).toEqual(told(both));
    expect(told(both, order({ action: 'terminate', customer: null, namesSubscribers: true }))).toEqual(told(both));
  });
});

/* Orders of all actions over a few names and numbers. */
const name = fc.constantFrom('ann', 'bob', 'eve');
const sn = fc.constantFrom('1', '2', '3', '4').map(number);
const members = fc.dictionary(fc.constantFrom('x', 'y'), fc.constantFrom(1, 'a', null), { maxKeys: 2 });
const wanted = fc
  .record(
    {
      number: sn,
      aliases: fc.uniqueArray(sn, { maxLength: 2, selector: (one) => one.sn }),
      preferences: members,
      native: members,
    },
    { requiredKeys: [] },
  )
  .chain((more) => name.map((username) => subscriber(username, more as Partial<Subscriber>)));
const moves = fc.uniqueArray(
  fc.record({
    number: sn,
    from: fc.record({ customer: fc.constantFrom('C-1', 'C-2'), username: name, domain: fc.constant(DOMAIN) }),
    to: fc.record({ username: fc.constant('zoe'), domain: fc.constant(DOMAIN) }),
  }),
  { maxLength: 2, selector: (move) => move.number.sn },
);
const done = fc
  .record({
    action: fc.constantFrom('provision', 'modify', 'suspend', 'resume', 'terminate'),
    subscribers: fc.uniqueArray(wanted, { maxLength: 3, selector: (one) => one.username }),
    moves,
    contact: members,
    clears: fc.subarray(['externalId', 'aliases', 'number', 'preferences', 'voicemail.email']),
    customerDone: fc.boolean(),
  })
  // The door refuses an order that changes the same numbers twice.
  .map(({ subscribers, moves: moving, ...more }) => ({
    ...more,
    moves: more.action === 'modify' ? moving : [],
    subscribers: subscribers.map(({ number: primary, ...one }) =>
      more.action === 'modify' && moving.length > 0
        ? { ...one, aliases: [] }
        : { ...one, ...(primary && { number: primary }) },
    ),
  }))
  .map(({ action, subscribers, moves: moving, contact, clears, customerDone }) =>
    order({
      action,
      subscribers: customerDone ? subscribers : [],
      namesSubscribers: subscribers.length > 0 || action === 'provision',
      moves: moving.map((move, at) => ({ ...move, id: `m${at}` })),
      customer: customerDone ? { externalId: 'C-1', contact, native: {} } : null,
      cleared: new Set(
        action === 'modify' ? subscribers.flatMap(({ id }) => clears.map((path) => `subscribers.${id}.${path}`)) : [],
      ),
    }),
  );
const history = fc.array(done, { maxLength: 6 });

describe('whatever was told before', () => {
  it('the same order told again changes nothing', () => {
    fc.assert(
      fc.property(history, done, (before, one) => {
        const once = told(...before, one);
        expect(fold(once, one, 'C-1')).toEqual(once);
      }),
    );
  });

  it('an order changes only what it touches, and needs to see no more', () => {
    fc.assert(
      fc.property(history, done, (before, one) => {
        const entry = told(...before);
        const touched = touchedBy(one).get('C-1')!;
        if (!entry || touched === 'all') return;
        const some = (of: LedgerEntry, isIn: boolean) =>
          Object.fromEntries(Object.entries(of.subscribers).filter(([key]) => touched.includes(key) === isIn));
        const whole = fold(entry, one, 'C-1')!;
        expect(some(whole, false)).toEqual(some(entry, false));
        expect(fold({ ...entry, subscribers: some(entry, true) }, one, 'C-1')).toEqual({
          ...whole,
          subscribers: some(whole, true),
        });
      }),
    );
  });

  it('nothing that was read is changed in place', () => {
    fc.assert(
      fc.property(history, done, (before, one) => {
        const entry = told(...before);
        const copy = structuredClone(entry);
        fold(entry, one, 'C-1');
        expect(entry).toEqual(copy);
      }),
    );
  });

  it('a terminated subscriber is gone, and a number that was moved away is nowhere else', () => {
    fc.assert(
      fc.property(history, done, (before, one) => {
        const after = told(...before, one);
        if (one.action === 'terminate')
          for (const gone of one.subscribers) expect(after?.subscribers[nameOf(gone)]).toBeUndefined();
        for (const { number: moved, from } of one.moves) {
          const giver = from.customer === 'C-1' ? after?.subscribers[nameOf(from)] : undefined;
          expect([giver?.number, ...(giver?.aliases ?? [])]).not.toContainEqual(moved);
        }
      }),
    );
  });
});
