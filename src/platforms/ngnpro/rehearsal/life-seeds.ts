import type { OrderContent, Stage, SubscriberOrder } from '../../port.ts';
import { MAILBOX as TO_MAILBOX } from '../forwards.ts';
import { CUSTOMER_MEMBERS } from '../native.ts';
import { digitsOf, userPartOf } from '../numbers.ts';
import { CUSTOMER } from '../operations/customer.ts';
import { MAILBOX } from '../operations/mailbox.ts';
import { NUMBER } from '../operations/things-dns.ts';
import { ACCOUNT, ALIAS } from '../operations/things-sip.ts';
import type { Thing } from '../operations/thing.ts';
import { isAccountMember, isSwitch } from '../preference-names.ts';
import { contactMembers, CONTACT_NAMES, customerUsername } from '../shared/customers.ts';
import { mappingTo } from '../shared/enum-numbers.ts';
import { accountName, sipIdFor } from '../shared/kinds.ts';
import { mark } from '../shared/marks.ts';
import type { Item, NgnproDefaults, Plain, SipId } from '../types.ts';
import { AS_FOUND } from './as-found.ts';

/*
 * What orders that change or end something count on: customers and subscribers are there, what an order changes is
 * otherwise, and of each list that it replaces or empties there is one entry.
 */

/** Some subscriber of a customer that an order is about as a whole. */
const SOMEBODY: SipId = { username: '{subscriber}', domain: '{domain}' };

/** One whose numbers, mailbox and the like may be there. */
interface Known {
  readonly sipId: SipId;
  readonly owner: number;
  /** Null: a giver or receiver of a number, or somebody of the customer. */
  readonly order: SubscriberOrder | null;
  /** Stands before the names of what is known of it. */
  readonly prefix: string;
}

const otherwise = (value: unknown): Plain => {
  if (typeof value === 'boolean') return !value;
  return Array.isArray(value) ? [AS_FOUND] : AS_FOUND;
};

const allOtherwise = (members: object): Item =>
  Object.fromEntries(Object.entries(members).map(([name, value]) => [name, otherwise(value)]));

/** Whether the order is about whomever the customer has. */
const isWhole = ({ action, subscribers, customer }: OrderContent): boolean =>
  subscribers.length === 0 && (action !== 'modify' || customer.billingProfile !== undefined);

/** Things of one kind that an order which is no provisioning finds. */
export function lifeSeeds(thing: Thing, { order, numberFor }: Stage, defaults: NgnproDefaults): Item[] {
  if (order.action === 'provision') return [];
  const { moves = [], customer } = order;
  const customerId = (): number => numberFor('customerId');
  const givers = [...new Set(moves.map(({ from }) => from.customer))].filter((name) => name !== customer.externalId);
  const idOf = (externalId: string): number =>
    externalId === customer.externalId ? customerId() : numberFor(`giver${givers.indexOf(externalId) + 1}Id`);

  const everybody: Known[] = [
    ...order.subscribers.map((one) => ({ sipId: sipIdFor(one), owner: customerId(), order: one, prefix: one.id })),
    ...moves.flatMap(({ id, from, to }) => [
      { sipId: sipIdFor(from), owner: idOf(from.customer), order: null, prefix: `${id}.from` },
      { sipId: sipIdFor(to), owner: customerId(), order: null, prefix: `${id}.to` },
    ]),
    ...(isWhole(order) ? [{ sipId: SOMEBODY, owner: customerId(), order: null, prefix: 'subscriber' }] : []),
  ];
  const known = [...new Map(everybody.toReversed().map((one) => [accountName(one.sipId), one])).values()].toReversed();

  const mainOf = ({ prefix }: Known): string => String(numberFor(`${prefix}.number`));
  const aliasNameOf = ({ prefix }: Known): string => String(numberFor(`${prefix}.alias`));

  switch (thing) {
    case CUSTOMER:
      return [customer.externalId, ...givers].map((externalId) => ({
        id: idOf(externalId),
        username: customerUsername({ externalId }),
        ...(externalId === customer.externalId && customerSeed(order)),
        properties: [{ ...mark('customer', externalId) }],
      }));
    case ACCOUNT:
      return known.map((one) => ({
        ...accountSeed(one, order),
        ...(hasNumbers(order, one) && { rpid: mainOf(one) }),
      }));
    case ALIAS:
      return [
        ...known
          .filter((one) => hasNumbers(order, one))
          .flatMap((one) => [mainOf(one), aliasNameOf(one)].map((name) => aliasOf(name, one.sipId, one.owner))),
        ...moves.map(({ number, from }) =>
          aliasOf(userPartOf(digitsOf(number), defaults), sipIdFor(from), idOf(from.customer)),
        ),
      ];
    case NUMBER:
      return [
        ...known
          .filter((one) => hasNumbers(order, one))
          .flatMap((one) => [mainOf(one), aliasNameOf(one)].map((name) => publishedOf(name, one, defaults))),
        ...moves.map(({ number, from }) =>
          publishedOf(digitsOf(number), { sipId: sipIdFor(from), owner: idOf(from.customer) }, defaults),
        ),
      ];
    case MAILBOX:
      return known
        .filter((one) => hasMailbox(order, one))
        .map((one) => ({
          sipId: { ...one.sipId },
          mailbox: '{mailbox}',
          password: AS_FOUND,
          email: AS_FOUND,
          options: { delete: !(one.order?.native['voicemail'] as { delete?: boolean } | undefined)?.delete },
        }));
    default:
      return [];
  }
}

/** Entities that have rating profiles. */
export const ratedBy = ({ action, subscribers, customer }: OrderContent): SipId[] => {
  if (action === 'terminate') return subscribers.length > 0 ? subscribers.map((one) => sipIdFor(one)) : [SOMEBODY];
  if (action !== 'modify' || customer.billingProfile === undefined) return [];
  return subscribers.length > 0 ? subscribers.map((one) => sipIdFor(one)) : [SOMEBODY];
};

/** The diversions of one whose mailbox is to go. */
export const leadsToMailbox = ({ subscribers, cleared }: OrderContent, sipId: SipId): Item | null => {
  const one = subscribers.find((other) => accountName(sipIdFor(other)) === accountName(sipId));
  return one && cleared?.includes(`subscribers.${one.id}.voicemail`) ? { FNOA: TO_MAILBOX } : null;
};

function customerSeed({ customer, cleared = [] }: OrderContent): Item {
  const names = cleared.filter((path) => path.startsWith('customer.contact.')).map((path) => path.split('.').at(-1)!);
  const members = Object.entries(CONTACT_NAMES).filter(([, parts]) => parts.some((part) => names.includes(part)));
  const native = Object.entries(customer.native).filter(([name]) => CUSTOMER_MEMBERS.includes(name));
  return allOtherwise({
    ...contactMembers(customer.contact ?? {}),
    ...Object.fromEntries(members.map(([member]) => [member, ''])),
    ...Object.fromEntries(native),
  });
}

function accountSeed({ sipId, owner, order: own }: Known, { action, customer }: OrderContent): Item {
  const isChanged = action === 'modify' && own !== null;
  const named = { ...(isChanged && own.preferences), ...(isChanged && own.native) };
  const members = Object.fromEntries(Object.entries(named).filter(([name]) => isAccountMember(name)));
  const switches = Object.entries(named).filter(([name, value]) => isSwitch(name) && value !== true);
  return {
    id: { ...sipId },
    owner,
    timeout: 0,
    ...allOtherwise(members),
    groups: [...switches.map(([name]) => name), ...(action === 'resume' ? ['blocked'] : [])],
    properties: [{ ...mark('customer', customer.externalId) }, { ...mark('subscriber', AS_FOUND) }],
  };
}

const hasNumbers = ({ action, cleared }: OrderContent, { order: own, prefix }: Known): boolean => {
  if (action === 'terminate') return true;
  const isCleared = ['number', 'aliases'].some((name) => cleared?.includes(`subscribers.${prefix}.${name}`));
  return own !== null && (own.number !== undefined || own.aliases.length > 0 || isCleared);
};

const hasMailbox = ({ action, cleared }: OrderContent, { order: own, prefix }: Known): boolean => {
  if (action === 'terminate') return true;
  const isCleared = ['voicemail', 'voicemail.email'].some((name) => cleared?.includes(`subscribers.${prefix}.${name}`));
  return own !== null && (own.voicemail !== undefined || own.native['voicemail'] !== undefined || isCleared);
};

const aliasOf = (username: string, target: SipId, owner: number): Item => ({
  id: { username, domain: target.domain },
  target: { ...target },
  owner,
});

const publishedOf = (
  number: string,
  { sipId, owner }: Pick<Known, 'sipId' | 'owner'>,
  { enumTld }: NgnproDefaults,
): Item => ({ id: { number, tld: enumTld }, owner, info: AS_FOUND, mappings: [mappingTo(sipId)] });
