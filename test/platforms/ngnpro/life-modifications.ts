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
    phone: fc.constantFrom('+4319870001', '+4319870002'),
    email: fc.constantFrom('one@example.com', 'Two@example.com'),
    country: fc.constantFrom('AT', 'NL'),
  },
  { requiredKeys: [] },
);
const callForwards = callForwardsTo(
  ['+43666100090', 'sip:eve@other.example.com', 'voicemail'],
  ['unconditional', 'busy', 'noAnswer', 'unregistered', 'unavailable'],
);

const group = fc.constantFrom('everybody', 'nobody', 'family');
const acceptRules = fc.record(
  {
    persistent: fc.array(
      fc.record({
        start: fc.constantFrom('08:00', '09:30'),
        stop: fc.constantFrom('17:00', '18:00'),
        groups: fc.uniqueArray(group, { minLength: 1 }),
        days: fc.integer({ min: 1, max: 127 }),
      }),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: [] },
);

const preferences: fc.Arbitrary<{ readonly [name: string]: Json }> = fc.record(
  {
    'free-pstn': flag,
    anonymous: flag,
    callLimit: fc.option(fc.integer({ min: 0, max: 9 }), { nil: null }),
    quota: fc.option(fc.integer({ min: 1, max: 9 }), { nil: null }),
    prepaid: flag,
    timezone: fc.constantFrom('Europe/Amsterdam', 'UTC'),
    quickdialPrefix: fc.option(fc.constantFrom('1', '12'), { nil: null }),
    barringPrefixes: fc.option(fc.uniqueArray(fc.constantFrom('+43900', '+43930', '+1')), { nil: null }),
    rejectMembers: fc.option(fc.uniqueArray(fc.constantFrom('sip:a@example.net', 'sip:b@example.net')), { nil: null }),
    acceptRules,
  },
  { requiredKeys: [] },
) as fc.Arbitrary<{ readonly [name: string]: Json }>;

const native = fc.record(
  {
    region: fc.option(word, { nil: null }),
    groups: fc.uniqueArray(fc.constantFrom('sms', 'trunking', 'own-group')),
    properties: fc.uniqueArray(fc.record({ name: fc.constantFrom('desk', 'room'), value: word }), {
      selector: ({ name }) => name,
    }),
    acl: fc.array(fc.record({ ip: fc.constantFrom('192.0.2.1', '192.0.2.2'), mask: fc.constant(32) }), {
      maxLength: 2,
    }),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<SubscriberOrder['native']>;

/** Of a subscriber's own and two that nobody has. */
const poolOf = (one: SubscriberOrder): PhoneNumber[] => [
  one.number!,
  ...one.aliases,
  freshNumber(one),
  freshNumber(one, 1),
];
const one = fc.record({
  isNamed: flag,
  externalId: optional(fc.constantFrom('S-x', 'S-y', null)),
  numbers: optional(numbersOf(4)),
  callForwards: optional(callForwards),
  preferences: optional(preferences),
  pin: optional(fc.constantFrom('1111', '2222')),
  email: optional(fc.constantFrom('a@example.com', null)),
  native: optional(native),
  clearsForwards: flag,
});
type Drawn = typeof one extends fc.Arbitrary<infer T> ? T : never;

function subscriberOf(of: SubscriberOrder, drawn: Drawn): { subscriber: SubscriberOrder; cleared: string[] } {
  const { callForwards: forwards, preferences: wanted = {}, pin, email, externalId } = drawn;
  const { more, cleared } = drawn.numbers ? drawnNumbers(drawn.numbers, poolOf(of)) : { more: {}, cleared: [] };
  if (drawn.clearsForwards) cleared.push('callForwards');
  else if (forwards) more.callForwards = forwards;
  if (externalId === null) cleared.push('externalId');
  else if (externalId !== undefined) more.externalId = externalId;
  if (email === null) cleared.push('voicemail.email');
  const voicemail = { ...(pin !== undefined && { pin }), ...(typeof email === 'string' && { email }) };
  const subscriber: SubscriberOrder = {
    ...bare(of),
    ...more,
    preferences: wanted,
    ...(Object.keys(voicemail).length > 0 && { voicemail }),
    native: drawn.native ?? {},
  };
  return { subscriber, cleared: cleared.map((member) => `subscribers.${of.id}.${member}`) };
}

export const modifications = modificationsOf({ one, contact, billingProfiles: ['default', 'gold'], subscriberOf });
