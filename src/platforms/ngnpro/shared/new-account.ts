import type { OrderContent, SubscriberOrder } from '../../port.ts';
import { subscriberNativeOf } from '../native.ts';
import { digitsOf, userPartOf } from '../numbers.ts';
import { passwordFor } from '../password.ts';
import { accountMembersIn, isAccountMember, wantedGroups } from '../preference-names.ts';
import type { Item, NgnproClient } from '../types.ts';
import { sipIdFor } from './kinds.ts';
import { mark } from './marks.ts';

/** What a new account is made with. */
interface Making {
  readonly owner: number;
  readonly key: string;
  readonly password: string;
}

/**
 * A new account, with everything of the order that is a member of it, so that nothing that the order switches off is ever
 * open. Blank numbers are what the vendor's client sends for them (ngnpro.md, "Rules worth coding").
 */
export function newAccount(
  { customer }: Pick<OrderContent, 'customer'>,
  subscriber: SubscriberOrder,
  { owner, key, password }: Making,
  { defaults }: Pick<NgnproClient, 'defaults'>,
): Item {
  const { number, preferences, callForwards, externalId } = subscriber;
  const { groups = [], properties = [], ...native } = subscriberNativeOf(subscriber.native);
  const { firstName, lastName, email } = customer.contact ?? {};
  const id = sipIdFor(subscriber);
  const ringing = callForwards?.noAnswer?.ringTimeout;
  const members = {
    firstName,
    lastName,
    email,
    timezone: defaults.timezone,
    prepaid: false,
    quota: 0,
    callLimit: 0,
    ...(number && { rpid: userPartOf(digitsOf(number), defaults) }),
    ...withoutOthers(native),
    ...withoutNulls(accountMembersIn(preferences)),
    ...(ringing !== undefined && { timeout: ringing }),
  };
  return {
    id: { ...id },
    password: passwordFor(id, password, defaults),
    timeout: 35,
    ...lowered(members),
    owner,
    groups: wantedGroups(preferences, groups),
    properties: [
      ...properties.map((one) => ({ ...one })),
      { ...mark('key', key) },
      { ...mark('customer', customer.externalId) },
      ...(externalId === undefined ? [] : [{ ...mark('subscriber', externalId) }]),
    ],
  };
}

const withoutOthers = (native: object): object =>
  Object.fromEntries(Object.entries(native).filter(([name]) => isAccountMember(name)));

const withoutNulls = (members: object): object =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));

function lowered(members: Item): Item {
  const { email } = members;
  return typeof email === 'string' ? { ...members, email: email.toLowerCase() } : members;
}
