import { defineResource } from '../define-resource.ts';
import { fieldDocs, objectDoc } from '../field-docs.ts';
import { readForm, throwFormFaults, type Field } from '../form.ts';
import { NARROW_OPS, WIDE_OPS } from '../patch.ts';
import { invalid, masked, type JsonObject, type JsonValue } from '../refusal.ts';
import type { Context, Resource } from '../resource.ts';
import type { Destination, DestinationSetRow, Period, SubscriberRow, TimeSetRow } from '../rows.ts';
import { addDestinationSet, addTimeSet, dropDestinationSet, dropTimeSet } from './forward-sets.ts';
import { destinationFaults, readDestinations, readPeriods, representDestination } from './forward-values.ts';

/** sipwise-ngcp.md §8.6. Names may repeat up to 26.1. */
const FIELDS: readonly Field[] = [
  { name: 'subscriber_id', label: 'Subscriber', kind: 'integer', required: true },
  { name: 'name', label: 'Name', kind: 'text', required: true, max: 255 },
];

function readCommon(input: JsonObject, { state, account }: Context): { owner: SubscriberRow; name: string } {
  const values = readForm(FIELDS, input);
  const owner = state.subscribers.get(Number(values['subscriber_id']));
  if (!owner) throw invalid("Invalid 'subscriber_id'.");
  if (account.resellerId !== null && owner.customer.reseller_id !== account.resellerId) {
    throw invalid('Invalid subscriber.');
  }
  return { owner, name: String(values['name']) };
}

function readList(value: JsonValue | undefined, name: string): JsonValue[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw invalid(`Invalid field '${name}'. Must be an array.`);
  return value;
}

function readDestinationSet(input: JsonObject, owner: SubscriberRow): Destination[] {
  const list = readList(input['destinations'], 'destinations');
  throwFormFaults(destinationFaults(list));
  const destinations = readDestinations(list, owner);
  if (!destinations) {
    throwFormFaults([{ field: 'destination', input: '', errors: ['Destination field is required'] }]);
  }
  return destinations ?? [];
}

function representDestinations(set: DestinationSetRow): JsonObject {
  return {
    id: set.id,
    subscriber_id: set.owner.id,
    name: set.name,
    destinations: set.destinations.map((destination) => representDestination(destination, set.owner)),
  };
}

const COMMON = {
  collectionMethods: ['GET', 'POST'],
  itemMethods: ['GET', 'PUT', 'PATCH', 'DELETE'],
  genericCode: true,
  sortable: ['id', 'name'],
} as const;

export const destinationSets: Resource = defineResource<DestinationSetRow>({
  ...COMMON,
  name: 'cfdestinationsets',
  entity: 'cfdestinationset',
  fields: [...fieldDocs(FIELDS), objectDoc('destinations', 'Array', 'destination, timeout, priority')],
  filters: {
    subscriber_id: {
      kind: 'plain',
      column: (set) => set.owner.id,
      index: (state, exact) => state.subscribers.get(Number(exact))?.forwards.destinationSets ?? [],
    },
    name: { kind: 'wildcard', column: (set) => set.name },
  },
  table: (state) => state.destinationSets,
  resellerOf: (set) => set.owner.customer.reseller_id,
  represent: representDestinations,
  links: (set) => ({ subscribers: `/api/subscribers/${set.owner.id}` }),
  create(input, context) {
    const { owner, name } = readCommon(input, context);
    return addDestinationSet(context.state, owner, name, readDestinationSet(input, owner));
  },
  replace(set, input, context) {
    const { name } = readCommon(input, context);
    set.destinations = readDestinationSet(input, set.owner);
    set.name = name;
  },
  patch: {
    ops: NARROW_OPS,
    view: representDestinations,
    apply(set, patched, context) {
      const { name } = readCommon(patched, context);
      set.destinations = readDestinationSet(patched, set.owner);
      set.name = name;
    },
  },
  remove(set, { state }) {
    dropDestinationSet(state, set);
  },
});

/** A range that is no number is more than the server survives (§4.1). */
function readTimeSet(input: JsonObject): Period[] {
  const periods = readPeriods(readList(input['times'], 'times'));
  if (!periods) throw masked();
  return periods;
}

function representTimes(set: TimeSetRow): JsonObject {
  return {
    id: set.id,
    subscriber_id: set.owner.id,
    name: set.name,
    times: set.times.map((period) => ({ ...period })),
  };
}

export const timeSets: Resource = defineResource<TimeSetRow>({
  ...COMMON,
  name: 'cftimesets',
  entity: 'cftimeset',
  fields: [...fieldDocs(FIELDS), objectDoc('times', 'Array', 'year, month, mday, wday, hour, minute')],
  filters: {
    subscriber_id: {
      kind: 'plain',
      column: (set) => set.owner.id,
      index: (state, exact) => state.subscribers.get(Number(exact))?.forwards.timeSets ?? [],
    },
    name: { kind: 'wildcard', column: (set) => set.name },
  },
  table: (state) => state.timeSets,
  resellerOf: (set) => set.owner.customer.reseller_id,
  represent: representTimes,
  links: (set) => ({ subscribers: `/api/subscribers/${set.owner.id}` }),
  create(input, context) {
    const { owner, name } = readCommon(input, context);
    return addTimeSet(context.state, owner, name, readTimeSet(input));
  },
  replace(set, input, context) {
    const { name } = readCommon(input, context);
    set.times = readTimeSet(input);
    set.name = name;
  },
  patch: {
    ops: WIDE_OPS,
    view: representTimes,
    apply(set, patched, context) {
      const { name } = readCommon(patched, context);
      set.times = readTimeSet(patched);
      set.name = name;
    },
  },
  remove(set, { state }) {
    dropTimeSet(state, set);
  },
});
