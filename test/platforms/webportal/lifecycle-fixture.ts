import fc from 'fast-check';
import type { PortalProfileName } from '../../../src/simulators/index.ts';
import type { Json, OrderContent, PhoneNumber, SubscriberOrder } from '../../../src/platforms/port.ts';
import type { WebportalSettings } from '../../../src/platforms/webportal/settings.ts';
import type { WebportalClient } from '../../../src/platforms/webportal/types.ts';
import type { LifecycleCase, LifecycleFixture, World } from '../lifecycle.ts';
import { fixtureOf, stateOf } from './fixture.ts';
import { order, subscriber } from './orders.ts';

let serial = 0;

const phone = (sn: string): PhoneNumber => ({ cc: '39', ac: '', sn });

/** A subscriber that has something of all that the profile lets be changed. */
function rich(name: PortalProfileName, id: string): SubscriberOrder {
  const own = `0699${1000 + ++serial}`;
  const one = subscriber({
    id,
    number: phone(own),
    username: `39${own}`,
    callForwards: {
      unconditional: { destinations: [{ to: '+390655598' }] },
      busy: { destinations: [{ to: '+390655595' }] },
      noAnswer: { ringTimeout: 20, destinations: [{ to: '+390655599' }] },
    },
    preferences: { clir: true, barring: 'international', maxCalls: 2 },
    native: { office: 'Deposito' },
  });
  if (name === 'outcome') return one;
  return {
    ...one,
    externalId: `S-${own}`,
    username: `user-${own}`,
    aliases: [phone(`${own}1`), phone(`${own}2`)],
    voicemail: { pin: '4711', email: 'voice@example.com' },
    native: { office: 'Deposito', deviceId: 'AA:BB', deviceSecret: 'hidden-device' },
  };
}

const world = (name: PortalProfileName) => (): World => ({
  mine: order([rich(name, 's1'), rich(name, 's2')]),
  other: order([rich(name, 's1')]),
});

/** A further order of the same customer that says nothing of its own. */
const further = (of: OrderContent, action: OrderContent['action'], more: Partial<OrderContent> = {}): OrderContent => ({
  ...of,
  externalId: `${of.externalId}-${action}-${++serial}`,
  action,
  customer: { externalId: of.customer.externalId, native: {} },
  subscribers: [],
  ...more,
});

const named = ({ id, username, domain }: SubscriberOrder, more: Partial<SubscriberOrder> = {}): SubscriberOrder => ({
  id,
  username,
  domain,
  aliases: [],
  native: {},
  ...more,
});

const first = ({ subscribers }: OrderContent): SubscriberOrder => subscribers[0]!;
const second = ({ subscribers }: OrderContent): SubscriberOrder => subscribers[1]!;

const groups: Partial<SubscriberOrder> = {
  callForwards: {
    unconditional: null,
    busy: { destinations: [{ to: '+390655597' }] },
    noAnswer: { ringTimeout: 35, destinations: [{ to: '+390655596' }] },
  },
  preferences: { clir: false, callWaiting: true, barring: null, maxCalls: 5 },
};

const company = ({ mine }: World): OrderContent =>
  further(mine, 'modify', {
    customer: {
      externalId: mine.customer.externalId,
      contact: { company: 'Officine Nuove', street: 'Via Nuova', city: 'Milano', taxId: '99999999999' },
      billingProfile: 'retail',
      native: {},
    },
    cleared: ['customer.contact.phone', 'customer.contact.state'],
  });

const common: LifecycleCase[] = [
  {
    name: 'modify: what hangs on two subscribers',
    order: ({ mine }) =>
      further(mine, 'modify', {
        subscribers: [named(first(mine), groups), named(second(mine), { preferences: { maxCalls: 9 } })],
      }),
  },
  {
    name: 'modify: all forwards are cleared',
    order: ({ mine }) =>
      further(mine, 'modify', { subscribers: [named(first(mine))], cleared: ['subscribers.s1.callForwards'] }),
  },
  { name: 'modify: company', order: company },
  {
    name: 'suspend: a subscriber',
    order: ({ mine }) => further(mine, 'suspend', { subscribers: [named(first(mine))] }),
  },
  {
    name: 'resume: subscribers',
    first: ({ mine }) => [further(mine, 'suspend', { subscribers: [named(first(mine)), named(second(mine))] })],
    order: ({ mine }) => further(mine, 'resume', { subscribers: [named(first(mine)), named(second(mine))] }),
  },
  {
    name: 'modify: the password',
    order: ({ mine }) =>
      further(mine, 'modify', {
        subscribers: [named(first(mine), { password: 'Nw9-kq!vB72mm', preferences: { clir: false } })],
      }),
  },
  { name: 'suspend: the customer', order: ({ mine }) => further(mine, 'suspend') },
  {
    name: 'resume: the customer',
    first: ({ mine }) => [further(mine, 'suspend')],
    order: ({ mine }) => further(mine, 'resume'),
  },
  {
    name: 'terminate: subscribers',
    order: ({ mine }) => further(mine, 'terminate', { subscribers: [named(first(mine)), named(second(mine))] }),
  },
  { name: 'terminate: the customer', order: ({ mine }) => further(mine, 'terminate'), unforeseen: 'calls' },
];

const status: LifecycleCase[] = [
  {
    name: 'modify: all of a subscriber',
    order: ({ mine }) => {
      const one = first(mine);
      return further(mine, 'modify', {
        subscribers: [
          named(one, {
            ...groups,
            externalId: `${one.externalId}-new`,
            number: { ...one.number!, sn: `${one.number!.sn}9` },
            aliases: [one.number!, one.aliases[1]!],
            voicemail: { pin: '9999', email: 'other@example.com' },
            native: { deviceId: 'CC:DD', deviceSecret: 'another-device' },
          }),
        ],
      });
    },
  },
  {
    name: 'modify: clears what can be cleared',
    order: ({ mine }) =>
      further(mine, 'modify', {
        subscribers: [named(first(mine), { preferences: { maxCalls: null } })],
        cleared: ['externalId', 'aliases', 'voicemail.email'].map((member) => `subscribers.s1.${member}`),
      }),
  },
];

/** Changes that every profile has a place for, any of which may follow another. */
const modifications: fc.Arbitrary<(world: World) => OrderContent> = fc
  .record({
    forwards: fc.option(
      fc.record({
        busy: fc.option(fc.integer({ min: 0, max: 9 })),
        unconditional: fc.option(fc.integer({ min: 0, max: 9 })),
      }),
      { nil: undefined },
    ),
    clir: fc.option(fc.boolean(), { nil: undefined }),
    maxCalls: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
    street: fc.option(fc.constantFrom('Via Uno', 'Via Due'), { nil: undefined }),
    clearsPhone: fc.boolean(),
    all: fc.boolean(),
  })
  .map(({ forwards, clir, maxCalls, street, clearsPhone, all }) => ({ mine }: World) => {
    const destination = (digit: number | null) =>
      digit === null ? null : { destinations: [{ to: `+3906555${digit}0` }] };
    const preferences = { ...(clir !== undefined && { clir }), ...(maxCalls !== undefined && { maxCalls }) };
    return further(mine, 'modify', {
      customer: {
        externalId: mine.customer.externalId,
        native: {},
        ...(street !== undefined && { contact: { street } }),
      },
      subscribers: [
        named(first(mine), {
          ...(forwards && {
            callForwards: { busy: destination(forwards.busy), unconditional: destination(forwards.unconditional) },
          }),
          ...(Object.keys(preferences).length > 0 && { preferences }),
        }),
      ],
      cleared: [
        ...(clearsPhone ? ['customer.contact.phone'] : []),
        ...(all && !forwards ? ['subscribers.s1.callForwards'] : []),
      ],
    });
  });

/** Ids are kept: nothing is made anew. Objects are told in an order of their own. */
const still = (value: unknown): Json =>
  JSON.parse(
    JSON.stringify(value, (_name, member: unknown) => {
      if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
      return Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => a.localeCompare(b)));
    }),
  ) as Json;

export function lifecycleOf(name: PortalProfileName): LifecycleFixture<WebportalClient, WebportalSettings> {
  return {
    conformance: fixtureOf(name),
    world: world(name),
    cases: name === 'status' ? [...common, ...status] : common,
    knowsCustomers: true,
    state: async (_client, standIn) => still(await stateOf(standIn)),
    modifications,
  };
}
