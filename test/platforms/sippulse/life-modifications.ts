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
    phone: fc.constantFrom('+551130250001', '+551130250002'),
    email: fc.constantFrom('one@example.com', 'two@example.com'),
    country: fc.constantFrom('BR', 'PT'),
  },
  { requiredKeys: [] },
);
const CONTACT_CLEARED = ['lastName', 'street', 'state', 'mobile'].map((name) => `customer.contact.${name}`);

const destination = fc.constantFrom('+551130258090', 'sip:eve@other.example.com');
const forward = optional(
  fc.option(
    destination.map((to) => ({ destinations: [{ to }] })),
    { nil: null },
  ),
);
const callForwards = fc
  .record({ unconditional: forward, busy: forward, noAnswer: forward })
  .map((types) => Object.fromEntries(Object.entries(types).filter(([, one]) => one !== undefined)) as CallForwards);

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
const numbers = fc.record({
  number: fc.constantFrom('given', 'cleared', 'left'),
  aliases: fc.constantFrom('given', 'cleared', 'left'),
  order: fc.uniqueArray(fc.nat({ max: 4 }), { minLength: 1, maxLength: 5 }),
});

const one = fc.record({
  isNamed: flag,
  password: optional(fc.constantFrom('Nw9-kq!vB72mm', 'Nx9-kq!vB72mm')),
  webPassword: optional(fc.constantFrom('Wb9-kq!vB72mm', 'Wx9-kq!vB72mm')),
  numbers: optional(numbers),
  callForwards: optional(callForwards),
  preferences: optional(preferences),
  pin: optional(fc.constantFrom('1111', '2222')),
  native: optional(native),
  cleared: fc.constantFrom(null, 'voicemail', 'callForwards'),
});
type Drawn = typeof one extends fc.Arbitrary<infer T> ? T : never;

function subscriberOf(of: SubscriberOrder, drawn: Drawn): { subscriber: SubscriberOrder; cleared: string[] } {
  const cleared: string[] = [];
  const { numbers: list, callForwards: forwards, preferences: named = {}, pin, password, webPassword } = drawn;
  const pool = poolOf(of);
  const [head, ...rest] = (list?.order ?? []).filter((at) => at < pool.length).map((at) => pool[at]!);
  const more: Partial<SubscriberOrder> = {};
  if (list?.number === 'given' && head) more.number = head;
  if (list?.number === 'cleared') cleared.push('number');
  if (list?.aliases === 'given') more.aliases = rest;
  if (list?.aliases === 'cleared' || (list?.aliases === 'given' && rest.length === 0)) cleared.push('aliases');
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

/** For a world: modify orders that change contact, subscribers and numbers, and can all be undone. */
export const modifications: fc.Arbitrary<(world: World) => OrderContent> = fc
  .record({
    subscribers: fc.tuple(one, one),
    contact: optional(contact),
    contactCleared: fc.subarray(CONTACT_CLEARED),
    hasMove: flag,
    billingProfile: optional(fc.constantFrom('default', 'prepaid')),
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
