import type { OrderContent, Stage, SubscriberOrder } from '../../port.ts';
import { FORWARD_MEMBERS, wantedForwards } from '../forwards.ts';
import { customerNativeOf, subscriberNativeOf } from '../native.ts';
import { platformNumber } from '../numbers.ts';
import { ADDRESS, DID, HUNT_GROUP, USER_LOCATION, WHITE_LIST } from '../operations/collections.ts';
import type { Listed } from '../operations/listed.ts';
import { preferencesIn } from '../preference-names.ts';
import { nameOfUser, SUBSCRIBER_DEFAULTS } from '../shared/subscriber-record.ts';
import { CONTACT_MEMBERS, contactMembers, mailOf } from '../subscriber-members.ts';
import type { Item, SubscriberDefaults } from '../types.ts';
import { AS_FOUND } from './seeds.ts';

/*
 * What orders that change or end something count on: the subscribers are there, what an order changes is otherwise, and
 * of each list that it replaces or empties there is one entry.
 */

const isOf = ({ username, domain }: SubscriberOrder, user: Item): boolean =>
  username === user['username'] && domain === user['domain'];

const ownOf = ({ action, subscribers }: OrderContent, user: Item): SubscriberOrder | undefined =>
  action === 'modify' ? subscribers.find((one) => isOf(one, user)) : undefined;

const isCleared = ({ cleared }: OrderContent, { id }: SubscriberOrder, ...members: readonly string[]): boolean =>
  members.some((member) => cleared?.includes(`subscribers.${id}.${member}`));

/** Flags are otherwise, all else is as it was found. */
const otherwise = (members: object): Item =>
  Object.fromEntries(
    Object.entries(members).map(([name, value]) => [name, typeof value === 'boolean' ? !value : AS_FOUND]),
  );

/** The customer that a subscriber is of: a move's giver may be another's. */
export function customerOf({ moves = [], customer }: OrderContent, user: Item): string {
  const giver = moves.find(({ from }) => from.username === user['username'] && from.domain === user['domain']);
  return giver?.from.customer ?? customer.externalId;
}

function contactSeed(order: OrderContent, own: SubscriberOrder): Item {
  const { contact = {}, billingProfile, native } = order.customer;
  const cleared = Object.entries(CONTACT_MEMBERS)
    .filter(([name]) => order.cleared?.includes(`customer.contact.${name}`))
    .map(([, member]) => [member, null]);
  return otherwise({
    ...contactMembers(contact),
    ...Object.fromEntries(cleared),
    ...(mailOf(order, own) !== undefined && { emailAddress: '' }),
    ...(contact.country !== undefined && { countryCode: 0 }),
    ...(billingProfile !== undefined && { ratePlanId: 0 }),
    ...(customerNativeOf(native).reseller !== undefined && { resellerId: 0 }),
  });
}

/** An update sends back what it does not change. */
const SENT_BACK: Item = Object.fromEntries(
  [...Object.keys(SUBSCRIBER_DEFAULTS), 'rings'].map((name) => [name, AS_FOUND]),
);

/** What a modify order finds of a subscriber. */
export function foundRecord(user: Item, order: OrderContent): Item {
  if (order.action !== 'modify') return {};
  const own = ownOf(order, user);
  return { ...SENT_BACK, ...(own && changedRecord(own, order)) };
}

function changedRecord(own: SubscriberOrder, order: OrderContent): Item {
  const hasNumber = own.number !== undefined || isCleared(order, own, 'number');
  const hasMailbox = own.voicemail?.pin !== undefined || isCleared(order, own, 'voicemail');
  return {
    ...contactSeed(order, own),
    ...(hasNumber && otherwise({ rpid: '', countryCode: 0, areaCode: 0 })),
    ...otherwise(preferencesIn(own.preferences, 'subscriber')),
    ...(own.callForwards?.noAnswer?.ringTimeout !== undefined && { rings: AS_FOUND }),
    ...(hasMailbox && { voicemail: true, voiceMailPassword: AS_FOUND }),
  };
}

/** The same of its class V services. */
export function changedClassV(user: Item, order: OrderContent): Item {
  const own = ownOf(order, user);
  if (!own) return {};
  const format = { countryCode: 0, numberFormat: 'international' } as const;
  const { classV } = wantedForwards(own.callForwards ?? {}, own.domain, format);
  const all = Object.fromEntries(Object.values(FORWARD_MEMBERS).map((member) => [member, null]));
  return otherwise({
    ...(isCleared(order, own, 'callForwards') ? all : classV),
    ...preferencesIn(own.preferences, 'classV'),
  });
}

/** The same of its daily or monthly quota. */
export function changedQuota(user: Item, order: OrderContent, prefix: string): Item | null {
  const quotas = Object.entries(preferencesIn(ownOf(order, user)?.preferences, 'quotas'));
  const own = quotas.filter(([name]) => name.startsWith(prefix));
  return own.length === 0 ? null : otherwise(Object.fromEntries(own));
}

/** One entry of each list that a modify order replaces, or a terminate order empties. */
export function listSeeds(listed: Listed, stage: Stage, defaults: SubscriberDefaults): Item[] {
  const { order, numberFor } = stage;
  const seeded = order.subscribers.filter((one) => isListTouched(listed, order, one));
  return [
    ...seeded.map((one) => ({ ...entryOf(listed, one), id: numberFor(`${one.id}.${listed.idArg}`) })),
    ...(listed === DID ? (order.moves ?? []) : []).map(({ id, number, from: { username, domain } }) => ({
      id: numberFor(`${id}.didId`),
      username,
      domain,
      accountCode: nameOfUser({ username, domain }),
      aliasUsername: platformNumber(number, defaults),
    })),
  ];
}

function isListTouched(listed: Listed, order: OrderContent, one: SubscriberOrder): boolean {
  if (order.action === 'terminate') return [DID, WHITE_LIST, ADDRESS, USER_LOCATION, HUNT_GROUP].includes(listed);
  if (order.action !== 'modify') return false;
  const { whiteList, addresses, locations } = subscriberNativeOf(one.native);
  if (listed === DID)
    return one.number !== undefined || one.aliases.length > 0 || isCleared(order, one, 'number', 'aliases');
  if (listed === WHITE_LIST) return whiteList !== undefined;
  if (listed === ADDRESS) return addresses !== undefined;
  return listed === USER_LOCATION && locations !== undefined;
}

function entryOf(listed: Listed, { username, domain }: SubscriberOrder): Item {
  const members = Object.fromEntries(listed.key.map((member) => [member, AS_FOUND]));
  if (listed === HUNT_GROUP) return { ...members, domain, groupList: `${username};${AS_FOUND}` };
  return { ...members, username, domain, ...(listed === DID && { accountCode: nameOfUser({ username, domain }) }) };
}
