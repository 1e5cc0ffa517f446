import { describe, expect, test } from 'vitest';
import type { OrderContent, PlannedStep } from '../../../src/platforms/port.ts';
import { sippulse } from '../../../src/platforms/sippulse/index.ts';
import { planOrder } from '../../../flows/plan.ts';
import { settings } from './fixture.ts';
import { CASES, number } from './life-cases.ts';
import { bare, changeOf, firstOf, modified, moveOf, secondOf } from '../life-orders.ts';
import { world } from './life-world.ts';
import { orderOf } from './operations-lab.ts';

const SETTINGS = settings('http://127.0.0.1');
const faultsOf = (content: OrderContent): string[] =>
  sippulse.check(content, SETTINGS, null).map(({ path }) => path.join('.'));

const of = world();
const clears = (...members: string[]) => modified(of, {}, { cleared: members });
const noSubscribers = (change: Parameters<typeof changeOf>[3]) => changeOf(of.mine, 'modify', [], change);
const [contact, moves] = [{ city: 'Santos' }, [moveOf(of)]];

describe('I12 refused at the door, with its path', () => {
  test.each([
    ['suspend of a whole customer', changeOf(of.mine, 'suspend', []), ['subscribers']],
    ['resume of one', changeOf(of.mine, 'resume', []), ['subscribers']],
    ['terminate of one', changeOf(of.mine, 'terminate', []), ['subscribers']],
    ['a contact of nobody', noSubscribers({ customer: { contact } }), ['customer.contact']],
    ['a contact cleared of nobody', noSubscribers({ cleared: ['customer.contact.city'] }), ['customer.contact']],
    ['a rate plan of nobody', noSubscribers({ customer: { billingProfile: 'x' } }), ['customer.billingProfile']],
    [
      'a reseller of nobody, beside a move',
      noSubscribers({ moves, customer: { native: { reseller: { name: 'R' } } } }),
      ['customer.native.reseller'],
    ],
    ['no mail address', clears('customer.contact.email'), ['customer.contact.email']],
    ['no country', clears('customer.contact.country'), ['customer.contact.country']],
    ['no company', clears('customer.contact.company'), ['customer.contact.company']],
    ['no externalId', clears('subscribers.s1.externalId'), ['subscribers.0.externalId']],
    ['no web user', clears('subscribers.s1.webUsername'), ['subscribers.0.webUsername']],
    ['no web password', clears('subscribers.s1.webPassword'), ['subscribers.0.webPassword']],
    ['no preferences', clears('subscribers.s1.preferences'), ['subscribers.0.preferences']],
    ['no mail address of the mailbox', clears('subscribers.s1.voicemail.email'), ['subscribers.0.voicemail.email']],
    ['no group', modified(of, {}, { customer: { native: { accountGroup: null } } }), ['customer.native.accountGroup']],
    ['cps alone', modified(of, { preferences: { cps: 3 } }), ['subscribers.0.preferences.keepAlive']],
    ['keepAlive alone', modified(of, { preferences: { keepAlive: 3 } }), ['subscribers.0.preferences.cps']],
    ['what a DID has, without one', modified(of, { native: { did: { gwid: '7' } } }), ['subscribers.0.native.did']],
    ['a profile cleared', modified(of, { preferences: { profile: null } }), ['subscribers.0.preferences.profile']],
    ['another web user', modified(of, { webUsername: 'other' }), ['subscribers.0.webUsername']],
    [
      'a mail address that is none',
      modified(of, {}, { customer: { contact: { email: 'x' } } }),
      ['customer.contact.email'],
    ],
    [
      'a country that is not the number’s',
      modified(of, { number: number('30000000') }, { customer: { contact: { country: 'PT' } } }),
      ['customer.contact.country'],
    ],
    [
      'a move of a user name',
      noSubscribers({
        moves: [
          moveOf(of, { to: { username: '551130000000', domain: 'sip.example.com' }, number: number('30000000') }),
        ],
      }),
      ['moves.0.number'],
    ],
    [
      'a move of no number, from no name',
      noSubscribers({
        moves: [moveOf(of, { number: { cc: '', ac: '', sn: '' }, from: { ...moveOf(of).from, username: 'a b' } })],
      }),
      ['moves.0.number', 'moves.0.from.username'],
    ],
  ])('%s', (_, content, paths) => {
    expect(faultsOf(content)).toEqual(paths);
  });

  test.each([
    ['a contact without a mail address', modified(of, {}, { customer: { contact } })],
    ['a mail address of the mailbox without its PIN', modified(of, { voicemail: { email: 'x@example.com' } })],
    [
      'no mailbox, no forwards, no numbers',
      clears(
        'subscribers.s1.voicemail',
        'subscribers.s1.callForwards',
        'subscribers.s1.number',
        'subscribers.s1.aliases',
      ),
    ],
    ['no lists', modified(of, { native: { whiteList: null, addresses: [], locations: null } })],
    ['moves alone', noSubscribers({ moves })],
    [
      'operations alone',
      { ...orderOf('DidWS', 'deleteDid', { didId: 1, accountCode: 'a@b.example' }), action: 'modify' as const },
    ],
    [
      'a subscriber by the number that the CRM has for it',
      modified(of, { externalId: 'S-1', preferences: { callLimit: 1 } }),
    ],
  ])('but not %s', (_, content) => {
    expect(faultsOf(content)).toEqual([]);
  });
});

const lines = (plan: readonly PlannedStep[]): string[] =>
  [...Map.groupBy(plan, ({ item, line }) => line ?? item)].map(
    ([line, steps]) => `${line}: ${steps.map(({ id }) => id).join(' ')}`,
  );
const classes = (plan: readonly PlannedStep[], stepClass: string): string[] =>
  plan.filter((step) => step.class === stepClass).map(({ id }) => id);

describe('a plan', () => {
  test.each(CASES.map((one) => [one.name, one] as const))('is one that the engine can carry out: %s', (_, one) => {
    const plan = planOrder(sippulse, one.order(world()));
    expect(plan.filter((step) => step.class === 'pivot').length).toBeLessThanOrEqual(1);
  });

  test('has only steps that the order gives reason for, and those that locate', () => {
    const plan = sippulse.plan(modified(of, { preferences: { callLimit: 3 } }));
    expect(lines(plan)).toEqual(['s1: s1.subscriber s1.preferences s1.reload']);
    expect(classes(plan, 'pivot')).toEqual([]);
  });

  test('has a line for each subscriber, and one for moves', () => {
    const subscribers = [firstOf(of), secondOf(of)].map(bare);
    const plan = sippulse.plan(
      changeOf(of.mine, 'modify', subscribers, { moves: [...moves, moveOf(of, { id: 'm2' })] }),
    );
    expect(lines(plan)).toEqual([
      's1: s1.subscriber s1.reload',
      's2: s2.subscriber s2.reload',
      'moves: m1.numberMove m1.reloadNumber m2.numberMove m2.reloadNumber',
    ]);
  });

  test('puts what cannot be brought back behind all that can, of every subscriber and move', () => {
    const [one, two] = [firstOf(of), secondOf(of)].map(bare);
    const plan = sippulse.plan(
      changeOf(
        of.mine,
        'modify',
        [
          { ...one!, preferences: { active: false, callLimit: 3 } },
          { ...two!, preferences: { cps: 1, keepAlive: 1 } },
        ],
        { moves },
      ),
    );
    expect(lines(plan)).toEqual([
      'modification: s1.subscriber s1.preferences s2.subscriber m1.numberMove m1.reloadNumber s1.switches s2.services s1.reload s2.reload',
    ]);
    expect(classes(plan, 'pivot')).toEqual(['s1.switches']);
    expect(plan.find(({ id }) => id === 's1.switches')!.title).toContain('no way back');
  });

  test.each(['suspend', 'resume'] as const)('looks at all before it touches the first: %s', (action) => {
    const plan = sippulse.plan(changeOf(of.mine, action, [firstOf(of), secondOf(of)].map(bare)));
    expect(plan.map(({ id }) => id)).toEqual([
      's1.ownership',
      's2.ownership',
      's1.subscriber',
      's1.reload',
      's2.subscriber',
      's2.reload',
    ]);
    expect(classes(plan, 'pivot')).toEqual(['s1.subscriber']);
    expect(plan[2]!.title).toContain('does not tell');
  });

  test('removes what hangs on a subscriber before it, reloads last', () => {
    const plan = sippulse.plan(changeOf(of.mine, 'terminate', [bare(firstOf(of))]));
    expect(lines(plan)).toEqual([
      'termination: s1.ownership s1.numbers s1.whiteList s1.addresses s1.locations s1.huntGroups s1.accountGroup ' +
        's1.subscriber s1.reload s1.reloadDids s1.reloadAddresses s1.reloadHuntGroups',
    ]);
    expect(classes(plan, 'pivot')).toEqual(['s1.numbers']);
  });
});
