import { z } from 'zod';
import { addSchemaFaults, type Faults } from '../../check-faults.ts';
import type { Action, Contact, OrderContent } from '../../port.ts';
import { customerNative, customerNativeChange } from '../native.ts';
import { addressOf } from '../shared/customers.ts';
import { textFault } from './text.ts';

const mail = z.email();
const LONGEST = 255;
const LONGEST_NAME = 64;

/** Platform rules for the customer and the contact, which is its members (ngnpro.md, CustomerAccount). */
export function checkCustomer({ action, customer }: OrderContent, faults: Faults): void {
  const { contact, billingProfile, native } = customer;
  if (contact) checkContact(contact, action, faults);
  if (billingProfile !== undefined) faults.add(['customer', 'billingProfile'], textFault(billingProfile, LONGEST_NAME));
  const schema = action === 'modify' ? customerNativeChange : customerNative;
  addSchemaFaults(faults, ['customer', 'native'], schema, native, 'member');
  checkDomains(native['domains'], faults);
}

function checkContact(contact: Contact, action: Action, faults: Faults): void {
  const path = (member: string): string[] => ['customer', 'contact', member];
  for (const [name, value] of Object.entries(contact) as [string, string | undefined][]) {
    if (value !== undefined) faults.add(path(name), textFault(value, LONGEST));
  }
  for (const name of ['phone', 'mobile'] as const) {
    const value = contact[name];
    if (value !== undefined && !/^\+?[\d\s()./-]{1,64}$/.test(value))
      faults.add(path(name), 'must be a telephone number');
  }
  if (contact.email === undefined) {
    if (action === 'provision') faults.add(path('email'), 'is required by the platform');
  } else if (!mail.safeParse(contact.email).success) faults.add(path('email'), 'must be a mail address');
  if ((addressOf(contact)?.length ?? 0) > LONGEST) faults.add(path('street'), 'makes an address that is too long');
}

function checkDomains(domains: unknown, faults: Faults): void {
  if (!Array.isArray(domains)) return;
  const names = domains.map((one: unknown) => String((one as { domain?: unknown } | null)?.domain).toLowerCase());
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) < index) faults.add(['customer', 'native', 'domains', index, 'domain'], 'is named twice');
  }
}
