import { plainTimestamp } from '../clock.ts';
import { defineResource } from '../define-resource.ts';
import { fieldDocs, objectDoc } from '../field-docs.ts';
import type { Field } from '../form.ts';
import { cascadeStatus, endCustomer } from '../lifecycle.ts';
import { oneOfFilter, timeFilters } from '../listing.ts';
import { NARROW_OPS } from '../patch.ts';
import { invalid, type JsonObject } from '../refusal.ts';
import type { Context, Resource } from '../resource.ts';
import type { CustomerRow } from '../rows.ts';
import { addCustomer, changeCustomer } from '../state.ts';
import { CHANGE_FIELDS, FIELDS, readCustomer } from './customer-input.ts';

/** Omitted nullable columns keep their value (§8.2). */
function write(customer: CustomerRow, fields: readonly Field[], input: JsonObject, context: Context): void {
  const changes = readCustomer(fields, input, context, customer);
  const { state, now } = context;
  const { status, ...rest } = changes;
  const before = customer.status;
  changeCustomer(state, customer, rest);
  customer.modified = now;
  if (status === before) return;
  if (status === 'terminated') {
    endCustomer(state, customer, now);
    return;
  }
  customer.status = status;
  cascadeStatus(state, customer, status, now);
}

function refuseTerminated(customer: CustomerRow): void {
  if (customer.status === 'terminated') throw invalid('Customer is already terminated and cannot be changed.');
}

/** What the first profile counts from. */
const EPOCH = '1970-01-01 00:00:00';

function mappingsOf(customer: CustomerRow): JsonObject[] {
  const initial = { profile_id: customer.billing_profile_id, network_id: null, start: null, stop: null };
  return [initial, ...customer.billing_profiles].map((mapping) => ({
    ...mapping,
    effective_start_time: mapping.start ?? EPOCH,
  }));
}

function represent(customer: CustomerRow): JsonObject {
  return {
    id: customer.id,
    status: customer.status,
    type: customer.type,
    contact_id: customer.contact_id,
    external_id: customer.external_id,
    max_subscribers: customer.max_subscribers,
    vat_rate: customer.vat_rate,
    add_vat: customer.add_vat,
    billing_profile_definition: customer.billing_profile_definition,
    billing_profile_id: customer.billing_profile_id,
    billing_profiles: customer.billing_profiles.map((mapping) => ({ ...mapping })),
    all_billing_profiles: mappingsOf(customer),
    profile_package_id: null,
    subscriber_email_template_id: null,
    passreset_email_template_id: null,
    invoice_email_template_id: null,
    invoice_template_id: null,
    create_timestamp: plainTimestamp(customer.created),
    modify_timestamp: plainTimestamp(customer.modified),
    activate_timestamp: plainTimestamp(customer.activated),
    terminate_timestamp: plainTimestamp(customer.terminated),
  };
}

export const customers: Resource = defineResource<CustomerRow>({
  name: 'customers',
  entity: 'customer',
  collectionMethods: ['GET', 'POST'],
  itemMethods: ['GET', 'PUT', 'PATCH'],
  fields: [...fieldDocs(FIELDS), objectDoc('billing_profiles', 'Array', 'Billing profile schedule')],
  sortable: ['id', 'status', 'contact_id', 'external_id', 'max_subscribers'],
  filters: {
    external_id: {
      kind: 'wildcard',
      column: (customer) => customer.external_id,
      index: (state, exact) => state.customersByExternalId.get(exact),
    },
    contact_id: {
      kind: 'plain',
      column: (customer) => customer.contact_id,
      index: (state, exact) => state.customersByContact.get(Number(exact)),
    },
    type: { kind: 'plain', column: (customer) => customer.type },
    status: oneOfFilter((customer: CustomerRow) => customer.status),
    not_status: oneOfFilter((customer: CustomerRow) => customer.status, true),
    reseller_id: { kind: 'plain', column: (customer) => customer.reseller_id },
    profile_package_id: { kind: 'plain', column: () => null },
    ...timeFilters('create_timestamp', (customer: CustomerRow) => customer.created),
    ...timeFilters('activate_timestamp', (customer: CustomerRow) => customer.activated),
    ...timeFilters('modify_timestamp', (customer: CustomerRow) => customer.modified),
    ...timeFilters('terminate_timestamp', (customer: CustomerRow) => customer.terminated),
  },
  table: (state) => state.customers,
  resellerOf: (customer) => customer.reseller_id,
  represent,
  links: (customer) => ({
    customercontacts: `/api/customercontacts/${customer.contact_id}`,
    billingprofiles: `/api/billingprofiles/${customer.billing_profile_id}`,
    subscribers: `/api/subscribers/?customer_id=${customer.id}`,
  }),
  create(input, context) {
    const changes = readCustomer(FIELDS, input, context, null);
    const { state, now } = context;
    const customer: CustomerRow = {
      type: 'sipaccount',
      max_subscribers: null,
      external_id: null,
      vat_rate: 0,
      add_vat: false,
      ...changes,
      id: state.nextId('contracts'),
      created: now,
      modified: now,
      activated: null,
      terminated: changes.status === 'terminated' ? now : null,
      subscribers: new Set(),
    };
    addCustomer(state, customer);
    return customer;
  },
  replace(customer, input, context) {
    refuseTerminated(customer);
    write(customer, FIELDS, input, context);
  },
  patch: {
    ops: NARROW_OPS,
    view: (customer) => {
      refuseTerminated(customer);
      // PATCH does not see the type (§6).
      const { type: _type, ...seen } = represent(customer);
      return seen;
    },
    apply(customer, patched, context) {
      write(customer, CHANGE_FIELDS, patched, context);
    },
  },
  expand: {
    contact_id: (customer, { state }) => ({ ...state.customerContacts.get(customer.contact_id) }),
    billing_profile_id: (customer, { state }) => {
      const profile = state.billingProfiles.get(customer.billing_profile_id);
      return profile ? { id: profile.id, handle: profile.handle, name: profile.name } : null;
    },
  },
});
