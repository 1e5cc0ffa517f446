import { defineResource } from '../define-resource.ts';
import { fieldDocs, objectDoc } from '../field-docs.ts';
import { readForm, type Field, type FormValues } from '../form.ts';
import { endBillingProfile } from '../lifecycle.ts';
import { WIDE_OPS } from '../patch.ts';
import { invalid, type JsonObject } from '../refusal.ts';
import type { Context, Resource } from '../resource.ts';
import type { BillingProfileRow } from '../rows.ts';
import { blankBillingProfile } from '../seed.ts';
import { findBillingProfile } from '../state.ts';

const FRAUD_LOCK = ['0', '1', '2', '3', '4'];

/** sipwise-ngcp.md §8.9. */
const OWN_FIELDS: readonly Field[] = [
  {
    name: 'handle',
    label: 'Handle',
    kind: 'text',
    required: true,
    max: 63,
    check: (value) => (/^\w+$/.test(value) ? null : 'Only lower-case, upper-case, digits and _ allowed'),
  },
  { name: 'name', label: 'Name', kind: 'text', required: true, max: 31 },
  { name: 'prepaid', kind: 'boolean' },
  { name: 'prepaid_library', kind: 'choice', options: ['libswrate', 'libinewrate'] },
  { name: 'interval_charge', kind: 'number' },
  { name: 'interval_free_time', kind: 'integer' },
  { name: 'interval_free_cash', kind: 'number' },
  { name: 'fraud_interval_limit', kind: 'integer' },
  { name: 'fraud_interval_lock', kind: 'choice', options: FRAUD_LOCK },
  { name: 'fraud_interval_notify', kind: 'text', max: 255 },
  { name: 'fraud_daily_limit', kind: 'integer' },
  { name: 'fraud_daily_lock', kind: 'choice', options: FRAUD_LOCK },
  { name: 'fraud_daily_notify', kind: 'text', max: 255 },
  { name: 'fraud_use_reseller_rates', kind: 'boolean' },
  { name: 'currency', kind: 'text', max: 31 },
  { name: 'advice_of_charge', kind: 'boolean' },
  { name: 'ignore_domain', kind: 'boolean' },
];
const RESELLER_FIELD: Field = { name: 'reseller_id', label: 'Reseller', kind: 'integer', required: true };

interface ProfileInput {
  readonly values: FormValues;
  readonly resellerId: number;
  readonly weekdays: object[] | undefined;
  readonly special: object[] | undefined;
}

function objects(value: unknown): object[] | undefined {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'object' && one !== null) : undefined;
}

/** The dead time stamp stands for "live" in the server's unique keys. */
const LIVE = '0000-00-00 00:00:00';

function readProfile(input: JsonObject, { state, account }: Context, self: BillingProfileRow | null): ProfileInput {
  const own = account.resellerId;
  const values = readForm(own === null ? [RESELLER_FIELD, ...OWN_FIELDS] : OWN_FIELDS, input);
  const resellerId = own ?? Number(values['reseller_id']);
  const reseller = state.resellers.get(resellerId);
  if (!reseller || reseller.status === 'terminated') throw invalid('Invalid reseller ID.');
  const taken = (column: 'handle' | 'name'): boolean => {
    const other = findBillingProfile(state, resellerId, column, String(values[column]));
    return other !== undefined && other !== self;
  };
  if (taken('handle')) {
    const key = `${resellerId}-${values['handle']}-${LIVE}`;
    throw invalid(`Reseller-Billing Profile handle '${key}' already exists.`);
  }
  if (taken('name')) {
    const key = `${resellerId}-${values['name']}-${LIVE}`;
    throw invalid(`Reseller-Billing Profile name combination '${key}' already exists.`);
  }
  return {
    values,
    resellerId,
    weekdays: objects(input['peaktime_weekdays']),
    special: objects(input['peaktime_special']),
  };
}

function write(profile: BillingProfileRow, { values, resellerId, weekdays, special }: ProfileInput): void {
  const { handle, name, reseller_id: _reseller, ...settings } = values;
  profile.handle = String(handle);
  profile.name = String(name);
  profile.reseller_id = resellerId;
  Object.assign(profile.settings, settings);
  profile.peaktime_weekdays = weekdays ?? profile.peaktime_weekdays;
  profile.peaktime_special = special ?? profile.peaktime_special;
}

function represent(profile: BillingProfileRow): JsonObject {
  return {
    id: profile.id,
    handle: profile.handle,
    name: profile.name,
    status: profile.status,
    ...profile.settings,
    peaktime_weekdays: structuredClone(profile.peaktime_weekdays) as JsonObject[],
    peaktime_special: structuredClone(profile.peaktime_special) as JsonObject[],
  };
}

const withReseller = (profile: BillingProfileRow): JsonObject => ({
  ...represent(profile),
  reseller_id: profile.reseller_id,
});

export const billingProfiles: Resource = defineResource<BillingProfileRow>({
  name: 'billingprofiles',
  entity: 'billingprofile',
  collectionMethods: ['GET', 'POST'],
  itemMethods: ['GET', 'PUT', 'PATCH', 'DELETE'],
  fields: [
    ...fieldDocs([RESELLER_FIELD, ...OWN_FIELDS]),
    objectDoc('peaktime_weekdays', 'Array', 'Peak times by weekday, 0 = Monday'),
    objectDoc('peaktime_special', 'Array', 'Peak times by date'),
  ],
  sortable: ['id', 'reseller_id', 'handle', 'name', 'status'],
  filters: {
    handle: { kind: 'wildcard', column: (profile) => profile.handle },
    name: { kind: 'wildcard', column: (profile) => profile.name },
    reseller_id: { kind: 'plain', column: (profile) => profile.reseller_id },
  },
  table: (state) => state.billingProfiles,
  resellerOf: (profile) => profile.reseller_id,
  represent: (profile, { account }) => (account.resellerId === null ? withReseller(profile) : represent(profile)),
  create(input, context) {
    const read = readProfile(input, context, null);
    const { state } = context;
    const profile = blankBillingProfile(state.nextId('billingprofiles'), read.resellerId, '', '');
    write(profile, read);
    state.billingProfiles.set(profile.id, profile);
    return profile;
  },
  replace(profile, input, context) {
    write(profile, readProfile(input, context, profile));
  },
  patch: {
    ops: WIDE_OPS,
    view: withReseller,
    apply(profile, patched, context) {
      write(profile, readProfile(patched, context, profile));
    },
  },
  /** Also of a profile in use (§8.9). */
  remove(profile, { state }) {
    endBillingProfile(state, profile);
  },
});
