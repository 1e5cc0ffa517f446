import { stepOf, type Case } from '../../audit/evidence.ts';
import { textOf, type Made, type Row } from '../../audit/things.ts';
import type { CustomerBody, ForwardOrder, SubscriberBody } from '../../orders.ts';
import type { StepSeen } from '../../seen.ts';
import { RESELLER } from './hand.ts';
import { digestsOf } from './passwords.ts';
import { accountOf, groupCell, KEYS, mappingsText, propertyCell, rulesText, setOf } from './things.ts';

/* What an order says of a customer and a subscriber, in the platform's own words (ngnpro.md, "Types"). */

/** What the target's configuration says. */
export const TIMEZONE = 'Europe/Vienna';

export const MAILBOX = '<voice-mailbox>';

export const DIVERSIONS: Readonly<Record<string, string>> = {
  unconditional: 'FUNC',
  busy: 'FBUS',
  noAnswer: 'FNOA',
  unregistered: 'FNOL',
  unavailable: 'FUNV',
};

/** What goes to a new mailbox (ngnpro.md, "Rules worth coding"). */
export const TO_MAILBOX = ['FBUS', 'FNOA', 'FNOL'];

const SWITCHES = [
  'free-pstn',
  'anonymous',
  'anonymous-reject',
  'missed-calls',
  'voicemail',
  'trunking',
  'deny-password-change',
  'rate-on-net',
  'sms',
  'payments',
];

const CONTACT: Readonly<Record<string, string>> = {
  firstName: 'firstName',
  lastName: 'lastName',
  company: 'organization',
  email: 'email',
  phone: 'tel',
  mobile: 'mobile',
  street: 'address',
  postcode: 'postcode',
  city: 'city',
  country: 'country',
};

/** What stands for nothing, where the platform needs something. */
const BLANKS: Readonly<Record<string, string>> = {
  tel: '+0',
  address: 'Unknown',
  postcode: 'Unknown',
  city: 'Unknown',
  state: 'N/A',
  country: 'N/A',
};

/** Of a new customer, where its order says nothing of them. */
export const NEW_CUSTOMER: Readonly<Record<string, string>> = {
  ...BLANKS,
  ...Object.fromEntries(
    ['companyCode', 'organization', 'fax', 'sip', 'enum', 'mobile', 'web', 'language', 'vatNumber'].map((name) => [
      name,
      '',
    ]),
  ),
  ...Object.fromEntries(['bankAccount', 'billingEmail', 'billingAddress'].map((name) => [name, ''])),
  timezone: TIMEZONE,
  impersonate: '0',
  resellerActive: 'false',
  balance: '0',
  credit: '0',
};

/** A contact as members of the customer; those that are cleared get what stands for nothing. */
export function contactMembers({ contact = {} }: CustomerBody): Record<string, string> {
  return Object.fromEntries(
    Object.entries(contact).map(([name, value]) => {
      const member = CONTACT[name]!;
      const text = member === 'email' ? value?.toLowerCase() : value;
      return [member, text ?? BLANKS[member] ?? ''];
    }),
  );
}

export const customerIdOf = (one: Case): unknown => stepOf(one, 'customer')?.result?.['customerId'];

/** Groups and properties that nobody ordered; the order's own key is looked at apart. */
const isForeign = (member: string): boolean =>
  member !== propertyCell('turnup.key') && (member.startsWith(groupCell('')) || member.startsWith(propertyCell('')));

export function newCustomer(customer: CustomerBody, step: StepSeen): Made {
  const { domains: _domains, ...native } = customer.native ?? {};
  const members = {
    ...NEW_CUSTOMER,
    ...native,
    ...contactMembers(customer),
    reseller: RESELLER,
    [propertyCell('turnup.customer')]: customer.externalId,
  };
  const id = step.result?.['customerId'] ?? null;
  return { key: KEYS.customer(customer.externalId), members, id, isClosed: isForeign };
}

const uriOf = (to: string, domain: string): string => {
  if (to === 'voicemail') return MAILBOX;
  return to.startsWith('+') ? `sip:${to.slice(1)}@${domain.toLowerCase()}` : to;
};

/** Off is nothing. */
export function forwardMembers({ callForwards, domain }: SubscriberBody): Record<string, string> {
  const all: readonly (readonly [string, ForwardOrder | null])[] =
    callForwards === null
      ? Object.keys(DIVERSIONS).map((type) => [type, null] as const)
      : Object.entries(callForwards ?? {});
  const rings = callForwards?.['noAnswer']?.ringTimeout;
  return {
    ...Object.fromEntries(
      all.map(([type, forward]) => [DIVERSIONS[type]!, forward ? uriOf(forward.destinations[0]!.to, domain) : '']),
    ),
    ...(rings !== undefined && { timeout: String(rings) }),
  };
}

/** A preference as the member of the account that it is, as text; null clears. */
function preferenceMember(name: string, value: unknown): readonly [string, string] {
  if (SWITCHES.includes(name)) return [groupCell(name), value === true ? 'true' : ''];
  if (name === 'acceptRules') return [name, value === null ? '' : rulesText(value as Row)];
  if (['acl', 'rejectMembers', 'barringPrefixes'].includes(name)) return [name, setOf(value)];
  if (['callLimit', 'quota'].includes(name)) return [name, textOf(value ?? 0)];
  if (name === 'prepaid') return [name, textOf(value ?? false)];
  return [name, textOf(value)];
}

export const preferenceMembers = ({ preferences = {} }: SubscriberBody): Record<string, string> =>
  Object.fromEntries(Object.entries(preferences).map(([name, value]) => preferenceMember(name, value)));

/** What the subscriber is made with beside its preferences and forwards. */
function nativeMembers({ native = {} }: SubscriberBody): Record<string, string> {
  const {
    groups = [],
    properties = [],
    ...members
  } = native as {
    groups?: readonly string[];
    properties?: readonly Row[];
  };
  return Object.fromEntries([
    ...Object.entries(members).map(([name, value]) => preferenceMember(name, value)),
    ...groups.map((name) => [groupCell(name), 'true']),
    ...properties.map(({ name, value }) => [propertyCell(name), textOf(value)]),
  ]) as Record<string, string>;
}

/** Rules have operations of their own: they come after the account. */
const RULES = ['acceptRules', 'rejectMembers', 'barringPrefixes'];

/** Of a new subscriber, where its order says nothing of them. */
export const NEW_ACCOUNT: Readonly<Record<string, string>> = {
  ...Object.fromEntries([...RULES, 'acl', ...Object.values(DIVERSIONS)].map((name) => [name, ''])),
  region: '',
  quickdialPrefix: '',
  callLimit: '0',
  quota: '0',
  prepaid: 'false',
};

export function newAccountMembers(customer: CustomerBody | undefined, body: SubscriberBody): Record<string, string> {
  const { firstName = '', lastName = '', email = '' } = contactMembers(customer ?? { externalId: '' });
  const { externalId, number, password } = body;
  const digits = typeof number === 'string' ? number.slice(1) : '';
  const { timeout = '35' } = forwardMembers(body);
  const preferences = Object.entries(preferenceMembers(body)).filter(([name]) => !RULES.includes(name));
  return {
    firstName,
    lastName,
    email,
    ...NEW_ACCOUNT,
    timezone: TIMEZONE,
    rpid: digits,
    ...nativeMembers(body),
    ...Object.fromEntries(preferences),
    timeout,
    [propertyCell('turnup.customer')]: customer?.externalId ?? '',
    [propertyCell('turnup.subscriber')]: externalId ?? '',
    ...(password !== undefined && { password: digestsOf(body, password) }),
  };
}

/** Members of the account that a step of a subscriber sets; null where it sets none. */
export function changesOfSubscriber(body: SubscriberBody, kind: string, isOwn: boolean): Row | null {
  switch (kind) {
    case 'callForwards':
      return forwardMembers(body);
    case 'preferences':
      return preferenceMembers(body);
    case 'voicemail': {
      // Those who were there had diversions of their own.
      const named = forwardMembers(body);
      return Object.fromEntries(
        (isOwn ? TO_MAILBOX : []).filter((name) => !(name in named)).map((name) => [name, MAILBOX]),
      );
    }
    default:
      return null;
  }
}

/** What a step puts on the platform for a subscriber. */
export function madeForSubscriber(one: Case, body: SubscriberBody, step: StepSeen): Made[] {
  const account = accountOf({ ...body });
  const owner = customerIdOf(one);
  const { customer } = one.entry.body;
  const made = (key: string, members: Row): Made => ({ key, members, id: null });
  switch (step.kind) {
    case 'subscriber':
      return [{ ...made(KEYS.account(account), { ...newAccountMembers(customer, body), owner }), isClosed: isForeign }];
    case 'aliases':
      return digitsOf(body)
        .filter((digits) => digits !== body.username)
        .map((digits) =>
          made(KEYS.alias(accountOf({ username: digits, domain: body.domain })), { target: account, owner }),
        );
    case 'enumNumbers':
      return digitsOf(body).map((digits) => made(KEYS.number(digits), { owner, mappings: mappingTo(account) }));
    case 'billingProfile': {
      const plan = customer?.billingProfile;
      return [made(KEYS.profiles(account), { profileWeekday: plan, profileWeekend: plan })];
    }
    case 'voicemail': {
      const { pin, email } = body.voicemail ?? {};
      return [made(KEYS.mailbox(account), { password: pin, ...(email && { email: email.toLowerCase() }) })];
    }
    default:
      return [];
  }
}

/** Vendor defaults (ngnpro.md, EnumNumber). */
const mappingTo = (account: string): string =>
  mappingsText([{ type: 'sip', mapto: `sip:${account}`, priority: 5, ttl: 3600 }]);

/** All numbers of a subscriber. */
export const digitsOf = ({ number, aliases }: SubscriberBody): string[] =>
  [...(typeof number === 'string' ? [number] : []), ...(aliases ?? [])].map((one) => one.slice(1));
