import type { OrderContent, PhoneNumber, SubscriberOrder } from '../../../src/platforms/port.ts';
import type { LifecycleCase, World } from '../lifecycle.ts';
import { bare, changeOf, firstOf, modified, moveOf, secondOf, strangerOf } from '../life-orders.ts';

export const number = (sn: string): PhoneNumber => ({ cc: '55', ac: '11', sn });

/** A number that nobody has, the same one for a subscriber every time. */
export const freshNumber = ({ number: own }: SubscriberOrder, at = 0): PhoneNumber =>
  number(`5${own!.sn.slice(1)}${at}`);

/** The same for somebody else's subscriber. */
const ofStranger = (order: (world: World) => OrderContent) => (world: World) => {
  const content = order(world);
  return [
    {
      ...content,
      subscribers: content.subscribers.slice(0, 1).map((one) => ({ ...one, ...named(strangerOf(world)) })),
    },
  ];
};

const named = ({ username, domain }: SubscriberOrder) => ({ username, domain });

const modify = (
  name: string,
  order: (world: World) => OrderContent,
  more: Partial<LifecycleCase> = {},
): LifecycleCase => ({ name: `modify: ${name}`, order, strangers: ofStranger(order), ...more });

const both = (world: World, more: readonly Partial<SubscriberOrder>[], change = {}): OrderContent =>
  changeOf(
    world.mine,
    'modify',
    [firstOf(world), secondOf(world)].map((one, at) => ({ ...bare(one), ...more[at] })),
    change,
  );

const operation = (world: World, service: string, name: string, args: OrderContent['operations'][number]['args']) =>
  changeOf(world.mine, 'provision', [], { operations: [{ id: 'o1', service, operation: name, args }] });

/** A hunt group of both subscribers, one of the first alone, and the group of accounts that the first manages. */
export function groups(world: World): OrderContent[] {
  const { username, domain } = firstOf(world);
  const second = secondOf(world).username;
  const huntGroup = { domain, method: 'serial', timeout: 20 };
  return [
    operation(world, 'HuntGroupWS', 'insertHuntGroup', {
      huntGroup: { ...huntGroup, description: 'both', groupList: `${second};${username}` },
    }),
    operation(world, 'HuntGroupWS', 'insertHuntGroup', {
      huntGroup: { ...huntGroup, description: 'alone', groupList: username },
    }),
    operation(world, 'AccountGroupWS', 'addAccountGroup', {
      accountManager: `${username}@${domain}`,
      managerProfile: 'default',
      account: [`${second}@${domain}`],
    }),
  ];
}

const name = (
  action: 'suspend' | 'resume' | 'terminate',
  subscribers: (world: World) => readonly SubscriberOrder[],
) => {
  const order = (world: World) => changeOf(world.mine, action, subscribers(world).map(bare));
  return {
    order,
    strangers: (world: World): OrderContent[] => {
      const content = order(world);
      const stranger = { ...bare(strangerOf(world)), id: 's9' };
      return [{ ...content, subscribers: [...content.subscribers, stranger] }];
    },
  };
};

const all = (world: World) => world.mine.subscribers;
const first = (world: World) => [firstOf(world)];
const UNTOLD = ['subscriber', 'reload'];

export const CASES: readonly LifecycleCase[] = [
  modify('contact, billing profile and country', (world) =>
    both(world, [], {
      customer: {
        contact: {
          firstName: 'Ana',
          city: 'Santos',
          mobile: '+5511988887777',
          email: 'ana@example.com',
          country: 'PT',
        },
        billingProfile: 'prepaid',
      },
      cleared: ['customer.contact.phone', 'customer.contact.taxId'],
    }),
  ),
  modify('billing data alone', (world) =>
    modified(world, {}, { customer: { contact: { city: 'Santos' } }, cleared: ['customer.contact.state'] }),
  ),
  modify('passwords', (world) =>
    modified(world, { password: 'Nw9-kq!vB72mm', webPassword: 'Wb9-kq!vB72mm', voicemail: { email: 'x@example.com' } }),
  ),
  modify('reseller', (world) => {
    const { name: reseller } = world.other.customer.native['reseller'] as { name: string };
    return both(world, [], { customer: { native: { reseller: { name: reseller } } } });
  }),
  modify('no reseller, an account group', (world) =>
    modified(
      world,
      {},
      {
        customer: {
          native: {
            reseller: null,
            accountGroup: { accountManager: 'chief@sip.example.com', managerProfile: 'default' },
          },
        },
      },
    ),
  ),
  modify('number and aliases', (world) =>
    modified(world, {
      number: freshNumber(firstOf(world)),
      aliases: [firstOf(world).aliases[0]!, freshNumber(firstOf(world), 1)],
    }),
  ),
  modify('the number alone, by one of its aliases', (world) => modified(world, { number: firstOf(world).aliases[0]! })),
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
  modify('preferences and quotas', (world) =>
    modified(world, {
      preferences: {
        blockCollectCalls: true,
        activeOutgoingCalls: false,
        lowCreditNotification: true,
        lowCreditLimit: 5,
        profile: 'business',
        callLimit: 9,
        pinCode: null,
        bossSecretary: 'ana',
        dailyQuota: false,
        monthlyQuota: true,
        monthlyQuotaLimit: 50,
        monthlyQuotaType: 'V',
      },
    }),
  ),
  modify('voicemail', (world) =>
    both(world, [{ voicemail: { pin: '9999' } }], { cleared: ['subscribers.s2.voicemail'] }),
  ),
  modify('lists', (world) =>
    both(world, [
      {
        native: {
          whiteList: ['5511', '5531'],
          addresses: [{ ipAddress: '192.0.2.10', protocol: 'tcp' }, { ipAddress: '192.0.2.12' }],
          locations: null,
        },
      },
      { native: { whiteList: [], locations: ['sip:gw@192.0.2.12:5060'] } },
    ]),
  ),
  modify(
    'what the platform never shows',
    (world) =>
      both(world, [{ preferences: { active: false, callLimit: 7 } }, { preferences: { cps: 9, keepAlive: 30 } }]),
    { unseen: ['services', 'switches', 'reload'] },
  ),
  {
    name: 'modify: a number of another customer, and one of its own',
    order: (world) =>
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
    strangers: (world) => {
      const { from, to } = moveOf(world);
      return [
        changeOf(world.mine, 'modify', [], {
          moves: [moveOf(world, { from: { ...from, customer: world.mine.customer.externalId } })],
        }),
        changeOf(world.other, 'modify', [], { moves: [moveOf(world, { from: { ...from }, to: { ...to } })] }),
      ];
    },
    missing: (world) => {
      const { from, to } = moveOf(world);
      return [
        { number: number('30000000') },
        { from: { ...from, username: 'nobody' } },
        { to: { ...to, username: 'nobody' } },
      ].map((more) => changeOf(world.mine, 'modify', [], { moves: [moveOf(world, more)] }));
    },
  },
  { name: 'suspend: all that are named', ...name('suspend', all), unseen: UNTOLD },
  {
    name: 'resume: one that was suspended',
    ...name('resume', first),
    first: (world) => [name('suspend', all).order(world)],
    unseen: UNTOLD,
  },
  { name: 'terminate: one of two, and its groups', ...name('terminate', first), first: groups },
  { name: 'terminate: both', ...name('terminate', all) },
];
