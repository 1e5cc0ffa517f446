import { readForm, type Field, type FormValues } from '../form.ts';
import { isObject } from '../patch.ts';
import { invalid, Refusal, type JsonObject, type JsonValue } from '../refusal.ts';
import type { Context } from '../resource.ts';
import type { BillingProfileRow, ContactRow, CustomerRow, ProfileMapping } from '../rows.ts';
import type { SipwiseState } from '../state.ts';

const TEMPLATES = [
  'subscriber_email_template_id',
  'passreset_email_template_id',
  'invoice_email_template_id',
  'invoice_template_id',
] as const;

/** Not among what PATCH sees. */
const TYPE: Field = {
  name: 'type',
  label: 'Type',
  kind: 'choice',
  required: true,
  options: ['sipaccount', 'pbxaccount'],
};
/** sipwise-ngcp.md §8.2. The length of external_id is the database's affair, not the form's. */
export const CHANGE_FIELDS: readonly Field[] = [
  {
    name: 'status',
    label: 'Status',
    kind: 'choice',
    required: true,
    options: ['active', 'pending', 'locked', 'terminated'],
  },
  { name: 'contact_id', label: 'Contact id', kind: 'integer', required: true },
  { name: 'billing_profile_definition', kind: 'choice', options: ['id', 'profiles', 'package'] },
  { name: 'billing_profile_id', kind: 'integer' },
  { name: 'profile_package_id', kind: 'integer' },
  { name: 'max_subscribers', kind: 'integer' },
  { name: 'external_id', kind: 'text' },
  { name: 'vat_rate', kind: 'number', min: 0, max: 100 },
  { name: 'add_vat', kind: 'boolean' },
  ...TEMPLATES.map((name): Field => ({ name, kind: 'integer' })),
];
export const FIELDS: readonly Field[] = [...CHANGE_FIELDS, TYPE];
const EXTERNAL_ID_MAX = 255;

type Purpose = 'create' | 'change';

function contactFor(id: number, { state, account }: Context, purpose: Purpose): ContactRow {
  const contact = state.customerContacts.get(id);
  if (contact) {
    if (account.resellerId === null || contact.reseller_id === account.resellerId) return contact;
    // A reseller's create with another's contact fails late, and masked (§4.1).
    if (purpose === 'create') throw new Refusal(500, 'Failed to create customer.');
  }
  if (state.systemContacts.has(id)) {
    throw invalid('The contact_id is not a valid ngcp:customercontacts item, but an ngcp:systemcontacts item');
  }
  throw invalid(purpose === 'create' ? "Invalid 'contact_id'" : "Invalid 'contact_id', doesn't exist");
}

function profileFor(state: SipwiseState, id: number, contact: ContactRow): BillingProfileRow {
  if (state.terminatedBillingProfiles.has(id)) {
    throw invalid(`Invalid 'billing_profile_id' (${id}), already terminated.`);
  }
  const profile = state.billingProfiles.get(id);
  if (!profile) throw invalid(`Invalid 'billing_profile_id' (${id}).`);
  if (profile.reseller_id !== contact.reseller_id) {
    throw invalid(`The reseller of the contact doesn't match the reseller of the billing profile (${profile.name}).`);
  }
  return profile;
}

const textOrNull = (value: JsonValue | undefined): string | null => (typeof value === 'string' ? value : null);

function readMapping(value: JsonValue): ProfileMapping {
  const mapping = isObject(value) ? value : {};
  const network = mapping['network_id'];
  return {
    profile_id: Number(mapping['profile_id']),
    network_id: network === undefined || network === null ? null : Number(network),
    start: textOrNull(mapping['start']),
    stop: textOrNull(mapping['stop']),
  };
}

type Billing = Pick<CustomerRow, 'billing_profile_definition' | 'billing_profile_id' | 'billing_profiles'>;

/** Definition `profiles` needs one entry without limits at the start; later only future ones are taken. */
function readBilling(
  input: JsonObject,
  values: FormValues,
  contact: ContactRow,
  { state }: Context,
  self: CustomerRow | null,
): Billing {
  const definition = String(values['billing_profile_definition'] ?? 'id');
  if (definition === 'package') throw invalid("Invalid 'profile_package_id'.");
  if (definition === 'id') {
    const id = values['billing_profile_id'];
    if (id === undefined || id === null) throw invalid("Invalid 'billing_profile_id', not defined.");
    // One that was terminated since stays with its customers.
    if (Number(id) !== self?.billing_profile_id) profileFor(state, Number(id), contact);
    return { billing_profile_definition: definition, billing_profile_id: Number(id), billing_profiles: [] };
  }
  const list = Array.isArray(input['billing_profiles']) ? input['billing_profiles'].map(readMapping) : [];
  for (const mapping of list) profileFor(state, mapping.profile_id, contact);
  const initial = list.find(
    ({ start, stop, network_id: network }) => start === null && stop === null && network === null,
  );
  if (!initial && !self) {
    throw invalid("An initial interval without 'start' and 'stop' timestamps and no billing network is required.");
  }
  return {
    billing_profile_definition: definition,
    billing_profile_id: initial?.profile_id ?? self?.billing_profile_id ?? 0,
    billing_profiles: list.filter((mapping) => mapping !== initial),
  };
}

/** Fresh data has no template that belongs to a reseller, so none fits; null keeps the platform silent (§8.2). */
function refuseTemplates(values: FormValues, contact: ContactRow): void {
  for (const name of TEMPLATES) {
    const id = values[name];
    if (id === undefined || id === null) continue;
    throw invalid(
      `'${name}' with value '${id}' does not belong to Reseller '${contact.reseller_id}' that is assigned to Customer's Contact '${contact.id}'`,
    );
  }
}

/** What a body changes of a customer. */
export type CustomerChanges = Billing &
  Pick<CustomerRow, 'contact_id' | 'reseller_id' | 'status'> &
  Partial<Pick<CustomerRow, 'type' | 'max_subscribers' | 'external_id' | 'vat_rate' | 'add_vat'>>;

/**
 * Reads the body of a create (`self` null) or a change, and checks it against contacts and billing profiles.
 * @throws Refusal with the server's texts (§8.2, §4.1).
 */
export function readCustomer(
  fields: readonly Field[],
  input: JsonObject,
  context: Context,
  self: CustomerRow | null,
): CustomerChanges {
  const values = readForm(fields, input);
  const contact = contactFor(Number(values['contact_id']), context, self ? 'change' : 'create');
  const billing = readBilling(input, values, contact, context, self);
  refuseTemplates(values, contact);
  const { external_id: externalId } = values;
  if (typeof externalId === 'string' && externalId.length > EXTERNAL_ID_MAX) {
    throw self ? new Refusal(500, 'Failed to update customer.') : new Refusal(500, 'Failed to create customer.');
  }
  const changes: CustomerChanges = {
    ...billing,
    contact_id: contact.id,
    reseller_id: contact.reseller_id ?? 0,
    status: String(values['status']),
  };
  if (values['type'] !== undefined) changes.type = String(values['type']);
  if (externalId !== undefined) changes.external_id = externalId === null ? null : String(externalId);
  const { max_subscribers: max, vat_rate: vat, add_vat: addVat } = values;
  if (max !== undefined) changes.max_subscribers = max === null ? null : Number(max);
  if (vat !== undefined) changes.vat_rate = Number(vat ?? 0);
  if (addVat !== undefined) changes.add_vat = addVat === true;
  return changes;
}
