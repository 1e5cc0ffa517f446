import type { Path } from '../../check-faults.ts';
import type { Contact, OrderContent } from '../../port.ts';
import { ADDRESS_FIELDS, companyFields, companyKey, namedBy, taxNumbers } from '../order/company.ts';
import type { Profile } from '../profile/model.ts';
import type { About } from './needs.ts';
import { checkNativeNames, checkValues, refuseUnmapped } from './values.ts';

const CUSTOMER: Path = ['customer'];
const CONTACT: Path = ['customer', 'contact'];

/** What the customer of an order must have to be found, and to be made. */
export function checkCompany(order: OrderContent, about: About): void {
  const { profile, needs, faults } = about;
  const { contact, billingProfile, native } = order.customer;
  if (contact) needs.creation('company', CUSTOMER);
  else needs.operation('company.find', CUSTOMER);

  if (companyKey(order, profile) === undefined) {
    faults.add([...CONTACT, 'taxId'], `is required: companies are known by their ${profile.keys.company}`);
  }
  const fields = profile.fields.company;
  if (billingProfile !== undefined) refuseUnmapped(fields.has('profile'), [...CUSTOMER, 'billingProfile'], about);
  for (const member of Object.keys(contact ?? {}) as (keyof Contact)[]) {
    refuseUnmapped(isMapped(profile, contact ?? {}, member, true), [...CONTACT, member], about);
  }
  checkNativeNames(fields, native, [], [...CUSTOMER, 'native'], about);
  if (contact)
    checkValues(
      fields,
      { ...companyFields(order, profile), ...LATER },
      ({ name }) => companyPath(name, contact),
      about,
    );
}

/** What is known only when it is sent; a new company has no state that an order could tell. */
const LATER = { orderKey: '', status: '' };

/** @param withOffice whether an address may be the office's */
export function isMapped({ fields }: Profile, contact: Contact, member: keyof Contact, withOffice: boolean): boolean {
  const { company, office } = fields;
  if (company.has(member)) return true;
  if (company.has('name') && namedBy(contact).includes(member)) return true;
  // One that is cleared is nowhere any more, whichever it was.
  const taxes = contact.taxId === undefined ? ['vatNumber', 'taxCode'] : Object.keys(taxNumbers(contact));
  if (member === 'taxId') return taxes.some((name) => company.has(name));
  return withOffice && (ADDRESS_FIELDS as readonly string[]).includes(member) && office.has(member);
}

/** Where a field of a company comes from. */
export function companyPath(name: string, contact: Contact): Path {
  if (name === 'externalId') return [...CUSTOMER, 'externalId'];
  if (name === 'profile') return [...CUSTOMER, 'billingProfile'];
  if (name.startsWith('native.')) return [...CUSTOMER, 'native', name.slice('native.'.length)];
  if (name === 'name') return [...CONTACT, namedBy(contact)[0] ?? 'company'];
  return [...CONTACT, name === 'vatNumber' || name === 'taxCode' ? 'taxId' : name];
}
