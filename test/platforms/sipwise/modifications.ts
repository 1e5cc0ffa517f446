import fc from 'fast-check';
import type { CallForward, OrderContent, SubscriberOrder } from '../../../src/platforms/port.ts';
import type { World } from '../lifecycle.ts';

/** A member that is set to one of these, cleared (null), or not named. */
const maybe = <T>(...values: T[]) => fc.option(fc.constantFrom<(T | null)[]>(...values, null), { nil: undefined });

const FORWARDS: CallForward[] = [
  { destinations: [{ to: 'voicemail', timeout: 12 }] },
  { destinations: [{ to: '+4366610009' }, { to: 'sip:bob@other.example.com', timeout: 0 }], times: null },
  {
    destinations: [{ to: '+4366610008', timeout: 60 }],
    times: [{ days: ['sat', 'sun'], from: '08:30', to: '17:15' }],
  },
];

const forwards = fc.record({
  unconditional: maybe(...FORWARDS),
  busy: maybe(...FORWARDS),
  noAnswer: maybe(...FORWARDS, { ...FORWARDS[0]!, ringTimeout: 44 }),
  unregistered: maybe(...FORWARDS),
});

const preferences = fc.record({
  block_in_clir: maybe<boolean>(true, false),
  block_in_list: maybe(['431*'], ['4366412345', '432*', '431*']),
  concurrent_max: maybe(1, 5),
  use_rtpproxy: maybe('never'),
  allowed_clis: maybe(['431999'], ['431999', '431998']),
  ac: maybe('99'),
});

/** Which of a subscriber's six possible numbers it is to have; the first as its primary number. */
const numbers = fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 1 });

const subscriber = fc.record({
  id: fc.constantFrom('s1', 's2'),
  numbers: fc.option(numbers, { nil: undefined }),
  isWithoutNumber: fc.boolean(),
  externalId: maybe('S-a', 'S-b'),
  password: fc.option(fc.constantFrom('Aa9-kq!vB72mm', 'Bb9-kq!vB72mm'), { nil: undefined }),
  webUsername: maybe('web-a', 'web-b'),
  forwards: fc.option(forwards, { nil: undefined }),
  clearsForwards: fc.boolean(),
  preferences: fc.option(preferences, { nil: undefined }),
  pin: fc.option(fc.constantFrom('1234', '56789'), { nil: undefined }),
  mail: maybe('a@example.com', 'b@example.com'),
  native: fc.record(
    {
      email: fc.constantFrom('c@example.com', null),
      timezone: fc.constantFrom('Europe/Berlin', null),
      administrative: fc.boolean(),
      lock: fc.constantFrom(1, 3, 5, null),
    },
    { requiredKeys: [] },
  ),
});

const customer = fc.record({
  contact: fc.record({
    firstName: maybe('Ann', 'Zoë'),
    company: maybe('Acme'),
    phone: maybe('+43111'),
    street: maybe('Main Street 1'),
    country: maybe('DE'),
    taxId: maybe('ATU1'),
  }),
  email: fc.option(fc.constantFrom('x@example.com', 'y@example.com'), { nil: undefined }),
  billingProfile: fc.option(fc.constantFrom('default', 'gold'), { nil: undefined }),
  native: fc.record(
    { max_subscribers: fc.constantFrom(5, null), vat_rate: fc.constantFrom(0, 19), add_vat: fc.boolean() },
    { requiredKeys: [] },
  ),
});

type Parts<T> = T extends fc.Arbitrary<infer Value> ? Value : never;

const given = (members: object): object =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined && value !== null));

const nulls = (members: object): string[] =>
  Object.entries(members).flatMap(([name, value]) => (value === null ? [name] : []));

/** Names that no other subscriber has. */
const unique = (name: string | null | undefined, one: SubscriberOrder) => name && `${name}-${one.username}`;

function build(one: SubscriberOrder, parts: Parts<typeof subscriber>): { order: SubscriberOrder; cleared: string[] } {
  const pool = [
    one.number!,
    ...one.aliases,
    ...[7, 8, 9].map((last) => ({ ...one.number!, sn: `${one.number!.sn}${last}` })),
  ];
  const wanted = parts.numbers?.map((at) => pool[at]!);
  const [number, ...aliases] = wanted === undefined ? [] : parts.isWithoutNumber ? [undefined, ...wanted] : wanted;
  const members = {
    externalId: unique(parts.externalId, one),
    webUsername: unique(parts.webUsername, one),
    ...(wanted && { number: number ?? null }),
  };
  const isCleared = parts.clearsForwards && parts.forwards === undefined;
  const cleared = [
    ...nulls(members),
    ...(wanted && aliases.length === 0 ? ['aliases'] : []),
    ...(isCleared ? ['callForwards'] : []),
    ...(parts.mail === null ? ['voicemail.email'] : []),
  ];
  const order: SubscriberOrder = {
    id: one.id,
    username: one.username,
    domain: one.domain,
    ...given({ ...members, password: parts.password }),
    aliases: aliases.filter((alias) => alias !== undefined),
    ...(parts.forwards && { callForwards: definedIn(parts.forwards) }),
    ...(parts.preferences && { preferences: definedIn(parts.preferences) }),
    voicemail: given({ pin: parts.pin, email: parts.mail }),
    native: parts.native,
  };
  return { order, cleared: cleared.map((member) => `subscribers.${one.id}.${member}`) };
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

const definedIn = <T extends object>(members: T): Defined<T> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Defined<T>;

let serial = 0;

/** Modify orders of the customer and one or both of its subscribers. */
export const modifications: fc.Arbitrary<(world: World) => OrderContent> = fc
  .record({
    customer: fc.option(customer, { nil: undefined }),
    subscribers: fc.uniqueArray(subscriber, { selector: ({ id }) => id, maxLength: 2 }),
  })
  .map((parts) => ({ mine }) => {
    const built = parts.subscribers.map((one) =>
      build(
        mine.subscribers.find(({ id }) => id === one.id)!,
        one,
      ),
    );
    const { contact = {}, email, billingProfile, native = {} } = parts.customer ?? {};
    return {
      ...mine,
      externalId: `${mine.externalId}-modified-${++serial}`,
      action: 'modify',
      customer: {
        externalId: mine.customer.externalId,
        contact: given({ ...contact, email }),
        ...(billingProfile !== undefined && { billingProfile }),
        native,
      },
      subscribers: built.map(({ order }) => order),
      cleared: [
        ...nulls(contact).map((member) => `customer.contact.${member}`),
        ...built.flatMap(({ cleared }) => cleared),
      ],
    };
  });
