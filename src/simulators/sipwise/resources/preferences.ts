import { defineResource } from '../define-resource.ts';
import { WIDE_OPS } from '../patch.ts';
import type { JsonObject } from '../refusal.ts';
import type { Context, Resource } from '../resource.ts';
import type { PreferenceValue, SubscriberRow } from '../rows.ts';
import { DEFINITIONS } from '../definitions/index.ts';
import { checkPreference } from './preference-values.ts';

/** Only what is set is shown; `lock` is the subscriber's own (sipwise-ngcp.md §8.7). */
function represent(subscriber: SubscriberRow): JsonObject {
  const body: JsonObject = { id: subscriber.id, subscriber_id: subscriber.id };
  for (const [name, value] of subscriber.preferences) body[name] = Array.isArray(value) ? [...value] : value;
  if (subscriber.lock !== null) body['lock'] = subscriber.lock;
  return body;
}

/**
 * Makes the preferences what `input` says: unknown names are ignored in silence, a null leaves the preference as it
 * is. Everything is checked before anything is written.
 */
function write(subscriber: SubscriberRow, input: JsonObject, keep: boolean, { state, now }: Context): void {
  const next = new Map<string, PreferenceValue>();
  let { lock } = subscriber;
  if (!('lock' in input)) lock = null;
  for (const [name, value] of Object.entries(input)) {
    if (name === 'id' || name === 'subscriber_id') continue;
    if (value === null || value === undefined) {
      const present = keep ? subscriber.preferences.get(name) : undefined;
      if (present !== undefined) next.set(name, present);
      if (name === 'lock') lock = null;
      continue;
    }
    const checked = checkPreference(name, value, state.references);
    if (checked === null) continue;
    if (name === 'lock') lock = String(checked);
    else if (!Array.isArray(checked) || checked.length > 0) next.set(name, checked);
  }
  subscriber.preferences.clear();
  for (const [name, value] of next) subscriber.preferences.set(name, value);
  subscriber.lock = lock;
  subscriber.modified = now;
}

export const subscriberPreferences: Resource = defineResource<SubscriberRow>({
  name: 'subscriberpreferences',
  entity: 'subscriberpreference',
  entityOf: { PUT: 'systemcontact', PATCH: 'subscriberpreferences' },
  collectionMethods: ['GET'],
  itemMethods: ['GET', 'PUT', 'PATCH'],
  fields: DEFINITIONS.map(({ name, label, dataType }) => ({ name, description: label, types: ['null', dataType] })),
  sortable: ['id'],
  filters: {
    reseller_id: { kind: 'plain', column: (row) => row.customer.reseller_id },
    contact_id: { kind: 'plain', column: (row) => row.customer.contact_id },
  },
  table: (state) => state.subscribers,
  resellerOf: (row) => row.customer.reseller_id,
  represent,
  links: (row) => ({ subscribers: `/api/subscribers/${row.id}` }),
  // Deletes everything that is not sent, what the platform set itself included.
  replace(row, input, context) {
    write(row, input, false, context);
  },
  patch: {
    ops: WIDE_OPS,
    view: represent,
    apply(row, patched, context) {
      write(row, patched, true, context);
    },
  },
});
