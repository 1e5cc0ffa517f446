import { offsetTimestamp } from '../clock.ts';
import { defineResource } from '../define-resource.ts';
import { fieldDocs, objectDoc } from '../field-docs.ts';
import { endSubscriber } from '../lifecycle.ts';
import { timeFilters } from '../listing.ts';
import { digitsOf, numbersOf } from '../numbers.ts';
import { WIDE_OPS } from '../patch.ts';
import { Refusal, type JsonObject } from '../refusal.ts';
import type { Context, Resource } from '../resource.ts';
import type { NumberRow, SubscriberRow } from '../rows.ts';
import { isNeededPilot } from './pbx.ts';
import { DOCUMENTED_FIELDS } from './subscriber-input.ts';
import { createSubscriber, replaceSubscriber } from './subscriber-write.ts';

/** `cc` is a number while `ac` and `sn` are strings (sipwise-ngcp.md §8.3). */
function representNumber(row: NumberRow): JsonObject {
  return { cc: Number.parseInt(row.cc, 10) || 0, ac: row.ac, sn: row.sn, number_id: row.id };
}

function displayName(subscriber: SubscriberRow): string | null {
  const value = subscriber.preferences.get('display_name');
  return value === undefined ? null : String(value);
}

function pbxMembers(subscriber: SubscriberRow): JsonObject {
  const { pbx } = subscriber;
  if (!pbx) return {};
  const members: JsonObject = {
    is_pbx_pilot: pbx.pilot,
    is_pbx_group: pbx.group,
    pbx_extension: pbx.extension,
    pbx_group_ids: [],
  };
  if (!pbx.group) return members;
  return {
    ...members,
    pbx_groupmember_ids: [],
    pbx_hunt_policy: pbx.huntPolicy,
    pbx_hunt_timeout: pbx.huntTimeout,
    pbx_hunt_cancel_mode: pbx.huntCancelMode,
  };
}

function represent(subscriber: SubscriberRow, { account }: Context): JsonObject {
  const body: JsonObject = {
    id: subscriber.id,
    uuid: subscriber.uuid,
    customer_id: subscriber.customer.id,
    domain: subscriber.domain.domain,
    domain_id: subscriber.domain.id,
    username: subscriber.username,
    webusername: subscriber.webusername,
    status: subscriber.status,
    lock: subscriber.lock,
    external_id: subscriber.external_id,
    email: subscriber.email,
    timezone: subscriber.timezone,
    display_name: displayName(subscriber),
    administrative: subscriber.administrative,
    profile_set_id: null,
    profile_id: null,
    alias_numbers: subscriber.aliases.map((row) => ({ ...representNumber(row), is_devid: row.is_devid })),
    create_timestamp: offsetTimestamp(subscriber.created),
    modify_timestamp: offsetTimestamp(subscriber.modified),
    ...pbxMembers(subscriber),
  };
  if (account.showPasswords) body['password'] = subscriber.password;
  // Absent when one is set, null when none is.
  if (!subscriber.hasWebPassword) body['webpassword'] = null;
  if (subscriber.primary) body['primary_number'] = representNumber(subscriber.primary);
  return body;
}

function end(subscriber: SubscriberRow, { state }: Context): void {
  if (isNeededPilot(subscriber)) {
    throw new Refusal(403, 'Cannot terminate pilot subscriber when other subscribers exists');
  }
  endSubscriber(state, subscriber);
}

function change(subscriber: SubscriberRow, body: JsonObject, context: Context): void {
  if (replaceSubscriber(subscriber, body, context)) end(subscriber, context);
}

export const subscribers: Resource = defineResource<SubscriberRow>({
  name: 'subscribers',
  entity: 'subscriber',
  collectionMethods: ['GET', 'POST'],
  itemMethods: ['GET', 'PUT', 'PATCH', 'DELETE'],
  fields: [
    ...fieldDocs(DOCUMENTED_FIELDS),
    objectDoc('primary_number', 'Object', 'The E.164 number: cc, ac, sn'),
    objectDoc('alias_numbers', 'Array', 'Further E.164 numbers'),
  ],
  sortable: ['id', 'username', 'uuid', 'status', 'external_id'],
  filters: {
    username: {
      kind: 'wildcard',
      column: (row) => row.username,
      index: (state, exact) => state.subscribersByUsername.get(exact),
    },
    subscriber_external_id: {
      kind: 'pattern',
      column: (row) => row.external_id,
      index: (state, exact) => state.subscribersByExternalId.get(exact),
    },
    alias: {
      kind: 'pattern',
      column: (row) => numbersOf(row).map(digitsOf),
      index: (state, exact) => {
        const owner = state.numberByDigits.get(exact)?.owner;
        return owner ? [owner] : [];
      },
    },
    primary_number: {
      kind: 'pattern',
      column: (row) => (row.primary ? digitsOf(row.primary) : null),
      index: (state, exact) => {
        const owner = state.numberByDigits.get(exact)?.owner;
        return owner ? [owner] : [];
      },
    },
    customer_id: {
      kind: 'plain',
      column: (row) => row.customer.id,
      index: (state, exact) => [...(state.customers.get(Number(exact))?.subscribers ?? [])],
    },
    customer_external_id: {
      kind: 'pattern',
      column: (row) => row.customer.external_id,
      index: (state, exact) => state.customersByExternalId.get(exact).flatMap((customer) => [...customer.subscribers]),
    },
    domain: { kind: 'pattern', column: (row) => row.domain.domain },
    webusername: { kind: 'plain', column: (row) => row.webusername },
    display_name: { kind: 'pattern', column: displayName },
    pbx_extension: { kind: 'pattern', column: (row) => row.pbx?.extension ?? null },
    profile_id: { kind: 'plain', column: () => null },
    is_pbx_group: { kind: 'plain', column: (row) => row.pbx?.group ?? false },
    is_pbx_pilot: { kind: 'plain', column: (row) => row.pbx?.pilot ?? false },
    is_admin: { kind: 'plain', column: (row) => row.administrative },
    reseller_id: { kind: 'plain', column: (row) => row.customer.reseller_id },
    contact_id: { kind: 'plain', column: (row) => row.customer.contact_id },
    ...timeFilters('create_timestamp', (row: SubscriberRow) => row.created),
    ...timeFilters('modify_timestamp', (row: SubscriberRow) => row.modified),
  },
  table: (state) => state.subscribers,
  resellerOf: (row) => row.customer.reseller_id,
  represent,
  links: (row) => ({
    customers: `/api/customers/${row.customer.id}`,
    domains: `/api/domains/${row.domain.id}`,
    subscriberpreferences: `/api/subscriberpreferences/${row.id}`,
    voicemailsettings: `/api/voicemailsettings/${row.id}`,
    callforwards: `/api/callforwards/${row.id}`,
  }),
  create: createSubscriber,
  replace: change,
  patch: { ops: WIDE_OPS, view: represent, apply: change },
  remove: end,
  expand: {
    customer_id: ({ customer }) => ({
      id: customer.id,
      external_id: customer.external_id,
      status: customer.status,
      contact_id: customer.contact_id,
    }),
    domain_id: ({ domain }) => ({ id: domain.id, domain: domain.domain, reseller_id: domain.reseller_id }),
  },
});
