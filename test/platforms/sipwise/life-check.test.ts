import { describe, expect, it } from 'vitest';
import type { OrderContent, SubscriberOrder, TargetSettings } from '../../../src/platforms/port.ts';
import { sipwise } from '../../../src/platforms/sipwise/index.ts';
import type { SipwiseSettings } from '../../../src/platforms/sipwise/settings.ts';
import { bare, further, named } from './further.ts';
import { modifying, moving } from './life-lab.ts';
import { order, subscriber } from './orders.ts';

const SETTINGS = {} as TargetSettings<SipwiseSettings>;

const faultsOf = (content: OrderContent): Record<string, string> =>
  Object.fromEntries(sipwise.check(content, SETTINGS, null).map(({ path, message }) => [path.join('.'), message]));

const born = order([subscriber({ webUsername: 'web' }), subscriber({ id: 's2' })]);
const ofSubscriber = (more: Partial<SubscriberOrder>, cleared: string[] = []) =>
  faultsOf(modifying(born, more, cleared));
const ofCustomer = (customer: Partial<OrderContent['customer']>, cleared: string[] = []) =>
  faultsOf(further(born, 'modify', { customer: { externalId: 'C-1', native: {}, ...customer }, cleared }));

describe('I12 the door for changes', () => {
  it('takes part of a contact, and asks for no mail address', () => {
    expect(ofCustomer({ contact: { firstName: 'Jane' } }, ['customer.contact.phone'])).toEqual({});
    expect(ofCustomer({ contact: { street: 'Ring' } }, ['customer.contact.houseNumber'])).toEqual({});
    expect(ofCustomer({}, ['customer.contact.houseNumber', 'customer.contact.street'])).toEqual({});
  });

  it('tells what of a contact cannot be cleared or held', () => {
    const cleared = ['email', 'houseNumber', 'district', 'state'].map((member) => `customer.contact.${member}`);
    expect(ofCustomer({ contact: { complement: 'x', country: 'at' } }, cleared)).toEqual({
      'customer.contact.complement': 'has no field on this platform',
      'customer.contact.country': 'must be a two-letter country code in upper case',
      'customer.contact.email': 'is required by the platform and cannot be cleared',
      'customer.contact.district': 'has no field on this platform',
      'customer.contact.state': 'has no field on this platform',
      'customer.contact.houseNumber': 'needs a street: the platform has one field for both',
    });
    expect(ofCustomer({ contact: { houseNumber: '7' } })).toHaveProperty(['customer.contact.houseNumber']);
  });

  it('takes the fields of a customer that can change, null where it clears', () => {
    const native = {
      max_subscribers: null,
      vat_rate: 20,
      invoice_template_id: null,
      contact: { faxnumber: null, gpp1: 'x' },
    };
    expect(ofCustomer({ native, billingProfile: 'gold' })).toEqual({});
  });

  it('tells what of a customer is fixed or changed otherwise', () => {
    const native = { type: 'pbxaccount', status: 'locked', profile_package_id: 3, nope: 1, contact: { gpp0: 'x' } };
    expect(ofCustomer({ native, billingProfile: 'no handle' })).toEqual({
      'customer.billingProfile': expect.stringContaining('handle'),
      'customer.native.type': 'cannot be changed once the customer is made',
      'customer.native.status': 'is changed by suspend, resume and terminate orders',
      'customer.native.profile_package_id': expect.stringContaining('cannot be changed'),
      'customer.native.nope': 'is not a field that the platform takes here',
      'customer.native.contact.gpp0': 'is not a field that the platform takes here',
    });
  });

  it('takes everything of a subscriber that can be cleared', () => {
    const all = ['externalId', 'webUsername', 'webPassword', 'number', 'aliases', 'callForwards', 'voicemail.email'];
    const native = { email: null, timezone: null, profile_set_id: null, profile_id: 7, lock: null };
    expect(ofSubscriber({ native, preferences: { cli: null } }, all)).toEqual({});
  });

  it('tells what of a subscriber cannot', () => {
    expect(ofSubscriber({ native: { is_pbx_pilot: true, lock: 9 } }, ['preferences', 'voicemail'])).toEqual({
      'subscribers.0.preferences': expect.stringContaining('cannot be cleared as a whole'),
      'subscribers.0.voicemail': expect.stringContaining('voicemail.email can be cleared'),
      'subscribers.0.native.is_pbx_pilot': 'is not a field that the platform takes here',
      'subscribers.0.native.lock': expect.any(String),
    });
  });

  it('does not take the user name for the name of the self-care login, as it does for new subscribers', () => {
    const [one, two] = born.subscribers.map((each) => bare(each, { username: 'same', domain: 'sip.example.com' }));
    const pair = (more: Partial<SubscriberOrder>) =>
      faultsOf(
        further(born, 'modify', {
          subscribers: [
            { ...one!, ...more },
            { ...two!, domain: 'other.example.com' },
          ],
        }),
      );
    expect(pair({ webUsername: 'same' })).toEqual({});
    const both = [one!, { ...two!, username: 'else' }].map((each) => ({ ...each, webUsername: 'same' }));
    expect(faultsOf(further(born, 'modify', { subscribers: both }))).toEqual({
      'subscribers.1.webUsername': 'is also the web user name of subscribers.0',
    });
  });

  it('tells who in a move could not be', () => {
    const content = moving(born, { cc: '43', ac: '', sn: '12x' }, born);
    const [move] = content.moves!;
    const wrong = {
      ...move!,
      from: { customer: '$null', username: 'a b', domain: 'x_y' },
      to: { username: '.a', domain: 'ok.at' },
    };
    expect(Object.keys(faultsOf({ ...content, moves: [wrong] }))).toEqual([
      'moves.0.number',
      'moves.0.from.customer.externalId',
      'moves.0.from.username',
      'moves.0.from.domain',
      'moves.0.to.username',
    ]);
    expect(faultsOf(moving(born, { cc: '43', ac: '', sn: '12' }, born))).toEqual({});
  });

  it.each(['suspend', 'resume', 'terminate'] as const)('tells whom a %s order could not name', (action) => {
    const [one] = born.subscribers;
    expect(faultsOf(further(born, action, { subscribers: [named(one!)] }))).toEqual({});
    const wrong = further(born, action, { subscribers: [{ ...named(one!), username: 'a b', domain: '-' }] });
    expect(Object.keys(faultsOf({ ...wrong, customer: { externalId: ' x', native: {} } }))).toEqual([
      'customer.externalId',
      'subscribers.0.username',
      'subscribers.0.domain',
    ]);
  });
});

describe('the plan', () => {
  const idsOf = (content: OrderContent) => sipwise.plan(content).map(({ id, class: of }) => `${id} ${of}`);

  it('of a modification looks for the customer and the subscribers, and changes what is named', () => {
    expect(idsOf(modifying(born, { password: 'x' }))).toEqual([
      'customer compensatable',
      's1.subscriber compensatable',
    ]);
    expect(idsOf(further(born, 'modify', { cleared: ['customer.contact.phone'] }))).toEqual([
      'customer compensatable',
      'contact compensatable',
    ]);
    const all = { callForwards: {}, voicemail: { email: 'a@b.cc' }, webPassword: 'x', native: { lock: 1 } };
    expect(idsOf(modifying(born, all, ['callForwards']))).toEqual([
      'customer compensatable',
      's1.subscriber compensatable',
      's1.callForwards compensatable',
      's1.voicemail compensatable',
      's1.lock compensatable',
      's1.webPassword pivot',
    ]);
  });

  it('of moves has one line, one after the other', () => {
    const content = moving(born, { cc: '43', ac: '', sn: '12' }, born);
    const [move] = content.moves!;
    const steps = sipwise.plan({ ...content, moves: [move!, { ...move!, id: 'm2' }] });
    expect(steps.map(({ id, line, needs }) => ({ id, line, needs }))).toEqual([
      { id: 'customer', line: undefined, needs: [] },
      { id: 'm1.numberMove', line: 'moves', needs: ['customer'] },
      { id: 'm2.numberMove', line: 'moves', needs: ['m1.numberMove'] },
    ]);
  });

  it('puts subscribers whose numbers move into the line of the moves, what has no way back at its end', () => {
    const [one, two] = born.subscribers;
    const giver = order([subscriber()]);
    const mover = { ...bare(one!), username: one!.username.toUpperCase(), webPassword: 'x', native: { lock: 1 } };
    const content = { ...moving(born, { cc: '43', ac: '', sn: '12' }, giver), subscribers: [mover, bare(two!)] };
    expect(sipwise.plan(content).map(({ id, line, needs }) => `${id} ${line} ${needs.join()}`)).toEqual([
      'customer undefined ',
      's2.subscriber undefined customer',
      's1.subscriber moves customer',
      's1.lock moves s1.subscriber',
      'm1.numberMove moves s1.lock',
      's1.webPassword moves m1.numberMove',
    ]);
  });

  it('of a termination looks at all before the first is removed, in one line', () => {
    const steps = sipwise.plan(further(born, 'terminate', { subscribers: born.subscribers.map(named) }));
    expect(steps.map(({ id, line, class: of }) => `${id} ${line} ${of}`)).toEqual([
      's1.ownership termination compensatable',
      's2.ownership termination compensatable',
      's1.subscriber termination pivot',
      's2.subscriber termination retriable',
    ]);
  });
});
