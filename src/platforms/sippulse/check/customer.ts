import { z } from 'zod';
import type { Contact, OrderContent, TargetSettings } from '../../port.ts';
import { customerNative, customerNativeChange, customerNativeOf } from '../native.ts';
import type { SippulseSettings } from '../settings.ts';
import { callingCodeOf, CONTACT_MEMBERS, localityOf } from '../subscriber-members.ts';
import { addSchemaFaults, type Faults } from '../../check-faults.ts';
import { textFault } from './faults.ts';

const mail = z.email();
const LONGEST = 255;

/** Platform rules for the customer, which is data of each of its subscribers (sippulse.md, subscriberDTO). */
export function checkCustomer(order: OrderContent, settings: TargetSettings<SippulseSettings>, faults: Faults): void {
  const { customer, subscribers } = order;
  faults.add(['customer', 'externalId'], textFault(customer.externalId, 64));
  if (customer.contact) checkContact(customer.contact, order, settings, faults);
  if (customer.billingProfile !== undefined) {
    faults.add(['customer', 'billingProfile'], textFault(customer.billingProfile, 64));
  }
  const native = order.action === 'modify' ? customerNativeChange : customerNative;
  addSchemaFaults(faults, ['customer', 'native'], native, customer.native, 'member');
  const domains = new Set(subscribers.map(({ domain }) => domain.toLowerCase()));
  if (customerNativeOf(customer.native).reseller && domains.size > 1) {
    faults.add(['customer', 'native', 'reseller'], 'belongs to one domain, and the subscribers are in several');
  }
}

function checkContact(
  contact: Contact,
  { action, subscribers }: OrderContent,
  { native }: TargetSettings<SippulseSettings>,
  faults: Faults,
): void {
  const path = (member: string): string[] => ['customer', 'contact', member];
  for (const [name, value] of Object.entries(contact) as [keyof Contact, string | undefined][]) {
    if (value === undefined) continue;
    if (name === 'country') {
      faults.add(path(name), countryFault(value, contact, subscribers, native));
    } else if (!Object.hasOwn(CONTACT_MEMBERS, name)) {
      faults.add(path(name), 'has no field on this platform');
    } else if (name === 'phone' || name === 'mobile') {
      const digits = value.replaceAll(/[\s()./-]/g, '');
      faults.add(path(name), /^\+?[1-9]\d{0,14}$/.test(digits) ? null : 'must be digits that do not begin with 0');
    } else faults.add(path(name), textFault(value, LONGEST));
  }
  if (contact.email === undefined) {
    if (action === 'provision') faults.add(path('email'), 'is required by the platform');
  } else if (!mail.safeParse(contact.email).success) faults.add(path('email'), 'must be a mail address');
}

/** The platform keeps a country only as the calling code of each subscriber. */
function countryFault(
  country: string,
  contact: Contact,
  subscribers: OrderContent['subscribers'],
  defaults: SippulseSettings,
): string | null {
  const code = callingCodeOf(country);
  if (code === null) return 'has no calling code, by which alone the platform knows countries';
  const other = subscribers.find((one) => localityOf(one, contact, defaults).countryCode !== code);
  if (!other) return null;
  const { countryCode } = localityOf(other, contact, defaults);
  return `is kept by its calling code ${code} only, and subscriber ${other.id} has ${countryCode}`;
}
