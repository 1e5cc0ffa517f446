import type { OrderContent, PhoneNumber, SubscriberOrder } from '../../../src/platforms/port.ts';
import type { LifecycleCase, World } from '../lifecycle.ts';
import { bare, changeOf, firstOf, modified, moveOf, secondOf, strangerOf } from '../life-orders.ts';

/** A number that nobody has, the same one for a subscriber every time. */
export const freshNumber = ({ number: own }: SubscriberOrder, at = 0): PhoneNumber => ({
  cc: '43',
  ac: '987',
  sn: `5${own!.sn.slice(1)}${at}`,
});

const named = ({ username, domain }: SubscriberOrder) => ({ username, domain });

/** How many things a subscriber or customer has is known only when one looks. */
const AS_MANY_AS_THERE_ARE = { unforeseen: 'calls' } as const;

const modify = (
  name: string,
  order: (world: World) => OrderContent,
  more: Partial<LifecycleCase> = {},
): LifecycleCase => ({ name: `modify: ${name}`, order, ...more });

const both = (world: World, more: readonly Partial<SubscriberOrder>[], change = {}): OrderContent =>
  changeOf(
    world.mine,
    'modify',
    [firstOf(world), secondOf(world)].map((one, at) => ({ ...bare(one), ...more[at] })),
    change,
  );

const name = (
  action: 'suspend' | 'resume' | 'terminate',
  subscribers: (world: World) => readonly SubscriberOrder[],
) => ({ order: (world: World) => changeOf(world.mine, action, subscribers(world).map(bare)) });

const all = (world: World) => world.mine.subscribers;
const first = (world: World) => [firstOf(world)];
const second = (world: World) => [secondOf(world)];

export const CASES: readonly LifecycleCase[] = [
  modify(
    'contact, members, domains and billing profile of the customer',
    (world) =>
      changeOf(world.mine, 'modify', [], {
        customer: {
          contact: { firstName: 'Ana', city: 'Graz', email: 'ana@example.com', street: 'Ring', houseNumber: '3' },
          native: {
            companyCode: null,
            language: 'de',
            domains: [{ domain: `new-${firstOf(world).username}.example.org` }],
          },
          billingProfile: 'gold',
        },
        cleared: ['customer.contact.phone', 'customer.contact.taxId', 'customer.contact.state'],
      }),
    AS_MANY_AS_THERE_ARE,
  ),
  modify('contact alone', (world) =>
    changeOf(world.mine, 'modify', [], { customer: { contact: { lastName: 'Huber' } } }),
  ),
  modify(
    'a billing profile where there was none',
    (world) => changeOf(world.other, 'modify', [], { customer: { billingProfile: 'gold' } }),
    { unforeseen: 'undo' },
  ),
  modify(
    'members of a subscriber',
    (world) =>
      modified(world, {
        externalId: 'S-new',
        native: {
          prepaid: null,
          region: null,
          quota: 12,
          groups: ['sms', 'free-pstn', 'own-group'],
          properties: [{ name: 'room', value: '7' }],
          acl: [{ ip: '192.0.2.9', mask: 32 }],
        },
      }),
    AS_MANY_AS_THERE_ARE,
  ),
  modify(
    'groups, of which some are switched by preferences',
    (world) =>
      modified(world, { native: { groups: ['own-group', 'sms'] }, preferences: { 'missed-calls': true, sms: false } }),
    AS_MANY_AS_THERE_ARE,
  ),
  modify('no externalId', (world) => modified(world, {}, { cleared: ['subscribers.s1.externalId'] })),
  modify(
    'number and aliases',
    (world) =>
      modified(world, {
        number: freshNumber(firstOf(world)),
        aliases: [firstOf(world).aliases[0]!, freshNumber(firstOf(world), 1)],
      }),
    AS_MANY_AS_THERE_ARE,
  ),
  modify('the number alone', (world) => modified(world, { number: freshNumber(firstOf(world)) })),
  modify(
    'the number alone, by one of its aliases',
    (world) => modified(world, { number: firstOf(world).aliases[0]! }),
    AS_MANY_AS_THERE_ARE,
  ),
  modify('no number, no aliases', (world) =>
    both(world, [], { cleared: ['subscribers.s1.number', 'subscribers.s2.aliases'] }),
  ),
  modify('call forwards of one type, of all', (world) =>
    both(
      world,
      [{ callForwards: { noAnswer: { ringTimeout: 35, destinations: [{ to: 'sip:eve@other.example.com' }] } } }],
      { cleared: ['subscribers.s2.callForwards'] },
    ),
  ),
  modify('preferences', (world) =>
    modified(world, {
      preferences: {
        'free-pstn': false,
        'missed-calls': true,
        callLimit: null,
        timezone: 'Europe/Amsterdam',
        barringPrefixes: ['+43930'],
        rejectMembers: null,
        acceptRules: { temporary: { groups: ['nobody'], duration: 60 } },
      },
    }),
  ),
  modify('voicemail', (world) =>
    both(
      world,
      [
        { voicemail: { pin: '9999' }, native: { voicemail: { delete: true, info: 'x' } } },
        { voicemail: { email: 'two@example.com' } },
      ],
      {
        cleared: ['subscribers.s1.voicemail.email'],
      },
    ),
  ),
  modify(
    'a new mailbox',
    (world) =>
      changeOf(world.mine, 'modify', [
        { ...bare(secondOf(world)), voicemail: { pin: '1212', email: 'new@example.com' } },
      ]),
    {
      ...AS_MANY_AS_THERE_ARE,
      first: (world) => [
        changeOf(world.mine, 'modify', [bare(secondOf(world))], { cleared: ['subscribers.s2.voicemail'] }),
      ],
    },
  ),
  modify('passwords, and no mailbox', (world) =>
    both(world, [{ password: 'Nw9-kq!vB72mm', preferences: { callLimit: 7 } }, { password: 'Nx9-kq!vB72mm' }], {
      cleared: ['subscribers.s2.voicemail'],
    }),
  ),
  modify('an alias of somebody else’s', (world) =>
    changeOf(world.mine, 'modify', [], { moves: [moveOf(world, { number: strangerOf(world).aliases[0]! })] }),
  ),
  modify(
    'a number of somebody else’s, and one of the customer’s',
    (world) =>
      changeOf(world.mine, 'modify', [], {
        moves: [
          moveOf(world),
          moveOf(world, {
            id: 'm2',
            number: secondOf(world).aliases[0]!,
            from: { customer: world.mine.customer.externalId, ...named(secondOf(world)) },
          }),
        ],
      }),
    {
      ...AS_MANY_AS_THERE_ARE,
      strangers: (world) => [
        // The number is not that subscriber's, who is not that customer's, or goes to somebody else's.
        changeOf(world.mine, 'modify', [], {
          moves: [moveOf(world, { number: firstOf(world).number!, to: named(secondOf(world)) })],
        }),
        changeOf(world.mine, 'modify', [], {
          moves: [moveOf(world, { from: { customer: world.mine.customer.externalId, ...named(strangerOf(world)) } })],
        }),
        changeOf(world.other, 'modify', [], { moves: [moveOf(world)] }),
      ],
      missing: (world) => [
        changeOf(world.mine, 'modify', [], { moves: [moveOf(world, { number: freshNumber(firstOf(world), 7) })] }),
        changeOf(world.mine, 'modify', [], {
          moves: [moveOf(world, { from: { customer: 'nobody', ...named(strangerOf(world)) } })],
        }),
      ],
    },
  ),
  { name: 'suspend: one subscriber', ...name('suspend', first) },
  {
    name: 'suspend: the customer',
    ...name('suspend', () => []),
    first: (world) => [changeOf(world.mine, 'suspend', second(world).map(bare))],
  },
  { name: 'resume: one subscriber', ...name('resume', first), first: (world) => [changeOf(world.mine, 'suspend', [])] },
  {
    name: 'resume: the customer',
    ...name('resume', () => []),
    first: (world) => [changeOf(world.mine, 'suspend', first(world).map(bare))],
  },
  { name: 'terminate: one subscriber', ...name('terminate', first), ...AS_MANY_AS_THERE_ARE },
  { name: 'terminate: the one with a number and an alias', ...name('terminate', second) },
  {
    name: 'terminate: all subscribers by name',
    ...name('terminate', all),
    ...AS_MANY_AS_THERE_ARE,
    // With less to be taken away; the others show all of it.
    first: (world) => [
      both(world, [], {
        cleared: ['s1', 's2'].flatMap((id) =>
          ['number', 'aliases', 'voicemail'].map((member) => `subscribers.${id}.${member}`),
        ),
      }),
    ],
  },
  { name: 'terminate: the customer', ...name('terminate', () => []), ...AS_MANY_AS_THERE_ARE },
];
