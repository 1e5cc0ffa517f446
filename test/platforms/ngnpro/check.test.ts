import { describe, expect, test } from 'vitest';
import { ngnpro } from '../../../src/platforms/ngnpro/index.ts';
import type { Json, OrderContent, SubscriberOrder } from '../../../src/platforms/port.ts';
import { settings } from './fixture.ts';
import { bare, changeOf, moveOf } from '../life-orders.ts';
import { world } from './life-world.ts';
import { order, subscriber } from './orders.ts';

const SETTINGS = settings('http://127.0.0.1');
const faultsOf = (content: OrderContent): string[] =>
  ngnpro.check(content, SETTINGS, null).map(({ path, message }) => `${path.join('.')}: ${message}`);
const pathsOf = (content: OrderContent): string[] =>
  ngnpro.check(content, SETTINGS, null).map(({ path }) => path.join('.'));

const one = (more: Partial<SubscriberOrder>): OrderContent => order([subscriber(more)]);
const forwards = (callForwards: NonNullable<SubscriberOrder['callForwards']>) => one({ callForwards });
const prefer = (name: string, value: Json) => one({ preferences: { [name]: value } });
const native = (members: SubscriberOrder['native']) => one({ native: members });
const TO = { to: '+43987610001' };

describe('I12 refused at the door, with its path', () => {
  test('nothing of an order that names everything', () => {
    const { mine, other } = world();
    expect(faultsOf(mine)).toEqual([]);
    expect(faultsOf(other)).toEqual([]);
  });

  test.each([
    ['a second destination', forwards({ busy: { destinations: [TO, TO] } }), 'callForwards.busy.destinations.1'],
    ['none', forwards({ busy: { destinations: [] } }), 'callForwards.busy.destinations'],
    [
      'a time-out of a destination',
      forwards({ busy: { destinations: [{ ...TO, timeout: 5 }] } }),
      'callForwards.busy.destinations.0.timeout',
    ],
    [
      'times',
      forwards({ busy: { destinations: [TO], times: [{ days: ['mon'], from: '08:00', to: '09:00' }] } }),
      'callForwards.busy.times',
    ],
    ['no destination', forwards({ busy: { destinations: [{ to: 'fax' }] } }), 'callForwards.busy.destinations.0.to'],
    [
      'ringing too long',
      forwards({ noAnswer: { destinations: [TO], ringTimeout: 901 } }),
      'callForwards.noAnswer.ringTimeout',
    ],
    ['ringing of busy', forwards({ busy: { destinations: [TO], ringTimeout: 5 } }), 'callForwards.busy.ringTimeout'],
    ['no name', prefer('nope', true), 'preferences.nope'],
    ['a name of every object', prefer('constructor', true), 'preferences.constructor'],
    ['a wrong value', prefer('callLimit', 'many'), 'preferences.callLimit'],
    ['a switch that is no switch', prefer('free-pstn', 'yes'), 'preferences.free-pstn'],
    ['what suspend is for', prefer('groups', ['blocked']), 'preferences.groups.0'],
    ['a prefix without plus', prefer('barringPrefixes', ['43900']), 'preferences.barringPrefixes.0'],
    ['a prefix that begins with 0', prefer('barringPrefixes', ['+0900']), 'preferences.barringPrefixes.0'],
    ['whom to reject without scheme', prefer('rejectMembers', ['spam@example.net']), 'preferences.rejectMembers.0'],
    [
      'a rule at no time',
      prefer('acceptRules', { persistent: [{ start: '25:00', stop: '18:00', groups: [], days: 1 }] }),
      'preferences.acceptRules.persistent.0.start',
    ],
    ['a group and its switch', one({ preferences: { groups: ['sms'], anonymous: true } }), 'preferences.anonymous'],
    ['the same twice', one({ preferences: { callLimit: 3 }, native: { callLimit: 4 } }), 'preferences.callLimit'],
    [
      'ringing twice',
      one({ preferences: { timeout: 20 }, callForwards: { noAnswer: { destinations: [TO], ringTimeout: 30 } } }),
      'preferences.timeout',
    ],
    ['a PIN that cannot be dialled', one({ voicemail: { pin: '47a1' } }), 'voicemail.pin'],
    ['no mail address', one({ voicemail: { email: 'nobody' } }), 'voicemail.email'],
    ['a web name', one({ webUsername: 'john' }), 'webUsername'],
    ['a web password', one({ webPassword: 'Zx9-kq!vB72mm' }), 'webPassword'],
    ['a user name that the platform makes up', one({ username: '<autoincrement>' }), 'username'],
    ['a user name with a colon', one({ username: 'a:b' }), 'username'],
    ['a user name with a wildcard', one({ username: 'a%b' }), 'username'],
    ['no domain', one({ domain: 'not a domain' }), 'domain'],
    ['a password too long', one({ password: 'x'.repeat(66) }), 'password'],
    ['an unknown member', native({ nope: 1 }), 'native.nope'],
    ['a member of every object', native({ constructor: 1 }), 'native.constructor'],
    ['an address that is none', native({ acl: [{ ip: '1.2.3', mask: 32 }] }), 'native.acl.0.ip'],
    ['no mapping', native({ enumMappings: [] }), 'native.enumMappings'],
    ['an unknown member of the mailbox', native({ voicemail: { pin: '1' } }), 'native.voicemail.pin'],
    ['nothing cleared but in a modify order', native({ region: null }), 'native.region'],
  ])('%s', (_, content, path) => {
    expect(pathsOf(content)).toEqual([`subscribers.0.${path}`]);
  });

  test.each([
    ['no mail address', { contact: { firstName: 'A' } }, 'contact.email'],
    ['a wrong one', { contact: { email: 'nobody' } }, 'contact.email'],
    ['no telephone number', { contact: { email: 'a@example.com', phone: 'call me' } }, 'contact.phone'],
    ['spaces around a text', { contact: { email: 'a@example.com', city: ' Wien' } }, 'contact.city'],
    ['an unknown member', { native: { nope: 1 } }, 'native.nope'],
    [
      'a domain twice',
      { native: { domains: [{ domain: 'a.example' }, { domain: 'A.example' }] } },
      'native.domains.1.domain',
    ],
    [
      'an unknown member of a domain',
      { native: { domains: [{ domain: 'a.example', owner: 1 }] } },
      'native.domains.0.owner',
    ],
    ['a billing profile too long', { billingProfile: 'x'.repeat(65) }, 'billingProfile'],
  ])('of the customer: %s', (_, customer, path) => {
    expect(pathsOf(order([subscriber()], customer))).toEqual([`customer.${path}`]);
  });

  const of = world();
  const modify = (more: object, subscribers: SubscriberOrder[] = []) => changeOf(of.mine, 'modify', subscribers, more);
  const [first] = of.mine.subscribers;
  const s1 = bare(first!);

  test.each([
    ['part of an address', modify({ customer: { contact: { houseNumber: '3' } } }), 'customer.contact.street'],
    ['part of an address cleared', modify({ cleared: ['customer.contact.complement'] }), 'customer.contact.street'],
    ['no mail address', modify({ cleared: ['customer.contact.email'] }), 'customer.contact.email'],
    ['a password of the customer', modify({ customer: { native: { password: 'x' } } }), 'customer.native.password'],
    ['all preferences', modify({ cleared: ['subscribers.s1.preferences'] }, [s1]), 'subscribers.0.preferences'],
    ['a web name', modify({ cleared: ['subscribers.s1.webUsername'] }, [s1]), 'subscribers.0.webUsername'],
    [
      'mappings of no numbers',
      modify({}, [{ ...s1, native: { enumMappings: [{ type: 'sip', mapto: 'sip:a@b' }] } }]),
      'subscribers.0.native.enumMappings',
    ],
    [
      'a user name that is to move',
      modify({
        moves: [
          moveOf(of, {
            number: { cc: '43', ac: '', sn: '987600' },
            to: { username: '43987600', domain: 'sip.example.com' },
          }),
        ],
      }),
      'moves.0.number',
    ],
    [
      'nobody to move to',
      modify({ moves: [moveOf(of, { to: { username: 'a b', domain: 'sip.example.com' } })] }),
      'moves.0.to.username',
    ],
  ])('of a modify order: %s', (_, content, path) => {
    expect(pathsOf(content)).toEqual([path]);
  });

  test('members that a modify order clears are taken', () => {
    const cleared = modify({ customer: { native: { companyCode: null } } }, [
      { ...s1, native: { region: null, groups: null, voicemail: { info: null } }, preferences: { callLimit: null } },
    ]);
    expect(faultsOf(cleared)).toEqual([]);
  });

  test('whom to suspend, resume or terminate', () => {
    for (const action of ['suspend', 'resume', 'terminate'] as const) {
      expect(faultsOf(changeOf(of.mine, action, []))).toEqual([]);
      expect(pathsOf(changeOf(of.mine, action, [{ ...s1, username: 'a%' }]))).toEqual(['subscribers.0.username']);
    }
  });
});
