import fc from 'fast-check';
import type { CallForwards, Json, OrderContent, PhoneNumber, SubscriberOrder } from '../../../src/platforms/port.ts';
import type { World } from '../lifecycle.ts';
import { freshNumber } from './life-cases.ts';
import { bare, changeOf, firstOf, moveOf, secondOf } from './life-world.ts';

/* Modify orders by chance: what each names is drawn member by member. */

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
const word = fc
  .string({ minLength: 1, maxLength: 12, unit: fc.constantFrom('a', 'é', '<', '&', '"', ' ', 'Z', '9') })
  .map((text) => `x${text}x`);
const flag = fc.boolean();

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
const CONTACT_CLEARED = ['lastName', 'street', 'state', 'mobile'].map((name) => `customer.contact.${name}`);

const destination = fc.constantFrom('+43666100090', 'sip:eve@other.example.com', 'voicemail');
const forward = optional(
  fc.option(
    destination.map((to) => ({ destinations: [{ to }] })),
    { nil: null },
  ),
);
const callForwards = fc
  .record({ unconditional: forward, busy: forward, noAnswer: forward, unregistered: forward, unavailable: forward })
  .map((types) => Object.fromEntries(Object.entries(types).filter(([, one]) => one !== undefined)) as CallForwards);

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
const numbers = fc.record({
  number: fc.constantFrom('given', 'cleared', 'left'),
  aliases: fc.constantFrom('given', 'cleared', 'left'),
  order: fc.uniqueArray(fc.nat({ max: 3 }), { minLength: 1, maxLength: 4 }),
});

const one = fc.record({
  isNamed: flag,
  externalId: optional(fc.constantFrom('S-x', 'S-y', null)),
  numbers: optional(numbers),
  callForwards: optional(callForwards),
  preferences: optional(preferences),
  pin: optional(fc.constantFrom('1111', '2222')),
  email: optional(fc.constantFrom('a@example.com', null)),
  native: optional(native),
  clearsForwards: flag,
});
type Drawn = typeof one extends fc.Arbitrary<infer T> ? T : never;

function subscriberOf(of: SubscriberOrder, drawn: Drawn): { subscriber: SubscriberOrder; cleared: string[] } {
  const cleared: string[] = [];
  const { numbers: list, callForwards: forwards, preferences: wanted = {}, pin, email, externalId } = drawn;
  const pool = poolOf(of);
  const [head, ...rest] = (list?.order ?? []).map((at) => pool[at]!);
  const more: Partial<SubscriberOrder> = {};
  if (list?.number === 'given') more.number = head!;
  if (list?.number === 'cleared') cleared.push('number');
  if (list?.aliases === 'given') more.aliases = rest;
  if (list?.aliases === 'cleared' || (list?.aliases === 'given' && rest.length === 0)) cleared.push('aliases');
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

/** For a world: modify orders that change contact, subscribers and numbers, and can all be undone. */
export const modifications: fc.Arbitrary<(world: World) => OrderContent> = fc
  .record({
    subscribers: fc.tuple(one, one),
    contact: optional(contact),
    contactCleared: fc.subarray(CONTACT_CLEARED),
    hasMove: flag,
    billingProfile: optional(fc.constantFrom('default', 'gold')),
  })
  .map((drawn) => (world: World) => {
    const { contact: members, contactCleared, billingProfile, hasMove } = drawn;
    const parts = [firstOf(world), secondOf(world)]
      .map((of, at) => ({ drawn: drawn.subscribers[at]!, of }))
      .filter(({ drawn: { isNamed } }, at) => isNamed || at === 0)
      // A move changes the numbers of the first, which are then not given beside it.
      .map(({ drawn: own, of }, at) => subscriberOf(of, hasMove && at === 0 ? { ...own, numbers: undefined } : own));
    return changeOf(
      world.mine,
      'modify',
      parts.map(({ subscriber }) => subscriber),
      {
        ...(hasMove && { moves: [moveOf(world, { number: world.other.subscribers[0]!.aliases[0]! })] }),
        cleared: [...contactCleared, ...parts.flatMap(({ cleared }) => cleared)],
        customer: { ...(members && { contact: members }), ...(billingProfile !== undefined && { billingProfile }) },
      },
    );
  });
