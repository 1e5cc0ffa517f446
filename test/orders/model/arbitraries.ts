import fc from 'fast-check';
import type { PostedOrder } from '../../../src/orders/model/index.ts';

/* Orders as a CRM may post them: every member there is, each there or not. */

type PostedSubscriber = NonNullable<PostedOrder['subscribers']>[number];

/** Any text without what an order refuses in every string. */
const text = (maxLength = 40) =>
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength })
    .filter((value) => !/\p{Cc}/u.test(value) && value.isWellFormed() && value.length <= maxLength);

const word = fc.stringMatching(/^[a-z0-9-]{1,12}$/);
const digits = (min: number, max: number) => fc.stringMatching(new RegExp(`^[0-9]{${min},${max}}$`));
const domain = fc.constantFrom('sip.example.com', 'SIP.example.com', 'voice.example.net');
const mail = fc.tuple(word, word).map(([user, host]) => `${user}@${host}.example`);
const json = fc.jsonValue({ maxDepth: 2 }).filter((value) => value === null || isClean(value));
const members = fc.dictionary(word, json, { maxKeys: 3 });

function isClean(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !/\p{Cc}/u.test(value);
  if (typeof value === 'number') return Number.isSafeInteger(value) || !Number.isInteger(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([name, member]) => name !== '__proto__' && isClean(name) && isClean(member));
}

const partial = (model: Record<string, fc.Arbitrary<unknown>>) => fc.record(model, { requiredKeys: [] });

const contact = partial({
  firstName: fc.oneof(text(), fc.constant('')),
  company: fc.oneof(text(), fc.constant('')),
  email: fc.oneof(mail, fc.constant('')),
  phone: fc.constantFrom('+4319876', '01 9876-12', ''),
  postcode: text(10),
  country: fc.constantFrom('AT', 'DE', ''),
});

const destination = fc.record(
  {
    to: fc.oneof(
      fc.constantFrom('voicemail', '+4366610001'),
      word.map((user) => `sip:${user}@example.com`),
    ),
    timeout: fc.integer({ min: 0, max: 300 }),
  },
  { requiredKeys: ['to'] },
);
const window = fc.record({
  days: fc.subarray(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const, { minLength: 1 }),
  from: fc.constantFrom('00:00', '08:00'),
  to: fc.constantFrom('18:30', '23:59'),
});
const times = fc.option(fc.array(window, { minLength: 1, maxLength: 2 }));
const destinations = fc.array(destination, { minLength: 1, maxLength: 3 });
const forward = fc.record({ destinations, times }, { requiredKeys: ['destinations'] });
const callForwards = partial({
  unconditional: forward,
  busy: forward,
  noAnswer: fc.record(
    { destinations, times, ringTimeout: fc.integer({ min: 1, max: 60 }) },
    { requiredKeys: ['destinations'] },
  ),
  unregistered: forward,
  unavailable: forward,
});

const preferences = fc.dictionary(
  word,
  json.filter((value) => value !== null),
  { maxKeys: 3 },
);

/** A subscriber without what must be unique in an order. */
const subscriber = partial({
  externalId: text(),
  password: text(),
  webUsername: text(),
  webPassword: text(),
  callForwards,
  preferences,
  voicemail: partial({ pin: digits(4, 8), email: mail }),
  native: members,
});

/** The form a number is given in: `string`, all in sn, or split after the first digit of the national number. */
const form = fc.constantFrom('string', 'whole', 'split');

function number(index: number, as: string): NonNullable<PostedSubscriber['number']> {
  const national = `1${100_000 + index}`;
  if (as === 'string') return `+43${national}`;
  return as === 'whole' ? { cc: '43', sn: national } : { cc: '43', ac: national[0] ?? '', sn: national.slice(1) };
}

const subscribers = fc
  .array(
    fc.record({
      base: subscriber,
      domain,
      id: fc.boolean(),
      number: fc.option(form),
      aliases: fc.array(form, { maxLength: 3 }),
    }),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .map((list) =>
    list.map((item, index): object => ({
      ...item.base,
      ...(item.id ? { id: `item-${index}` } : {}),
      username: `user-${index}`,
      domain: item.domain,
      ...(item.number ? { number: number(index * 10, item.number) } : {}),
      ...(item.aliases.length > 0 ? { aliases: item.aliases.map((as, i) => number(index * 10 + i + 1, as)) } : {}),
    })),
  );

const operations = fc.array(
  fc.record({ service: word, operation: word, args: members }, { requiredKeys: ['service', 'operation'] }),
  { maxLength: 2 },
);

/** A provision order that is valid. */
export const provisionOrder: fc.Arbitrary<PostedOrder> = fc
  .record(
    {
      externalId: text(),
      target: fc.constantFrom('vienna', 'graz'),
      action: fc.constant('provision' as const),
      onFailure: fc.constantFrom('hold' as const, 'undo' as const),
      notBefore: fc.constantFrom('2026-12-01T08:00:00Z', '2026-12-01T09:00:00+01:00'),
      deadline: fc.constantFrom('2026-12-02T00:00:00Z', '2026-12-02T00:00:00.5-05:00'),
      customer: fc.record(
        { externalId: text(), contact, billingProfile: text(), native: members },
        { requiredKeys: ['externalId'] },
      ),
      subscribers,
      operations,
    },
    { requiredKeys: ['externalId', 'target', 'customer', 'subscribers'] },
  )
  .map((order) => order as PostedOrder);

const moves = fc
  .array(fc.record({ id: fc.boolean(), from: fc.option(fc.constantFrom('C-1', 'C-2')), as: form }), { maxLength: 3 })
  .map((list) =>
    list.map(({ id, from, as }, index) => ({
      ...(id ? { id: `move-${index}` } : {}),
      number: number(9_000 + index, as),
      from: {
        ...(from === null ? {} : { customer: { externalId: from } }),
        username: 'giver',
        domain: 'moves.example',
      },
      to: { username: `taker-${index}`, domain: 'moves.example' },
    })),
  );

/** A modify order that is valid: members may be null. */
const modifyOrder: fc.Arbitrary<PostedOrder> = fc
  .tuple(
    provisionOrder,
    fc.subarray(
      ['externalId', 'webUsername', 'webPassword', 'number', 'aliases', 'callForwards', 'preferences', 'voicemail'],
      { minLength: 1 },
    ),
    fc.boolean(),
    moves,
  )
  .map(([order, nulls, emptyAliases, moved]) => ({
    ...order,
    ...(moved.length > 0 ? { moves: moved } : {}),
    action: 'modify' as const,
    customer: {
      externalId: 'C-1',
      ...order.customer,
      contact: { ...order.customer?.contact, mobile: null, city: 'Wien' },
    },
    subscribers: (order.subscribers ?? []).map((item) => ({
      ...item,
      ...Object.fromEntries(nulls.map((name) => [name, name === 'aliases' && emptyAliases ? [] : null])),
    })),
  }));

export const anyOrder = fc.oneof(provisionOrder, modifyOrder);

/** The same value with the members of every object in another order. */
export function shuffled<T>(value: T, seed: number): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => shuffled(item as unknown, seed)) as T;
  const entries = Object.entries(value).map(([name, member]) => [name, shuffled(member as unknown, seed)] as const);
  const turn = entries.length === 0 ? 0 : seed % entries.length;
  return Object.fromEntries([...entries.slice(turn), ...entries.slice(0, turn)].toReversed()) as T;
}
