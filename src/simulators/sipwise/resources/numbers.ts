import { defineResource } from '../define-resource.ts';
import { fieldDocs } from '../field-docs.ts';
import { type Field } from '../form.ts';
import { echo } from '../text.ts';
import { digitsOf, moveAlias } from '../numbers.ts';
import { NARROW_OPS } from '../patch.ts';
import { invalid, masked, type JsonObject } from '../refusal.ts';
import type { Context, Resource } from '../resource.ts';
import type { NumberRow, SubscriberRow } from '../rows.ts';

const FIELDS: readonly Field[] = [
  { name: 'cc', kind: 'integer' },
  { name: 'ac', kind: 'text' },
  { name: 'sn', kind: 'text' },
  { name: 'subscriber_id', label: 'Subscriber', kind: 'integer' },
  { name: 'is_devid', kind: 'boolean' },
];

function represent(row: NumberRow): JsonObject {
  return {
    id: row.id,
    cc: Number.parseInt(row.cc, 10) || 0,
    ac: row.ac,
    sn: row.sn,
    is_primary: row.primary,
    is_devid: row.is_devid,
    subscriber_id: row.owner?.id ?? null,
  };
}

const withReseller = (row: NumberRow): JsonObject => ({
  ...represent(row),
  reseller_id: row.owner?.customer.reseller_id ?? null,
});

const FIXED = ['cc', 'ac', 'sn', 'is_primary'];

function newOwner(id: number, { state, account }: Context): SubscriberRow {
  const owner = state.subscribers.get(id);
  const { resellerId } = account;
  if (owner && (resellerId === null || owner.customer.reseller_id === resellerId)) return owner;
  throw invalid("Invalid 'subscriber_id', does not exist.");
}

/** Only the owner of an alias and `is_devid` may change, and the whole read-back body is due (sipwise-ngcp.md §8.12). */
function write(row: NumberRow, input: JsonObject, context: Context): void {
  const present = represent(row);
  const changed = FIXED.find((name) => echo(input[name]) !== echo(present[name]));
  if (changed) {
    throw invalid(
      `Field '${changed}' is not allowed to be updated via this API endpoint, use /api/subscriber endpoint instead.`,
    );
  }
  const from = row.owner;
  const to = newOwner(Number(echo(input['subscriber_id'])), context);
  if (row.primary && to !== from) throw invalid(`Cannot reassign primary number, already at subscriber ${from?.id}`);
  // The server trips over an owner without a primary number, so such an alias stays where it is (§4.1).
  if (from && !from.primary) throw masked();
  row.is_devid = !row.primary && ['1', 'true'].includes(echo(input['is_devid']));
  if (to === from) return;
  moveAlias(row, to);
  // The former owner keeps the number in its allowed_clis.
  const clis = to.preferences.get('allowed_clis');
  const digits = digitsOf(row);
  const known = Array.isArray(clis) ? clis : [];
  if (!known.includes(digits)) to.preferences.set('allowed_clis', [...known, digits]);
}

export const numbers: Resource = defineResource<NumberRow>({
  name: 'numbers',
  entity: 'number',
  genericCode: true,
  collectionMethods: ['GET'],
  itemMethods: ['GET', 'PUT', 'PATCH'],
  fields: fieldDocs(FIELDS),
  sortable: ['id', 'cc', 'ac', 'sn'],
  filters: {
    cc: { kind: 'wildcard', column: (row) => row.cc },
    ac: { kind: 'wildcard', column: (row) => row.ac },
    sn: { kind: 'wildcard', column: (row) => row.sn, index: (state, exact) => state.numbersBySn.get(exact) },
    subscriber_id: { kind: 'plain', column: (row) => row.owner?.id ?? null },
    customer_id: { kind: 'plain', column: (row) => row.owner?.customer.id ?? null },
    reseller_id: { kind: 'plain', column: (row) => row.owner?.customer.reseller_id ?? null },
    type: {
      kind: 'custom',
      test: (row, value) => (value === 'primary' ? row.primary : value !== 'alias' || !row.primary),
    },
  },
  table: (state) => state.numbers,
  resellerOf: (row) => row.owner?.customer.reseller_id ?? null,
  represent: (row, { account }) => (account.resellerId === null ? withReseller(row) : represent(row)),
  links: (row): Record<string, string> => (row.owner ? { subscribers: `/api/subscribers/${row.owner.id}` } : {}),
  replace: write,
  patch: { ops: NARROW_OPS, view: withReseller, apply: write },
});
