import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json, OrderContent, SubscriberOrder } from '../../../src/platforms/port.ts';
import { sippulse } from '../../../src/platforms/sippulse/index.ts';
import { addressesOf } from '../../../src/platforms/sippulse/native.ts';
import { digitsOf, didNumbers, platformDigits, platformNumber } from '../../../src/platforms/sippulse/numbers.ts';
import { PREFERENCES } from '../../../src/platforms/sippulse/preference-names.ts';
import { newSubscriber } from '../../../src/platforms/sippulse/subscriber-members.ts';
import { fullOrder, settings } from './fixture.ts';
import { order, subscriber } from './orders.ts';

const SETTINGS = settings('http://127.0.0.1');
const faultsOf = (content: OrderContent): string[] =>
  sippulse.check(content, SETTINGS, null).map(({ path, message }) => `${path.join('.')}: ${message}`);
const pathsOf = (content: OrderContent): string[] =>
  sippulse.check(content, SETTINGS, null).map(({ path }) => path.join('.'));
const one = (more: Partial<SubscriberOrder>): OrderContent => order([subscriber(more)]);
const forwards = (callForwards: NonNullable<SubscriberOrder['callForwards']>) => one({ callForwards });
const TO = { to: '+551130258080' };

describe('I12 refused at the door, with its path', () => {
  test('nothing of an order that names everything', () => {
    expect(faultsOf(fullOrder())).toEqual([]);
  });

  test.each([
    ['unregistered', forwards({ unregistered: { destinations: [TO] } }), 'callForwards.unregistered'],
    ['unavailable', forwards({ unavailable: { destinations: [TO] } }), 'callForwards.unavailable'],
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
    ['voicemail', forwards({ busy: { destinations: [{ to: 'voicemail' }] } }), 'callForwards.busy.destinations.0.to'],
    [
      'a ring time-out of busy',
      forwards({ busy: { destinations: [TO], ringTimeout: 5 } }),
      'callForwards.busy.ringTimeout',
    ],
    ['no name', one({ preferences: { nope: true } }), 'preferences.nope'],
    ['a name of every object', one({ preferences: { constructor: true } }), 'preferences.constructor'],
    ['a wrong value', one({ preferences: { blockCollectCalls: 'yes' } }), 'preferences.blockCollectCalls'],
    ['a switch that is cleared', one({ preferences: { active: null } }), 'preferences.active'],
    [
      'a quota without its limit',
      one({ preferences: { dailyQuota: true, dailyQuotaType: 'M' } }),
      'preferences.dailyQuotaLimit',
    ],
    ['a notice without its limit', one({ preferences: { lowCreditNotification: true } }), 'preferences.lowCreditLimit'],
    ['a PIN that is no number', one({ voicemail: { pin: '0471' } }), 'voicemail.pin'],
    ['no PIN', one({ voicemail: {} }), 'voicemail.pin'],
    ['another mail address', one({ voicemail: { pin: '4711', email: 'x@example.com' } }), 'voicemail.email'],
    ['another web name', one({ webUsername: 'other' }), 'webUsername'],
    ['a semicolon', one({ username: 'a;b' }), 'username'],
    ['an unknown native member', one({ native: { lock: 1 } }), 'native.lock'],
    ['a wrong address', one({ native: { addresses: [{ ipAddress: '1.2.3' }] } }), 'native.addresses.0.ipAddress'],
    [
      'an address that lacks its prefix',
      one({ native: { addresses: [{ ipAddress: '192.0.2.1', method: 'techprefix' }] } }),
      'native.addresses.0.techPrefix',
    ],
    ['a prefix twice', one({ native: { whiteList: ['55', '55'] } }), 'native.whiteList'],
    ['a location that is none', one({ native: { locations: ['192.0.2.1'] } }), 'native.locations.0'],
    ['a location without a port', one({ native: { locations: ['sip:gw@192.0.2.1'] } }), 'native.locations.0'],
    [
      'a location with a port that is none',
      one({ native: { locations: ['sip:a@[2001:db8::1]:65536'] } }),
      'native.locations.0',
    ],
    [
      'a mask that its address has not',
      one({ native: { addresses: [{ ipAddress: '192.0.2.1', mask: 33 }] } }),
      'native.addresses.0.mask',
    ],
    [
      'an address twice, once with its mask',
      one({ native: { addresses: [{ ipAddress: '2001:db8::1' }, { ipAddress: '2001:db8::1', mask: 128 }] } }),
      'native.addresses',
    ],
    ['credit that is none', one({ native: { credit: -1 } }), 'native.credit'],
  ] as const)('%s', (_, content, path) => {
    expect(pathsOf(content)).toEqual([`subscribers.0.${path}`]);
  });

  test.each([
    [{ company: 'Acme' }, ['customer.contact.company']],
    [{ email: 'nobody' }, ['customer.contact.email']],
    [{ phone: 'call me' }, ['customer.contact.phone']],
    [{ country: 'AT' }, ['customer.contact.country']],
    [{ country: 'AQ' }, ['customer.contact.country']],
    [{ city: ' Wien' }, ['customer.contact.city']],
  ] as const)('of the contact: %o', (more, paths) => {
    const content = order();
    const contact = { ...content.customer.contact, ...more };
    expect(pathsOf({ ...content, customer: { ...content.customer, contact } })).toEqual(paths);
  });

  test('nothing of addresses and locations of either family', () => {
    const addresses = [
      { ipAddress: '2001:db8::1', mask: 64 },
      { ipAddress: '2001:db8::1' },
      { ipAddress: '192.0.2.1' },
    ];
    const locations = ['sip:gw@192.0.2.1:5060', 'sip:gw@[2001:db8::1]:5060'];
    expect(faultsOf(one({ native: { addresses, locations } }))).toEqual([]);
    expect(addressesOf({ addresses }).map(({ mask }) => mask)).toEqual([64, 128, 32]);
  });

  test('a contact without a mail address, which the platform asks for', () => {
    expect(pathsOf(order(undefined, { contact: { firstName: 'Ana' } }))).toEqual(['customer.contact.email']);
  });

  test('a country is kept where the calling code of the subscribers says it', () => {
    const number = { cc: '43', ac: '', sn: '19876001' };
    const austrian = order([subscriber({ number, aliases: [] })], {
      contact: { email: 'a@example.com', country: 'AT' },
    });
    expect(faultsOf(austrian)).toEqual([]);
    const unnumbered = { ...austrian, subscribers: [{ ...subscriber({ aliases: [] }), number: undefined as never }] };
    expect(faultsOf(unnumbered)).toEqual([]);
  });

  test('a reseller over two domains, and half a reseller', () => {
    const customer = { native: { reseller: { name: 'R', manager: 'M' } } };
    const content = order([subscriber(), subscriber({ id: 's2', domain: 'pbx.example.net' })], customer);
    expect(pathsOf(content)).toEqual(['customer.native.reseller', 'customer.native.reseller']);
  });

  test('whatever the preferences hold, check says so without failing', () => {
    const json = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>;
    const names = fc.constantFrom(...Object.keys(PREFERENCES), '__proto__', 'toString', 'x');
    fc.assert(
      fc.property(names, json, (name, value) => {
        const preferences = Object.fromEntries([[name, value]]);
        for (const path of pathsOf(one({ preferences })))
          expect(path).toMatch(/^(?:subscribers\.0\.preferences\.|customer\.contact\.country$)/);
      }),
    );
  });
});

describe('numbers', () => {
  const FORMAT = { countryCode: 55, numberFormat: 'national' } as const;
  const digits = (most: number) => fc.stringMatching(new RegExp(`^\\d{1,${most}}$`));
  const number = fc.record({
    cc: fc.constantFrom('55', '43', '1', '5'),
    ac: fc.oneof(fc.constant(''), digits(3)),
    sn: digits(9),
  });

  test('the target’s own country goes without its code, as in the vendor’s example', () => {
    expect(platformNumber({ cc: '55', ac: '11', sn: '30258080' }, FORMAT)).toBe('1130258080');
    expect(platformNumber({ cc: '43', ac: '', sn: '19876' }, FORMAT)).toBe('4319876');
    expect(platformNumber({ cc: '55', ac: '11', sn: '3' }, { ...FORMAT, numberFormat: 'international' })).toBe('55113');
  });

  test('are the same however they were parted, and as text', () => {
    fc.assert(
      fc.property(number, (parts) => {
        const whole = { cc: parts.cc, ac: '', sn: `${parts.ac}${parts.sn}` };
        expect(platformNumber(parts, FORMAT)).toBe(platformNumber(whole, FORMAT));
        if (parts.cc !== '5') {
          expect(platformDigits(`+${digitsOf(parts)}`, FORMAT)).toBe(platformNumber(parts, FORMAT));
        }
      }),
    );
  });

  test('every number has a DID but one that is the user name', () => {
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 5 }), fc.nat({ max: 4 }), (numbers, at) => {
        const aliases = numbers;
        const base = { ...subscriber({ aliases }), number: undefined as never };
        expect(didNumbers(base, FORMAT)).toEqual(numbers.map((each) => platformNumber(each, FORMAT)));
        const own = numbers[at % numbers.length]!;
        for (const username of [platformNumber(own, FORMAT), digitsOf(own), `+${digitsOf(own)}`]) {
          expect(didNumbers({ ...base, username }, FORMAT)).not.toContain(platformNumber(own, FORMAT));
        }
      }),
    );
  });
});

test('a new subscriber has every member that the schema asks for, whatever the order says', () => {
  const bold = [
    'voicemail',
    'resellerBillingType',
    'resellerMarkup',
    'callsOnlyByIp',
    'addServiceHeader',
    'activeIncomingCalls',
    'activeOutgoingCalls',
    'blockAnonymousCalls',
    'blockEntry0303',
    'validateSource0303',
    'lowCreditNotification',
    'lowCreditLimit',
    'softphoneAllowed',
    'copyPassertedRpid',
  ];
  const references = { profile: 'default', ratePlanId: 21, resellerId: 0 };
  const values = fc.record(
    Object.fromEntries(bold.filter((name) => PREFERENCES[name]).map((name) => [name, fc.constantFrom(true, false)])),
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(values, (preferences) => {
      const made = newSubscriber(order(), subscriber({ preferences: preferences as never }), references, {
        ...SETTINGS.native,
        ratePlanId: null,
      });
      for (const name of bold) expect(made[name]).toBeDefined();
      expect(made).toMatchObject(preferences);
      expect(made).toMatchObject({
        resellerId: 0,
        ratePlanId: 21,
        profile: 'default',
        passwordPortal: made['password'],
      });
    }),
  );
});
