import { defineResource } from '../define-resource.ts';
import { mailCheck, readForm, zoneCheck, type Field, type FormValues } from '../form.ts';
import { fieldDocs } from '../field-docs.ts';
import { NARROW_OPS } from '../patch.ts';
import { invalid, Refusal, type JsonObject } from '../refusal.ts';
import type { Context, Resource } from '../resource.ts';
import { CONTACT_COLUMNS, type ContactRow } from '../rows.ts';
import { blankContact } from '../seed.ts';
import { addCustomerContact, changeContact, dropContact, type SipwiseState } from '../state.ts';

const text = (name: string, max: number): Field => ({ name, kind: 'text', max });

/** In the order in which the server names their faults (sipwise-ngcp.md §8.1). */
const COMMON_FIELDS: readonly Field[] = [
  text('firstname', 127),
  text('lastname', 127),
  text('comregnum', 31),
  text('company', 127),
  { name: 'email', label: 'Email', kind: 'text', required: true, max: 255, check: mailCheck },
  text('street', 127),
  text('postcode', 16),
  text('city', 127),
  { name: 'country', kind: 'text', min: 2, max: 2 },
  text('phonenumber', 31),
  text('mobilenumber', 31),
  text('faxnumber', 31),
  text('iban', 34),
  { name: 'bic', kind: 'text', min: 8, max: 11 },
  text('bankname', 255),
  text('vatnum', 127),
  { name: 'timezone', kind: 'text', check: zoneCheck, echoesReference: true },
  ...Array.from({ length: 10 }, (_, index) => text(`gpp${index}`, 255)),
];
const RESELLER_FIELD: Field = {
  name: 'reseller_id',
  label: 'Contact reseller id',
  kind: 'integer',
  required: true,
};

/** Left out of a body, these two are cleared, while any other column keeps its value (recorded: contact-lifecycle). */
const CLEARED: Partial<ContactRow> = { country: null, timezone: null };

function columnsOf(values: FormValues): Partial<ContactRow> {
  const columns = { ...CLEARED };
  for (const column of CONTACT_COLUMNS) {
    const value = values[column];
    if (value !== undefined) columns[column] = value === null ? null : String(value);
  }
  return columns;
}

function represent(contact: ContactRow): JsonObject {
  const body: JsonObject = { id: contact.id };
  for (const column of CONTACT_COLUMNS) body[column] = contact[column];
  return body;
}

/** A reseller's own id replaces what he sends (§1). */
function readCustomerContact(input: JsonObject, { account, state }: Context): Partial<ContactRow> {
  const own = account.resellerId;
  const fields = own === null ? [...COMMON_FIELDS, RESELLER_FIELD] : COMMON_FIELDS;
  const values = readForm(fields, input);
  const resellerId = own ?? Number(values['reseller_id']);
  const reseller = state.resellers.get(resellerId);
  if (!reseller || reseller.status === 'terminated') throw invalid("Invalid 'reseller_id'");
  return { ...columnsOf(values), reseller_id: resellerId };
}

/** Attached live customers forbid it; terminated ones still name the contact, so it is only marked (§8.1). */
function removeCustomerContact(contact: ContactRow, { state }: Context): void {
  const customers = state.customersByContact.get(contact.id);
  if (customers.some((customer) => customer.status !== 'terminated'))
    throw new Refusal(423, 'Contact is still in use.');
  dropContact(state, contact);
  if (customers.length > 0) state.terminatedContacts.set(contact.id, contact);
}

const SORTABLE = ['id', 'reseller_id', ...CONTACT_COLUMNS];

export const customerContacts: Resource = defineResource<ContactRow>({
  name: 'customercontacts',
  entity: 'customercontact',
  collectionMethods: ['GET', 'POST'],
  itemMethods: ['GET', 'PUT', 'PATCH', 'DELETE'],
  fields: fieldDocs([...COMMON_FIELDS, RESELLER_FIELD]),
  sortable: SORTABLE,
  filters: {
    email: {
      kind: 'wildcard',
      column: (contact) => contact.email,
      index: (state, exact) => state.contactsByEmail.get(exact),
    },
    reseller_id: { kind: 'plain', column: (contact) => contact.reseller_id },
  },
  table: (state) => state.customerContacts,
  resellerOf: (contact) => contact.reseller_id,
  represent: (contact, { account }) =>
    account.resellerId === null ? { ...represent(contact), reseller_id: contact.reseller_id } : represent(contact),
  create(input, context) {
    const changes = readCustomerContact(input, context);
    const { state } = context;
    const contact = Object.assign(blankContact(state.nextId('contacts'), null), changes);
    addCustomerContact(state, contact);
    return contact;
  },
  // Not a true replace (§8.1).
  replace(contact, input, context) {
    changeContact(context.state, contact, readCustomerContact(input, context));
  },
  patch: {
    ops: NARROW_OPS,
    view: (contact) => ({ ...represent(contact), reseller_id: contact.reseller_id }),
    apply(contact, patched, context) {
      changeContact(context.state, contact, readCustomerContact(patched, context));
    },
  },
  remove: removeCustomerContact,
});

function contractsOn(state: SipwiseState, contact: ContactRow): boolean {
  return [...state.contracts.values()].some(
    (contract) => contract.contact_id === contact.id && contract.status !== 'terminated',
  );
}

/** Contacts of resellers' contracts; needed to make a further reseller (§8.10). */
export const systemContacts: Resource = defineResource<ContactRow>({
  name: 'systemcontacts',
  entity: 'systemcontact',
  adminOnly: true,
  collectionMethods: ['GET', 'POST'],
  itemMethods: ['GET', 'PUT', 'PATCH', 'DELETE'],
  fields: fieldDocs(COMMON_FIELDS),
  sortable: SORTABLE,
  filters: { email: { kind: 'wildcard', column: (contact) => contact.email } },
  table: (state) => state.systemContacts,
  resellerOf: () => null,
  represent,
  create(input, { state }) {
    const changes = columnsOf(readForm(COMMON_FIELDS, input));
    const contact = Object.assign(blankContact(state.nextId('contacts'), null), changes);
    state.systemContacts.set(contact.id, contact);
    return contact;
  },
  replace(contact, input, { state }) {
    changeContact(state, contact, columnsOf(readForm(COMMON_FIELDS, input)));
  },
  patch: {
    ops: NARROW_OPS,
    view: represent,
    apply(contact, patched, { state }) {
      changeContact(state, contact, columnsOf(readForm(COMMON_FIELDS, patched)));
    },
  },
  remove(contact, { state }) {
    if (contractsOn(state, contact)) throw new Refusal(423, 'Contact is still in use.');
    state.systemContacts.delete(contact.id);
  },
});
