import type { Contact } from '../port.ts';
import type { Item } from './client.ts';
import { textOrNull } from './lookup.ts';

export type ContactMember = keyof Contact;

/** Member of the order, member of the platform, longest text (sipwise-ngcp.md §8.1). */
export const CONTACT_FIELDS: readonly (readonly [ContactMember, string, number])[] = [
  ['firstName', 'firstname', 127],
  ['lastName', 'lastname', 127],
  ['company', 'company', 127],
  ['email', 'email', 255],
  ['phone', 'phonenumber', 31],
  ['mobile', 'mobilenumber', 31],
  ['street', 'street', 127],
  ['postcode', 'postcode', 16],
  ['city', 'city', 127],
  ['country', 'country', 2],
  ['taxId', 'vatnum', 127],
];

/** The platform has nothing to hold these; `houseNumber` is written behind the street, as in its own examples. */
export const NO_FIELD: readonly ContactMember[] = ['complement', 'district', 'state'];

/** The members of a contact as the platform names them; only those given. */
export function contactMembers(contact: Contact): Record<string, string> {
  const members: Record<string, string> = {};
  for (const [member, name] of CONTACT_FIELDS) {
    const value = member === 'street' ? streetOf(contact) : contact[member];
    if (value !== undefined) members[name] = value;
  }
  return members;
}

export function streetOf(contact: Contact): string | undefined {
  if (contact.street === undefined) return undefined;
  return contact.houseNumber === undefined ? contact.street : `${contact.street} ${contact.houseNumber}`;
}

/** Members of the order that the contact on the target has otherwise. */
export function contactDifferences(contact: Contact, found: Item): ContactMember[] {
  const wanted = contactMembers(contact);
  return CONTACT_FIELDS.filter(
    ([, name]) => wanted[name] !== undefined && wanted[name] !== textOrNull(found[name]),
  ).map(([member]) => member);
}
