import type { Contact, JsonObject, OrderContent } from '../../port.ts';
import type { Profile } from '../profile/model.ts';
import type { Values } from '../wire/values.ts';

/** A company as the profile's fields have it (tim-web-portal.md §4, canonical model). */

/** Of a private person: 16 letters and digits; everybody else's number is one for VAT. */
const TAX_CODE = /^[A-Z]{6}[0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]$/i;

/** Italian numbers are known without their country in Italy. */
const ITALIAN_VAT = /^IT(?=\d{11}$)/i;

export function companyName({ company, firstName, lastName }: Contact): string | undefined {
  return company ?? ([firstName, lastName].filter((part) => part !== undefined).join(' ') || undefined);
}

/** Members of the contact that `name` says. */
export const namedBy = ({ company }: Contact): readonly (keyof Contact)[] =>
  company === undefined ? ['firstName', 'lastName'] : ['company'];

/** The one of `vatNumber` and `taxCode` that the contact's tax id is. */
export function taxNumbers({ taxId }: Contact): Values {
  if (taxId === undefined) return {};
  const compact = taxId.replaceAll(/[\s.-]/g, '').toUpperCase();
  return TAX_CODE.test(compact) ? { taxCode: compact } : { vatNumber: compact.replace(ITALIAN_VAT, '') };
}

/** The field with the portal's word for the kind of customer; undefined where the profile has none that fits. */
function kindOf(customer: OrderContent['customer'], { fields }: Profile): string | undefined {
  if (customer.billingProfile !== undefined) return customer.billingProfile;
  const kind = customer.contact?.company === undefined ? 'retail' : 'company';
  return fields.company.get('profile')?.converter.fault(kind) === null ? kind : undefined;
}

/** Fields of the portal's own, by the names that profiles have for them. */
export const nativeFields = (native: JsonObject, without: readonly string[] = []): Values =>
  Object.fromEntries(
    Object.entries(native)
      .filter(([name]) => !without.includes(name))
      .map(([name, value]) => [`native.${name}`, value]),
  );

/** Address members of a contact; offices that say none are taken to be there. */
export const ADDRESS_FIELDS = [
  'street',
  'houseNumber',
  'complement',
  'district',
  'postcode',
  'city',
  'state',
  'country',
] as const satisfies readonly (keyof Contact)[];

export function companyFields({ customer }: OrderContent, profile: Profile): Values {
  const { contact = {}, externalId, native } = customer;
  return {
    ...contact,
    externalId,
    name: companyName(contact),
    ...taxNumbers(contact),
    profile: kindOf(customer, profile),
    ...nativeFields(native),
  };
}

/** The order's name of what a field of the company is made of; null: of nothing that can be otherwise. */
export function companyMember({ customer }: OrderContent, field: string): string | null {
  const { contact, billingProfile } = customer;
  if (field === 'externalId' || field === 'status') return null;
  if (field === 'name')
    return contact && companyName(contact) !== undefined ? `customer.contact.${namedBy(contact)[0] ?? ''}` : null;
  if (field === 'profile') return billingProfile === undefined ? null : 'customer.billingProfile';
  if (field.startsWith('native.')) return `customer.${field}`;
  return `customer.contact.${field === 'vatNumber' || field === 'taxCode' ? 'taxId' : field}`;
}

/** What the company is known by on the portal; undefined where the order does not tell it. */
export function companyKey(order: OrderContent, profile: Profile): string | undefined {
  const key = companyFields(order, profile)[profile.keys.company];
  return typeof key === 'string' ? key : undefined;
}
