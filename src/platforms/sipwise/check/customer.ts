import type { Contact, OrderContent } from '../../port.ts';
import { CONTACT_FIELDS, NO_FIELD, streetOf } from '../contact-fields.ts';
import { customerNative, customerNativeOf, storedTextFault } from '../native.ts';
import { addSchemaFaults, type Faults } from '../../check-faults.ts';
import { emailFault } from './faults.ts';

/** Platform rules for the customer and its contact (sipwise-ngcp.md §3, §8.1, §8.2, §8.9). */
export function checkCustomer(customer: OrderContent['customer'], faults: Faults): void {
  faults.add(['customer', 'externalId'], externalIdFault(customer.externalId));
  if (customer.contact) checkContact(customer.contact, faults);
  const { billingProfile, native } = customer;
  if (billingProfile !== undefined && !/^\w{1,63}$/.test(billingProfile)) {
    faults.add(
      ['customer', 'billingProfile'],
      'must be the handle of a billing profile: at most 63 letters, digits and underscores',
    );
  }
  addSchemaFaults(faults, ['customer', 'native'], customerNative, native, 'field');
  if (billingProfile !== undefined && customerNativeOf(native).profile_package_id !== undefined) {
    faults.add(['customer', 'native', 'profile_package_id'], 'cannot go together with billingProfile');
  }
}

function checkContact(contact: Contact, faults: Faults): void {
  const path = (member: string): string[] => ['customer', 'contact', member];
  for (const member of NO_FIELD) {
    if (contact[member] !== undefined) faults.add(path(member), 'has no field on this platform');
  }
  if (contact.houseNumber !== undefined && contact.street === undefined) {
    faults.add(path('houseNumber'), 'needs a street: the platform has one field for both');
  }
  for (const [member, , max] of CONTACT_FIELDS) {
    const value = member === 'street' ? streetOf(contact) : contact[member];
    if (value === undefined || member === 'email') continue;
    const fault = storedTextFault(value, max);
    faults.add(path(member), fault && member === 'street' ? `${fault}, the house number included` : fault);
  }
  if (contact.country !== undefined && !/^[A-Z]{2}$/.test(contact.country)) {
    faults.add(path('country'), 'must be a two-letter country code in upper case');
  }
  if (contact.email === undefined) faults.add(path('email'), 'is required by the platform');
  else faults.add(path('email'), emailFault(contact.email));
}

/** It must be found again by a filter that trims, takes a backslash for an escape and `$null` for a word (§3). */
function externalIdFault(externalId: string): string | null {
  if (externalId.includes('\\')) return 'must not hold a backslash: the platform could not be asked for it';
  if (externalId.startsWith('$')) return 'must not begin with $: the platform could not be asked for it';
  return storedTextFault(externalId, 255);
}
