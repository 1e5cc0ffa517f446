import { defineResource } from '../define-resource.ts';
import { fieldDocs } from '../field-docs.ts';
import { checkForm, mailCheck, throwFormFaults, type Field } from '../form.ts';
import { NARROW_OPS } from '../patch.ts';
import type { JsonObject } from '../refusal.ts';
import type { Resource } from '../resource.ts';
import type { SubscriberRow, VoicemailBox } from '../rows.ts';

/** sipwise-ngcp.md §8.11. The pin is due on every PUT. */
const FIELDS: readonly Field[] = [
  { name: 'pin', label: 'Pin', kind: 'text', required: true, min: 4, max: 31 },
  { name: 'email', kind: 'text', max: 255, check: mailCheck },
  { name: 'delete', kind: 'boolean' },
  { name: 'attach', kind: 'boolean' },
  {
    name: 'sms_number',
    kind: 'text',
    max: 31,
    check: (value) => (/^[1-9]\d*$/.test(value) ? null : 'Invalid E164 number'),
  },
];

/** What is left out becomes empty or false: a PUT really replaces. */
function readBox(input: JsonObject): VoicemailBox {
  const { values, faults } = checkForm(FIELDS, input);
  if (values['delete'] === true && values['attach'] !== true) {
    faults.push({ field: 'attach', input: '0', errors: ['Must be set if delete is set'] });
  }
  throwFormFaults(faults);
  return {
    pin: String(values['pin']),
    email: String(values['email'] ?? ''),
    attach: values['attach'] === true,
    delete: values['delete'] === true,
    sms_number: String(values['sms_number'] ?? ''),
  };
}

/** The PIN is shown in clear. */
const represent = (subscriber: SubscriberRow): JsonObject => ({ id: subscriber.id, ...subscriber.voicemail });

export const voicemailSettings: Resource = defineResource<SubscriberRow>({
  name: 'voicemailsettings',
  entity: 'voicemailsetting',
  pageLinks: false,
  collectionMethods: ['GET'],
  itemMethods: ['GET', 'PUT', 'PATCH'],
  fields: fieldDocs(FIELDS),
  sortable: ['id'],
  filters: {
    subscriber_id: {
      kind: 'plain',
      column: (row) => row.id,
      index: (state, exact) => {
        const row = state.subscribers.get(Number(exact));
        return row ? [row] : [];
      },
    },
  },
  table: (state) => state.subscribers,
  resellerOf: (row) => row.customer.reseller_id,
  represent,
  links: (row) => ({ subscribers: `/api/subscribers/${row.id}` }),
  replace(row, input) {
    row.voicemail = readBox(input);
  },
  patch: {
    ops: NARROW_OPS,
    view: represent,
    apply(row, patched) {
      row.voicemail = readBox(patched);
    },
  },
});
