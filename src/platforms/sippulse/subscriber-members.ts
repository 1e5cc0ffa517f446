import { getCountryCallingCode, isSupportedCountry } from 'libphonenumber-js';
import type { Contact, Json, OrderContent, SubscriberOrder } from '../port.ts';
import { platformNumber } from './numbers.ts';
import { dtoPreferences } from './preference-names.ts';
import { SUBSCRIBER_DEFAULTS } from './shared/subscriber-record.ts';
import type { Item, SubscriberDefaults } from './types.ts';

/** Contact members of an order and what the platform calls them (sippulse.md, subscriberDTO). */
export const CONTACT_MEMBERS = {
  firstName: 'firstName',
  lastName: 'lastName',
  email: 'emailAddress',
  phone: 'phone',
  mobile: 'mobile',
  street: 'address',
  houseNumber: 'number',
  complement: 'complement',
  district: 'quarter',
  postcode: 'zip',
  city: 'city',
  state: 'state',
  taxId: 'document',
} as const satisfies { readonly [member in keyof Contact]?: string };

/** Members of subscriberBillingInfoDTO, which a call of its own changes without touching passwords. */
export const BILLING_MEMBERS: readonly string[] = [
  ...Object.values(CONTACT_MEMBERS).filter((member) => member !== 'emailAddress'),
  'contractNumber',
];

/** Numbers for the platform: digits only (sippulse.md: `phone` and `mobile` are longs). */
const DIGITS = new Set(['phone', 'mobile']);

/** The contact as members of a subscriber. */
export function contactMembers(contact: Contact): { readonly [member: string]: string | number } {
  const members: { [member: string]: string | number } = {};
  for (const [name, member] of Object.entries(CONTACT_MEMBERS)) {
    const value = contact[name as keyof Contact];
    if (value === undefined) continue;
    members[member] = DIGITS.has(member) ? Number(value.replaceAll(/\D/g, '')) : value;
  }
  return members;
}

export function callingCodeOf(country: string): number | null {
  return isSupportedCountry(country) ? Number(getCountryCallingCode(country)) : null;
}

/** Country and area code of a subscriber: as the order says, else of its number, else of the customer's country. */
export function localityOf(
  { number, preferences }: SubscriberOrder,
  contact: Contact | undefined,
  defaults: Pick<SubscriberDefaults, 'countryCode' | 'areaCode'>,
): { countryCode: number; areaCode: number } {
  const country = contact?.country === undefined ? null : callingCodeOf(contact.country);
  return {
    countryCode: intOf(preferences?.['countryCode']) ?? intOf(number?.cc) ?? country ?? defaults.countryCode,
    areaCode: intOf(preferences?.['areaCode']) ?? intOf(number?.ac) ?? defaults.areaCode,
  };
}

function intOf(value: Json | undefined): number | null {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : null;
}

/** The one mail address of a subscriber. */
export const mailOf = ({ customer }: Pick<OrderContent, 'customer'>, { voicemail }: SubscriberOrder) =>
  customer.contact?.email ?? voicemail?.email;

/** What an order names of the target, found there. */
export interface References {
  readonly profile: string;
  readonly ratePlanId: number;
  /** 0: none. */
  readonly resellerId: number;
}

/**
 * A new subscriber. Every member without `minOccurs=0` is sent, because a server in Java reads one that is missing as
 * false or 0 (sippulse.md, subscriberDTO); so nothing that the order switches off is ever open.
 */
export function newSubscriber(
  order: Pick<OrderContent, 'customer'>,
  subscriber: SubscriberOrder,
  references: References,
  defaults: SubscriberDefaults,
): Item {
  const { username, domain, password, webPassword, number } = subscriber;
  const { contact, externalId } = order.customer;
  return {
    ...SUBSCRIBER_DEFAULTS,
    blockCollectCalls: false,
    callLimit: defaults.callLimit,
    rings: defaults.rings,
    ...(number && { rpid: platformNumber(number, defaults) }),
    ...contactMembers(contact ?? {}),
    emailAddress: mailOf(order, subscriber),
    ...references,
    ...dtoPreferences(subscriber.preferences ?? {}),
    ...localityOf(subscriber, contact, defaults),
    contractNumber: externalId,
    username,
    domain,
    password,
    passwordPortal: webPassword ?? password,
  };
}
