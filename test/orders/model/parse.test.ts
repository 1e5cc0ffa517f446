import { describe, expect, it } from 'vitest';
import { mergeFaults, parseOrder } from '../../../src/orders/model/index.ts';
import { ORDER_EXAMPLES } from '../../../src/orders/model/examples.ts';
import { base, move, withSubscribers, withContact, modify } from './samples.ts';
import { CONTEXT, faultsOf, mustParse, pathsOf } from './context.ts';

describe('an order in its normal form', () => {
  it('has its defaults', () => {
    expect(mustParse(base())).toEqual({
      externalId: 'CRM-1',
      target: 'graz',
      action: 'provision',
      onFailure: 'hold',
      customer: { externalId: 'C-1', native: {} },
      subscribers: [{ id: 's1', username: 'john', domain: 'sip.example.com', aliases: [], native: {} }],
      operations: [],
    });
  });

  it('has times in UTC', () => {
    const order = mustParse({ ...base(), notBefore: '2026-12-01T09:00:00+01:00', deadline: '2026-12-02T00:00:00Z' });
    expect(order).toMatchObject({ notBefore: '2026-12-01T08:00:00.000Z', deadline: '2026-12-02T00:00:00.000Z' });
  });

  it('has no empty strings in its contact, and no empty contact', () => {
    expect(
      mustParse(withContact({ firstName: 'John', company: '', country: '', email: '', phone: '' })).customer.contact,
    ).toEqual({ firstName: 'John' });
    expect(mustParse(withContact({ company: '' })).customer).not.toHaveProperty('contact');
  });

  it('names subscribers s1, s2 … past the names that are given', () => {
    const ids = (...given: (string | undefined)[]) =>
      mustParse(withSubscribers(...given.map((id) => ({ id })))).subscribers.map(({ id }) => id);
    expect(ids(undefined, undefined)).toEqual(['s1', 's2']);
    expect(ids('s2', undefined)).toEqual(['s2', 's3']);
    expect(ids(undefined, 's1')).toEqual(['s2', 's1']);
    expect(ids('s2', undefined, undefined, 's4')).toEqual(['s2', 's3', 's5', 's4']);
    expect(ids('x', undefined)).toEqual(['x', 's2']);
  });

  it('may be of operations alone', () => {
    const operations = [
      { service: 'numbers', operation: 'assign', args: { count: 5 } },
      { id: 'o1', service: 'numbers', operation: 'list' },
    ];
    expect(mustParse({ externalId: 'X', target: 'graz', operations })).toMatchObject({
      customer: { externalId: '' },
      subscribers: [],
      operations: [
        { id: 'o2', service: 'numbers', operation: 'assign', args: { count: 5 } },
        { id: 'o1', args: {} },
      ],
    });
  });

  it.each(Object.entries(ORDER_EXAMPLES))('is what the worked example %s has', (_name, example) => {
    expect(faultsOf(example.order)).toEqual([]);
  });
});

describe('a modify order', () => {
  it('tells what is to be cleared', () => {
    const order = mustParse(
      modify(
        {
          number: null,
          aliases: [],
          webPassword: null,
          voicemail: { email: null },
          preferences: { cli: null },
          callForwards: { busy: null },
        },
        { contact: { phone: null, city: 'Wien' } },
      ),
    );
    expect(order.cleared?.toSorted()).toEqual([
      'customer.contact.phone',
      'subscribers.s1.aliases',
      'subscribers.s1.number',
      'subscribers.s1.voicemail.email',
      'subscribers.s1.webPassword',
    ]);
    expect(order.customer.contact).toEqual({ city: 'Wien' });
    expect(order.subscribers[0]).toMatchObject({ preferences: { cli: null }, callForwards: { busy: null } });
    expect(order.subscribers[0]).not.toHaveProperty('number');
  });

  it('leaves alone what it does not name', () => {
    expect(mustParse(modify({ password: 'new' }))).not.toHaveProperty('cleared');
  });

  it('may move numbers alone, also from another customer', () => {
    const giver = { username: 'from', domain: 'sip.example.com' };
    const order = mustParse({
      ...base(),
      action: 'modify',
      subscribers: undefined,
      moves: [move(), { ...move(), number: '+43987710002', from: { ...giver, customer: { externalId: 'C-2' } } }],
    });
    expect(order.moves).toMatchObject([
      { id: 'm1', from: { customer: 'C-1', username: 'from' }, to: { username: 'to' } },
      { id: 'm2', from: { customer: 'C-2' }, number: { cc: '43', ac: '', sn: '987710002' } },
    ]);
  });

  it('may be of the customer alone', () => {
    expect(
      pathsOf({
        externalId: 'X',
        target: 'graz',
        action: 'modify',
        customer: { externalId: 'C', billingProfile: 'gold' },
      }),
    ).toEqual([]);
  });
});

describe('suspend, resume and terminate', () => {
  it.each(['suspend', 'resume', 'terminate'])('%s a whole customer or some subscribers', (action) => {
    expect(pathsOf({ externalId: 'X', target: 'graz', action, customer: { externalId: 'C' } })).toEqual([]);
    expect(pathsOf({ ...base(), action })).toEqual([]);
    expect(pathsOf({ externalId: 'X', target: 'graz', action })).toEqual(['customer']);
  });

  it('pass over members of a template that say nothing', () => {
    expect(
      pathsOf({
        ...withContact({ company: '' }),
        action: 'suspend',
        subscribers: [{ username: 'a', domain: 'b', aliases: [], native: {} }],
      }),
    ).toEqual([]);
  });
});

describe('the draft of a faulty order', () => {
  it('lets a platform look at the rest, and its faults join without noise', () => {
    const parsed = parseOrder(
      {
        ...base(),
        action: 'explode',
        subscribers: [{ username: 'a b', domain: 'sip.example.com', number: 'x', aliases: ['y', '+43987610001'] }],
      },
      CONTEXT,
    );
    if (parsed.ok || !parsed.draft) throw new Error('no draft');
    expect(parsed.draft.subscribers[0]).toMatchObject({
      id: 's1',
      username: 'a b',
      aliases: [
        { cc: '', ac: '', sn: '' },
        { cc: '43', ac: '', sn: '987610001' },
      ],
    });
    const merged = mergeFaults(parsed.faults, [
      { path: ['subscribers', 0, 'username'], message: 'has a space' },
      { path: ['subscribers', 0, 'number'], message: 'is required here' },
      { path: ['subscribers', 0, 'aliases', 0, 'sn'], message: 'must not be empty' },
    ]);
    expect(merged.map(({ path }) => path.join('.'))).toEqual([
      'action',
      'subscribers.0.number',
      'subscribers.0.aliases.0',
      'subscribers.0.username',
    ]);
  });
});
