import type { OrderContent, Stage, SubscriberName, SubscriberOrder } from '../../port.ts';
import { CONTACT_FIELDS, contactMembers } from '../contact-fields.ts';
import { FORWARD_TYPES, NO_FORWARDS } from '../forwards.ts';
import { customerNativeOf, subscriberNativeOf } from '../native.ts';
import { platformNumber, readDigits } from '../numbers.ts';
import { clears } from '../shared/cleared.ts';
import { SUSPENDED, UNLOCKED } from '../shared/locking.ts';
import type { Item } from '../types.ts';

/** What an imagined target holds, members by name. */
export type Held = { [member: string]: unknown };

export interface ImaginedSubscriber {
  readonly subscribers: Held;
  readonly subscriberpreferences: Held;
  readonly callforwards: Held;
  readonly voicemailsettings: Held;
}

/** Whatever the order changes is there, and otherwise: by a name that a plan shows in its place. */
export function createImagination({ order, numberFor, secret }: Stage) {
  const shown = (name: string): string => String(numberFor(name));
  const textsFor = (holder: string, members: Iterable<string>): Held =>
    Object.fromEntries([...members].map((member) => [member, shown(`${holder}.${member}`)]));
  const numberOf = (holder: string): Held => textsFor(holder, ['cc', 'ac', 'sn']);

  function locking({ native }: SubscriberOrder): Held {
    const { lock, status } = subscriberNativeOf(native);
    if (order.action === 'resume' || status === 'active') return { ...SUSPENDED };
    return { ...UNLOCKED, ...(lock === null && { lock: '1' }) };
  }

  function forwardsOf(one: SubscriberOrder): Held {
    const named = clears(order, `subscribers.${one.id}.callForwards`) ? NO_FORWARDS : (one.callForwards ?? {});
    const types = Object.keys(named).map((type) => FORWARD_TYPES[type as keyof typeof FORWARD_TYPES]);
    return Object.fromEntries(
      types.map((type) => [type, { destinations: [{ destination: shown(`${one.id}.${type}`) }], times: [] }]),
    );
  }

  return {
    customer(): Held {
      const { externalId, native } = order.customer;
      const { contact: _contact, ...members } = customerNativeOf(native);
      return {
        ...textsFor('customer', Object.keys(members)),
        id: numberFor('customerId'),
        external_id: externalId,
        contact_id: numberFor('contactId'),
        billing_profile_id: numberFor('customer.billing_profile_id'),
        status: order.action === 'resume' ? 'locked' : 'active',
      };
    },

    contact(): Held {
      const { contact = {}, native } = order.customer;
      const cleared = CONTACT_FIELDS.filter(([member]) => clears(order, `customer.contact.${member}`));
      const named = [
        ...Object.keys(contactMembers(contact)),
        ...Object.keys(customerNativeOf(native).contact ?? {}),
        ...cleared.map(([, name]) => name),
      ];
      return textsFor('contact', new Set(named));
    },

    /** One that the order changes or names. */
    subscriber(one: SubscriberOrder, customerId: unknown): ImaginedSubscriber {
      const { id, username, domain, externalId, native, preferences = {} } = one;
      const isChanged = order.action === 'modify';
      const { lock: _lock, status: _status, ...members } = subscriberNativeOf(native);
      const [primary, alias] = [numberOf(`${id}.number`), numberOf(`${id}.alias`)];
      const subscriberId = numberFor(`${id}.subscriberId`);
      return {
        subscribers: {
          ...textsFor(id, [...Object.keys(members), 'webusername']),
          ...locking(one),
          id: subscriberId,
          customer_id: customerId,
          username,
          domain,
          external_id: isChanged ? shown(`${id}.external_id`) : externalId,
          password: secret(),
          primary_number: primary,
          alias_numbers: [alias],
        },
        subscriberpreferences: {
          ...followersOf(subscriberId, [primary, alias]),
          ...textsFor(`${id}.preferences`, Object.keys(preferences)),
        },
        callforwards: { id: subscriberId, ...forwardsOf(one) },
        voicemailsettings: { id: subscriberId, pin: secret(), email: shown(`${id}.voicemail.email`) },
      };
    },

    /** One of the two sides of a move. */
    mover({ username, domain }: SubscriberName, name: string, customerId: unknown): ImaginedSubscriber {
      const primary = numberOf(`${name}.number`);
      const id = numberFor(`${name}.subscriberId`);
      const subscribers = {
        ...UNLOCKED,
        id,
        customer_id: customerId,
        username,
        domain,
        primary_number: primary,
        alias_numbers: [],
      };
      const subscriberpreferences = followersOf(id, [primary]);
      return { subscribers, subscriberpreferences, callforwards: { id }, voicemailsettings: { id } };
    },

    /** An alias that is about to move. */
    alias: ({ id, number }: NonNullable<OrderContent['moves']>[number]): Item => ({
      ...platformNumber(number),
      number_id: numberFor(`${id}.numberId`),
    }),

    giveAlias({ subscribers: one, subscriberpreferences: set }: ImaginedSubscriber, alias: Item): void {
      one['alias_numbers'] = [...(one['alias_numbers'] as Item[]), alias];
      set['allowed_clis'] = [...(set['allowed_clis'] as string[]), readDigits(alias)];
    },
  };
}

/** What the platform makes of the numbers of a subscriber, the primary first (sipwise-ngcp.md §8.3). */
function followersOf(id: number, numbers: readonly Item[]): Held {
  const [primary] = numbers;
  return { id, cc: primary?.['cc'], ac: primary?.['ac'], allowed_clis: numbers.map(readDigits) };
}
