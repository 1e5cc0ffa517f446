import fc from 'fast-check';
import type { Json, PhoneNumber, SubscriberOrder } from '../../../src/platforms/port.ts';
import { freshNumber } from './life-cases.ts';
import { callForwardsTo, drawnNumbers, flag, modificationsOf, numbersOf, optional, word } from '../life-draws.ts';
import { bare } from '../life-orders.ts';

/* Modify orders by chance: what each names is drawn member by member. */

const contact = fc.record(
  {
    firstName: word,
    city: word,
    taxId: word,
    phone: fc.constantFrom('+551130250001', '+551130250002'),
    email: fc.constantFrom('one@example.com', 'two@example.com'),
    country: fc.constantFrom('BR', 'PT'),
  },
  { requiredKeys: [] },
);
const callForwards = callForwardsTo(
  ['+551130258090', 'sip:eve@other.example.com'],
  ['unconditional', 'busy', 'noAnswer'],
);

const preferences: fc.Arbitrary<{ readonly [name: string]: Json }> = fc.record(
  {
    activeIncomingCalls: flag,
    blockAnonymousCalls: flag,
    softphoneAllowed: flag,
    lowCreditLimit: fc.nat({ max: 20 }),
    addServiceHeader: flag,
    profile: fc.constantFrom('default', 'residential', 'business'),
    ratePlanId: fc.constantFrom(21, 22),
    callLimit: fc.nat({ max: 9 }),
    rings: fc.integer({ min: 5, max: 60 }),
    localArea: fc.option(word, { nil: null }),
    callGroup: fc.option(word, { nil: null }),
    pinCode: fc.option(fc.constantFrom('1234', '9876'), { nil: null }),
    monthlyQuotaLimit: fc.nat({ max: 9 }),
  },
  { requiredKeys: [] },
);

const whiteList = fc.option(fc.uniqueArray(fc.constantFrom('5511', '5521', '5531', '5541')), { nil: null });
const locations = fc.option(fc.uniqueArray(fc.constantFrom('sip:gw@192.0.2.10:5060', 'sip:gw@192.0.2.12:5060')), {
  nil: null,
});
const addresses = fc.uniqueArray(
  fc.record({ ipAddress: fc.constantFrom('192.0.2.10', '192.0.2.12'), protocol: fc.constantFrom('any', 'tcp') }),
  { selector: (one) => JSON.stringify(one) },
);
const native = fc.record({ whiteList, locations, addresses }, { requiredKeys: [] }) as fc.Arbitrary<
  SubscriberOrder['native']
>;

/** Of a subscriber's own and two that nobody has. */
const poolOf = (one: SubscriberOrder): PhoneNumber[] => [
  one.number!,
  ...one.aliases,
  freshNumber(one),
  freshNumber(one, 1),
];
const one = fc.record({
  isNamed: flag,
  password: optional(fc.constantFrom('Nw9-kq!vB72mm', 'Nx9-kq!vB72mm')),
  webPassword: optional(fc.constantFrom('Wb9-kq!vB72mm', 'Wx9-kq!vB72mm')),
  numbers: optional(numbersOf(5)),
  callForwards: optional(callForwards),
  preferences: optional(preferences),
  pin: optional(fc.constantFrom('1111', '2222')),
  native: optional(native),
  cleared: fc.constantFrom(null, 'voicemail', 'callForwards'),
});
type Drawn = typeof one extends fc.Arbitrary<infer T> ? T : never;

function subscriberOf(of: SubscriberOrder, drawn: Drawn): { subscriber: SubscriberOrder; cleared: string[] } {
  const { callForwards: forwards, preferences: named = {}, pin, password, webPassword } = drawn;
  const { more, cleared } = drawn.numbers ? drawnNumbers(drawn.numbers, poolOf(of)) : { more: {}, cleared: [] };
  if (drawn.cleared === 'callForwards') cleared.push('callForwards');
  else if (forwards) more.callForwards = forwards;
  if (drawn.cleared === 'voicemail') cleared.push('voicemail');
  else if (pin !== undefined) more.voicemail = { pin };
  const subscriber = {
    ...bare(of),
    ...more,
    preferences: named,
    native: drawn.native ?? {},
    ...(password !== undefined && { password }),
    ...(webPassword !== undefined && { webPassword }),
  };
  return { subscriber, cleared: cleared.map((member) => `subscribers.${of.id}.${member}`) };
}

export const modifications = modificationsOf({ one, contact, billingProfiles: ['default', 'prepaid'], subscriberOf });
