import type { Contact, OrderContent } from '../../port.ts';
import { CONTACT_FIELDS, NO_FIELD, streetOf } from '../contact-fields.ts';
import { changedCustomerNative, customerNative, customerNativeOf, storedTextFault } from '../native.ts';
import { addSchemaFaults, type Faults } from '../../check-faults.ts';
import { emailFault } from './faults.ts';

type Customer = OrderContent['customer'];

/** Platform rules for the customer and its contact (sipwise-ngcp.md §3, §8.1, §8.2, §8.9). */
export function checkCustomer(customer: Customer, faults: Faults): void {
  faults.add(['customer', 'externalId'], externalIdFault(customer.externalId));
  if (customer.contact) {
    checkContact(customer.contact, faults);
    if (customer.contact.email === undefined) faults.add(pathOf('email'), 'is required by the platform');
  }
  const { billingProfile, native } = customer;
  faults.add(['customer', 'billingProfile'], billingProfileFault(billingProfile));
  addSchemaFaults(faults, NATIVE, customerNative, native, 'field');
  if (billingProfile !== undefined && customerNativeOf(native).profile_package_id !== undefined) {
    faults.add([...NATIVE, 'profile_package_id'], 'cannot go together with billingProfile');
  }
}

/** Why the platform's own fields of a customer are not changed by a modify order. */
const FIXED = {
  type: 'cannot be changed once the customer is made',
  status: 'is changed by suspend, resume and terminate orders',
  profile_package_id: 'cannot be changed: undo could not bring back what was billed before',
};

/** The same for a modify order, which may also clear members. */
export function checkChangedCustomer({ customer, cleared = [] }: OrderContent, faults: Faults): void {
  const { contact = {}, billingProfile, native } = customer;
  faults.add(['customer', 'externalId'], externalIdFault(customer.externalId));
  checkContact(contact, faults);
  const clears = (member: string): boolean => cleared.includes(`customer.contact.${member}`);
  if (clears('email')) faults.add(pathOf('email'), 'is required by the platform and cannot be cleared');
  for (const member of NO_FIELD) if (clears(member)) faults.add(pathOf(member), 'has no field on this platform');
  if (clears('houseNumber') && contact.street === undefined && !clears('street')) {
    faults.add(pathOf('houseNumber'), 'needs a street: the platform has one field for both');
  }
  faults.add(['customer', 'billingProfile'], billingProfileFault(billingProfile));
  const { type, status, profile_package_id, ...rest } = native;
  for (const [member, value] of Object.entries({ type, status, profile_package_id })) {
    if (value !== undefined) faults.add([...NATIVE, member], FIXED[member as keyof typeof FIXED]);
  }
  addSchemaFaults(faults, NATIVE, changedCustomerNative, rest, 'field');
}

const NATIVE = ['customer', 'native'] as const;

const pathOf = (member: string): string[] => ['customer', 'contact', member];

function billingProfileFault(handle: string | undefined): string | null {
  if (handle === undefined || /^\w{1,63}$/.test(handle)) return null;
  return 'must be the handle of a billing profile: at most 63 letters, digits and underscores';
}

function checkContact(contact: Contact, faults: Faults): void {
  for (const member of NO_FIELD) {
    if (contact[member] !== undefined) faults.add(pathOf(member), 'has no field on this platform');
  }
  if (contact.houseNumber !== undefined && contact.street === undefined) {
    faults.add(pathOf('houseNumber'), 'needs a street: the platform has one field for both');
  }
  for (const [member, , max] of CONTACT_FIELDS) {
    const value = member === 'street' ? streetOf(contact) : contact[member];
    if (value === undefined || member === 'email') continue;
    const fault = storedTextFault(value, max);
    faults.add(pathOf(member), fault && member === 'street' ? `${fault}, the house number included` : fault);
  }
  if (contact.country !== undefined && !/^[A-Z]{2}$/.test(contact.country)) {
    faults.add(pathOf('country'), 'must be a two-letter country code in upper case');
  }
  if (contact.email !== undefined) faults.add(pathOf('email'), emailFault(contact.email));
}

/** It must be found again by a filter that trims, takes a backslash for an escape and `$null` for a word (§3). */
export function externalIdFault(externalId: string): string | null {
  if (externalId.includes('\\')) return 'must not hold a backslash: the platform could not be asked for it';
  if (externalId.startsWith('$')) return 'must not begin with $: the platform could not be asked for it';
  return storedTextFault(externalId, 255);
}
