import { z } from 'zod';
import { addSchemaFaults, type Faults } from '../../check-faults.ts';
import type { Contact, OrderContent } from '../../port.ts';
import { customerNative, customerNativeOf } from '../native.ts';
import { addressOf } from '../shared/customers.ts';
import { NAME, textFault } from './text.ts';

const mail = z.email();
const LONGEST = 255;
const LONGEST_NAME = 64;

/** Platform rules for the customer and the contact, which is its members (ngnpro.md, CustomerAccount). */
export function checkCustomer({ customer }: OrderContent, faults: Faults): void {
  const { externalId, contact, billingProfile, native } = customer;
  if (customerNativeOf(native).username === undefined) {
    const fits = externalId.length <= LONGEST_NAME && NAME.test(externalId);
    faults.add(
      ['customer', 'externalId'],
      fits ? null : 'cannot be a user name of the platform: give one in customer.native.username',
    );
  }
  if (contact) checkContact(contact, faults);
  if (billingProfile !== undefined) faults.add(['customer', 'billingProfile'], textFault(billingProfile, LONGEST_NAME));
  addSchemaFaults(faults, ['customer', 'native'], customerNative, native, 'member');
  checkDomains(native['domains'], faults);
}

function checkContact(contact: Contact, faults: Faults): void {
  const path = (member: string): string[] => ['customer', 'contact', member];
  for (const [name, value] of Object.entries(contact) as [string, string | undefined][]) {
    if (value !== undefined) faults.add(path(name), textFault(value, LONGEST));
  }
  for (const name of ['phone', 'mobile'] as const) {
    const value = contact[name];
    if (value !== undefined && !/^\+?[\d\s()./-]{1,64}$/.test(value))
      faults.add(path(name), 'must be a telephone number');
  }
  if (contact.email === undefined) faults.add(path('email'), 'is required by the platform');
  else if (!mail.safeParse(contact.email).success) faults.add(path('email'), 'must be a mail address');
  if ((addressOf(contact)?.length ?? 0) > LONGEST) faults.add(path('street'), 'makes an address that is too long');
}

function checkDomains(domains: unknown, faults: Faults): void {
  if (!Array.isArray(domains)) return;
  const names = domains.map((one: unknown) => String((one as { domain?: unknown } | null)?.domain).toLowerCase());
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) < index) faults.add(['customer', 'native', 'domains', index, 'domain'], 'is named twice');
  }
}
