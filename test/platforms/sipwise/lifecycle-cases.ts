import { expect } from 'vitest';
import type { OrderContent, PhoneNumber, SubscriberOrder } from '../../../src/platforms/port.ts';
import type { LifecycleCase, World } from '../lifecycle.ts';
import { contactIn, customerIn, isGone, numbersIn, numbersOf, seen } from './expected.ts';
import { bare, further, named, phone } from './further.ts';

const first = (content: OrderContent): SubscriberOrder => content.subscribers[0]!;
const second = (content: OrderContent): SubscriberOrder => content.subscribers[1]!;

const changes = (one: SubscriberOrder): Partial<SubscriberOrder> => ({
  externalId: `${one.externalId}-new`,
  password: 'Nw9-kq!vB72mm',
  webUsername: `${one.webUsername}-new`,
  number: { ...one.number!, sn: `${one.number!.sn}9` },
  aliases: [one.number!, one.aliases[1]!],
  callForwards: {
    unconditional: { destinations: [{ to: 'sip:bob@other.example.com', timeout: 5 }] },
    busy: null,
    noAnswer: { ringTimeout: 30, destinations: [{ to: '+4366610002' }] },
  },
  preferences: { block_in_clir: null, block_in_list: ['431*'], use_rtpproxy: 'never' },
  voicemail: { pin: '9999', email: 'other@example.com' },
  native: { email: 'new@example.com', timezone: null, administrative: true, lock: 3 },
});

const CLEARED = ['externalId', 'webUsername', 'number', 'aliases', 'callForwards', 'voicemail.email'];

function move(from: OrderContent, giver: SubscriberOrder, number: PhoneNumber, to: SubscriberOrder) {
  return {
    id: 'm1',
    number,
    from: { customer: from.customer.externalId, username: giver.username, domain: giver.domain },
    to: { username: to.username, domain: to.domain },
  };
}

const moves = ({ mine }: World, ...wanted: ReturnType<typeof move>[]): OrderContent =>
  further(mine, 'modify', { moves: wanted.map((one, at) => ({ ...one, id: `m${at + 1}` })) });

const suspendAll = ({ mine }: World): OrderContent[] => [further(mine, 'suspend')];

const SUSPENDED = { status: 'locked', lock: '4' };
const ACTIVE = { status: 'active', lock: null };

/** How the customer is and its subscribers are. */
const locked =
  (status: string, one: object, two: object): NonNullable<LifecycleCase['reaches']> =>
  (state, { mine, other }) => {
    expect(customerIn(state, mine)).toMatchObject({ status });
    expect(seen(state, first(mine)).subscriber).toMatchObject(one);
    expect(seen(state, second(mine)).subscriber).toMatchObject(two);
    expect(seen(state, first(other)).subscriber).toMatchObject(ACTIVE);
  };

export const CASES: LifecycleCase[] = [
  {
    name: 'modify: contact, billing profile and fields of the customer',
    reaches: (state, { mine }) => {
      const { billingprofiles } = state as unknown as { billingprofiles: { id: number; handle: string }[] };
      expect(customerIn(state, mine)).toMatchObject({
        billing_profile_id: billingprofiles.find(({ handle }) => handle === 'gold')?.id,
        max_subscribers: null,
        vat_rate: 20,
        add_vat: true,
        status: 'active',
      });
      expect(contactIn(state, mine)).toMatchObject({
        firstname: 'Jane',
        lastname: 'Doe',
        company: 'Doe & Co',
        street: 'Gürtel 7',
        email: 'jane@example.com',
        phonenumber: null,
        country: null,
        faxnumber: null,
        gpp3: 'vip',
      });
    },
    order: ({ mine }) =>
      further(mine, 'modify', {
        customer: {
          externalId: mine.customer.externalId,
          contact: {
            firstName: 'Jane',
            company: 'Doe & Co',
            street: 'Gürtel',
            houseNumber: '7',
            email: 'jane@example.com',
          },
          billingProfile: 'gold',
          native: { max_subscribers: null, vat_rate: 20, add_vat: true, contact: { faxnumber: null, gpp3: 'vip' } },
        },
        cleared: ['customer.contact.phone', 'customer.contact.country'],
      }),
  },
  {
    name: 'modify: all of a subscriber',
    reaches: (state, { mine }) => {
      const one = first(mine);
      const wanted = changes(one);
      const { subscriber, forwards, preferences, voicemail } = seen(state, one);
      expect(subscriber).toMatchObject({
        external_id: wanted.externalId,
        password: wanted.password,
        webusername: wanted.webUsername,
        email: 'new@example.com',
        timezone: null,
        administrative: true,
        status: 'active',
        lock: '3',
      });
      expect(numbersIn(state, one)).toEqual(numbersOf(wanted.number!, wanted.aliases!));
      expect(forwards).toMatchObject({
        cfu: { destinations: [{ destination: 'sip:bob@other.example.com', timeout: 5 }], times: [] },
        cfb: {},
        cft: { destinations: [{ destination: 'sip:4366610002@sip.example.com' }], ringtimeout: 30, times: [] },
        cfna: { destinations: [{ destination: 'voicebox' }] },
      });
      expect(preferences).toMatchObject({ block_in_list: ['431*'], use_rtpproxy: 'never', concurrent_max: 2 });
      expect(preferences).not.toHaveProperty('block_in_clir');
      expect(voicemail).toMatchObject({ pin: '9999', email: 'other@example.com', attach: true });
    },
    order: ({ mine }) => further(mine, 'modify', { subscribers: [bare(first(mine), changes(first(mine)))] }),
  },
  {
    name: 'modify: two subscribers, one forward and one preference',
    reaches: (state, { mine }) => {
      const [one, two] = [seen(state, first(mine)), seen(state, second(mine))];
      expect(one.forwards).toMatchObject({
        cfb: { destinations: [{ destination: 'sip:4366610003@sip.example.com' }] },
        cft: { ringtimeout: 25 },
      });
      expect(one.preferences).toMatchObject({ concurrent_max: 2 });
      expect(two.preferences).toMatchObject({ concurrent_max: 5, block_in_clir: true });
      expect(two.forwards).toMatchObject({ cfb: { destinations: [{ destination: 'voicebox', timeout: 30 }] } });
    },
    order: ({ mine }) =>
      further(mine, 'modify', {
        subscribers: [
          bare(first(mine), { callForwards: { busy: { destinations: [{ to: '+4366610003' }] } } }),
          bare(second(mine), { preferences: { concurrent_max: 5 } }),
        ],
      }),
  },
  {
    name: 'modify: clears what can be cleared',
    reaches: (state, { mine }) => {
      const { subscriber, forwards, preferences, voicemail } = seen(state, first(mine));
      expect(subscriber).toMatchObject({ external_id: null, webusername: null, email: null, lock: null });
      expect(numbersIn(state, first(mine))).toEqual(numbersOf(null, []));
      for (const type of ['cfu', 'cfb', 'cft', 'cfna']) expect(forwards?.[type]).toEqual({});
      for (const name of ['concurrent_max', 'cc', 'ac', 'allowed_clis']) expect(preferences).not.toHaveProperty(name);
      expect(voicemail).toMatchObject({ pin: '4711', email: '' });
    },
    order: ({ mine }) =>
      further(mine, 'modify', {
        subscribers: [
          bare(first(mine), { preferences: { concurrent_max: null }, native: { email: null, lock: null } }),
        ],
        cleared: CLEARED.map((member) => `subscribers.s1.${member}`),
      }),
  },
  {
    name: 'modify: password of the self-care login',
    reaches: (state, { mine }) => {
      const { subscriber } = seen(state, first(mine));
      // Null when none is set.
      expect(subscriber).not.toHaveProperty('webpassword');
      expect(subscriber).toMatchObject({ email: 'new@example.com' });
    },
    order: ({ mine }) =>
      further(mine, 'modify', {
        subscribers: [bare(first(mine), { webPassword: 'Web-12345-zz', native: { email: 'new@example.com' } })],
      }),
    unseen: ['webPassword'],
  },
  {
    name: 'modify: an alias moves within the customer',
    reaches: (state, { mine }) => {
      const [one, two] = [first(mine), second(mine)];
      expect(numbersIn(state, one)).toEqual(numbersOf(one.number!, [one.aliases[0]!]));
      expect(numbersIn(state, two)).toEqual(numbersOf(two.number!, [...two.aliases, one.aliases[1]!]));
    },
    order: (its) => {
      const { mine } = its;
      return moves(its, move(mine, first(mine), first(mine).aliases[1]!, second(mine)));
    },
    strangers: (its) => {
      const { mine, other } = its;
      return [
        moves(its, move(mine, first(mine), first(other).aliases[0]!, second(mine))),
        moves(its, move(mine, first(other), first(other).aliases[0]!, second(mine))),
        moves(its, move(mine, first(mine), first(mine).aliases[0]!, first(other))),
      ];
    },
    missing: (its) => {
      const { mine } = its;
      const nobody = { ...first(mine), username: 'nobody-moves' };
      return [
        moves(its, move(mine, first(mine), phone('999999'), second(mine))),
        moves(its, move(mine, nobody, phone('999999'), second(mine))),
        moves(its, move(mine, first(mine), first(mine).aliases[0]!, nobody)),
      ];
    },
  },
  {
    name: 'modify: a primary number moves one way, and an alias the other',
    reaches: (state, { mine }) => {
      const [one, two] = [first(mine), second(mine)];
      expect(numbersIn(state, one)).toEqual(numbersOf(one.number!, [one.aliases[0]!, two.number!]));
      expect(numbersIn(state, two)).toEqual(numbersOf(null, [...two.aliases, one.aliases[1]!]));
    },
    order: (its) => {
      const { mine } = its;
      const [one, two] = [first(mine), second(mine)];
      return moves(its, move(mine, one, one.aliases[1]!, two), move(mine, two, two.number!, one));
    },
    unforeseen: 'calls',
  },
  {
    name: 'modify: a subscriber that also gets a number',
    reaches: (state, { mine }) => {
      const [one, two] = [first(mine), second(mine)];
      const { subscriber, preferences } = seen(state, one);
      expect([subscriber?.['external_id'], preferences?.['concurrent_max']]).toEqual(['S-mover', 7]);
      expect(numbersIn(state, one)).toEqual(numbersOf(one.number!, [...one.aliases, two.aliases[1]!]));
    },
    order: (its) => {
      const { mine } = its;
      const [one, two] = [first(mine), second(mine)];
      return {
        ...moves(its, move(mine, two, two.aliases[1]!, one)),
        subscribers: [bare(one, { externalId: 'S-mover', preferences: { concurrent_max: 7 } })],
      };
    },
    unforeseen: 'undo',
  },
  {
    name: 'modify: a number comes from another customer',
    reaches: (state, { mine, other }) => {
      const [one, giver] = [first(mine), first(other)];
      expect(numbersIn(state, one)).toEqual(numbersOf(one.number!, [...one.aliases, giver.aliases[1]!]));
      expect(numbersIn(state, giver)).toEqual(numbersOf(giver.number!, [giver.aliases[0]!]));
    },
    order: (its) => {
      const { mine, other } = its;
      return moves(its, move(other, first(other), first(other).aliases[1]!, first(mine)));
    },
  },
  {
    name: 'modify: all numbers of another customer’s subscriber come, the primary one first',
    reaches: (state, { mine, other }) => {
      const [two, giver] = [second(mine), first(other)];
      const all = [...two.aliases, giver.number!, ...giver.aliases];
      expect(numbersIn(state, two)).toEqual(numbersOf(two.number!, all));
      expect(numbersIn(state, giver)).toEqual(numbersOf(null, []));
    },
    order: (its) => {
      const { mine, other } = its;
      const giver = first(other);
      const all = [giver.number!, ...giver.aliases];
      return moves(its, ...all.map((number) => move(other, giver, number, second(mine))));
    },
    unforeseen: 'calls',
  },
  {
    name: 'suspend: the customer',
    reaches: locked('locked', SUSPENDED, SUSPENDED),
    order: ({ mine }) => further(mine, 'suspend'),
    unforeseen: 'undo',
  },
  {
    name: 'suspend: a subscriber',
    reaches: locked('active', SUSPENDED, ACTIVE),
    order: ({ mine }) => further(mine, 'suspend', { subscribers: [named(first(mine))] }),
  },
  {
    name: 'resume: the customer',
    reaches: locked('active', ACTIVE, ACTIVE),
    first: suspendAll,
    order: ({ mine }) => further(mine, 'resume'),
  },
  {
    name: 'resume: subscribers',
    reaches: locked('locked', ACTIVE, ACTIVE),
    first: suspendAll,
    order: ({ mine }) => further(mine, 'resume', { subscribers: [named(first(mine)), bare(second(mine))] }),
  },
  {
    name: 'terminate: subscribers',
    reaches: (state, { mine, other }) => {
      expect(mine.subscribers.map((one) => isGone(state, one))).toEqual([true, true]);
      expect(customerIn(state, mine)).toMatchObject({ status: 'active' });
      expect(isGone(state, first(other))).toBe(false);
    },
    order: ({ mine }) => further(mine, 'terminate', { subscribers: [named(first(mine)), bare(second(mine))] }),
  },
  {
    name: 'terminate: the customer',
    reaches: (state, { mine, other }) => {
      expect(mine.subscribers.map((one) => isGone(state, one))).toEqual([true, true]);
      expect(customerIn(state, mine)).toMatchObject({ status: 'terminated' });
      expect(contactIn(state, mine)).toBeUndefined();
      expect(isGone(state, first(other))).toBe(false);
    },
    order: ({ mine }) => further(mine, 'terminate'),
  },
];
