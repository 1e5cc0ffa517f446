import { defineResource } from '../define-resource.ts';
import { objectDoc } from '../field-docs.ts';
import { throwFormFaults, type FieldFault } from '../form.ts';
import { echo } from '../text.ts';
import { isObject, NARROW_OPS } from '../patch.ts';
import { invalid, type JsonObject, type JsonValue } from '../refusal.ts';
import type { Context, Resource } from '../resource.ts';
import { FORWARD_TYPES, type ForwardType, type MappingRow, type SubscriberRow } from '../rows.ts';
import { readForward, storeForward, type ForwardInput } from './call-forward-input.ts';
import { clearType, mappingsOf } from './forward-sets.ts';
import { representDestination } from './forward-values.ts';

/** Sets show the internal id of the subscriber, not the API's (sipwise-ngcp.md §8.4). */
function setReference(set: { readonly id: number; readonly name: string } | null, owner: SubscriberRow): JsonValue {
  return set && { id: set.id, name: set.name, subscriber_id: owner.internalId };
}

function representMapping(mapping: MappingRow, owner: SubscriberRow): JsonObject {
  const { destinationSet, timeSet, sourceSet, bnumberSet } = mapping;
  const body: JsonObject = {
    destinations: destinationSet.destinations.map((destination) => representDestination(destination, owner)),
    times: timeSet?.times.map((period) => ({ ...period })) ?? [],
    sources: sourceSet?.values.map((source) => ({ source })) ?? [],
    sources_mode: sourceSet?.mode ?? 'whitelist',
    sources_is_regex: sourceSet?.is_regex ?? false,
    bnumbers: bnumberSet?.values.map((bnumber) => ({ bnumber })) ?? [],
    bnumbers_mode: bnumberSet?.mode ?? 'whitelist',
    bnumbers_is_regex: bnumberSet?.is_regex ?? false,
    destination_set: setReference(destinationSet, owner),
    time_set: setReference(timeSet, owner),
    source_set: setReference(sourceSet, owner),
    bnumber_set: setReference(bnumberSet, owner),
  };
  if (mapping.type === 'cft') body['ringtimeout'] = owner.forwards.ringtimeout;
  return body;
}

/** Unset types are `{}`, the two newer ones null. */
function represent(owner: SubscriberRow): JsonObject {
  const body: JsonObject = {};
  for (const type of FORWARD_TYPES) {
    const mapping = mappingsOf(owner, type).at(-1);
    if (mapping) body[type] = representMapping(mapping, owner);
    else body[type] = type === 'cfr' || type === 'cfo' ? null : {};
  }
  return body;
}

const MODES = ['whitelist', 'blacklist'];

function modeFaults(type: ForwardType, value: JsonObject): FieldFault[] {
  return ['sources_mode', 'bnumbers_mode'].flatMap((name) => {
    const input = echo(value[name]);
    if (input === '' || MODES.includes(input)) return [];
    return [{ field: `${type}_${name}`, input, errors: [`'${input}' is not a valid value`] }];
  });
}

/** Every type left out or misspelt is cleared: what is sent is the whole truth. */
function write(owner: SubscriberRow, input: JsonObject, { state }: Context): void {
  throwFormFaults(
    FORWARD_TYPES.flatMap((type) => {
      const value = input[type];
      return isObject(value) ? modeFaults(type, value) : [];
    }),
  );
  const read = new Map<ForwardType, ForwardInput | null>();
  for (const type of FORWARD_TYPES) read.set(type, readForward(type, input[type], owner));
  for (const type of FORWARD_TYPES) {
    if (mappingsOf(owner, type).length > 1) throw invalid(`Not a simple cf. Multiple ${type}-s configured.`);
  }
  for (const [type, forward] of read) storeForward(state, owner, type, forward);
}

export const callForwards: Resource = defineResource<SubscriberRow>({
  name: 'callforwards',
  entity: 'callforward',
  genericCode: true,
  collectionMethods: ['GET'],
  itemMethods: ['GET', 'PUT', 'PATCH', 'DELETE'],
  fields: FORWARD_TYPES.map((type) => objectDoc(type, 'Object', `Call forward ${type}`)),
  sortable: ['id'],
  filters: {},
  table: (state) => state.subscribers,
  resellerOf: (row) => row.customer.reseller_id,
  represent,
  links: (row) => ({ subscribers: `/api/subscribers/${row.id}` }),
  replace: write,
  patch: { ops: NARROW_OPS, view: represent, apply: write },
  remove(owner, { state }) {
    for (const type of FORWARD_TYPES) clearType(state, owner, type);
    owner.forwards.ringtimeout = null;
  },
});
