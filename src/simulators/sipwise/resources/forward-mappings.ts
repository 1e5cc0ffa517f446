import { defineResource } from '../define-resource.ts';
import { objectDoc } from '../field-docs.ts';
import { integerErrors, throwFormFaults } from '../form.ts';
import { echo } from '../text.ts';
import { isObject, WIDE_OPS, type PatchStep } from '../patch.ts';
import { invalid, type JsonObject, type JsonValue } from '../refusal.ts';
import type { Context, Resource } from '../resource.ts';
import {
  FORWARD_TYPES,
  type DestinationSetRow,
  type ForwardType,
  type MappingRow,
  type NumberSetRow,
  type SubscriberRow,
} from '../rows.ts';
import { addDestinationSet, addMapping, addNumberSet, addTimeSet, mappingsOf } from './forward-sets.ts';
import { readDestinations, readPeriods } from './forward-values.ts';

const SETS = [
  ['destinationset', 'destinationSet'],
  ['timeset', 'timeSet'],
  ['sourceset', 'sourceSet'],
  ['bnumberset', 'bnumberSet'],
] as const;
type SetName = (typeof SETS)[number][0];

function representMapping(mapping: MappingRow): JsonObject {
  const body: JsonObject = { enabled: mapping.enabled, use_redirection: mapping.use_redirection };
  for (const [name, member] of SETS) {
    body[name] = mapping[member]?.name ?? null;
    body[`${name}_id`] = mapping[member]?.id ?? null;
  }
  return body;
}

function represent(owner: SubscriberRow): JsonObject {
  const body: JsonObject = { id: owner.id, cft_ringtimeout: owner.forwards.ringtimeout };
  for (const type of FORWARD_TYPES) body[type] = mappingsOf(owner, type).map(representMapping);
  return body;
}

const absent = (value: JsonValue | undefined): boolean => value === undefined || value === null || value === '';

/** Finds a set by its id or its name; undefined: none is asked for. */
function pick<Row extends { readonly id: number; readonly name: string }>(
  rows: readonly Row[],
  entry: JsonObject,
  name: SetName,
): Row | undefined {
  const id = entry[`${name}_id`];
  const wanted = entry[name];
  if (absent(id) && absent(wanted)) return undefined;
  const found = absent(id)
    ? rows.find((row) => row.name === echo(wanted))
    : rows.find((row) => row.id === Number(echo(id)));
  if (!found) throw invalid(`Invalid '${name}'. Could not be found.`);
  return found;
}

const failed = (): Error => invalid('Failed to create cfmapping.');

/** A mapping still without its rows: inline sets are made only when all of the body is good. */
type Draft = (context: Context) => MappingRow;

function draftDestination(
  owner: SubscriberRow,
  type: ForwardType,
  entry: JsonObject,
): (context: Context) => DestinationSetRow {
  const inline = entry['destinationset'];
  if (!isObject(inline)) {
    const found = pick(owner.forwards.destinationSets, entry, 'destinationset');
    if (!found) throw invalid(`Missing field 'destinationset' or 'destinationset_id' in '${type}'.`);
    return () => found;
  }
  const list = inline['destinations'];
  const destinations = Array.isArray(list) ? readDestinations(list, owner) : null;
  if (!destinations) throw failed();
  return ({ state }) => addDestinationSet(state, owner, echo(inline['name']) || `quickset_${type}`, destinations);
}

function draftNumberSet(
  owner: SubscriberRow,
  entry: JsonObject,
  name: 'sourceset' | 'bnumberset',
): (context: Context) => NumberSetRow | null {
  const kind = name === 'sourceset' ? 'sourceSets' : 'bnumberSets';
  const inline = entry[name];
  if (!isObject(inline)) {
    const found = pick(owner.forwards[kind], entry, name) ?? null;
    return () => found;
  }
  const member = name === 'sourceset' ? 'source' : 'bnumber';
  const list = inline[`${member}s`];
  if (!Array.isArray(list)) throw failed();
  const values = list.map((one) => (isObject(one) ? echo(one[member]) : echo(one)));
  return ({ state }) =>
    addNumberSet(state, kind, owner, {
      name: echo(inline['name']),
      mode: echo(inline['mode']) || 'whitelist',
      is_regex: inline['is_regex'] === true,
      values,
    });
}

function draftTimeSet(owner: SubscriberRow, entry: JsonObject): (context: Context) => MappingRow['timeSet'] {
  const inline = entry['timeset'];
  if (!isObject(inline)) {
    const found = pick(owner.forwards.timeSets, entry, 'timeset') ?? null;
    return () => found;
  }
  const times = Array.isArray(inline['times']) ? readPeriods(inline['times']) : null;
  if (!times) throw failed();
  return ({ state }) => addTimeSet(state, owner, echo(inline['name']), times);
}

const isOn = (value: JsonValue | undefined): boolean => value === true || echo(value) === '1';

function draftMapping(owner: SubscriberRow, type: ForwardType, value: JsonValue): Draft {
  const entry = isObject(value) ? value : {};
  const destination = draftDestination(owner, type, entry);
  const time = draftTimeSet(owner, entry);
  const source = draftNumberSet(owner, entry, 'sourceset');
  const bnumber = draftNumberSet(owner, entry, 'bnumberset');
  const enabled = entry['enabled'] === undefined || isOn(entry['enabled']);
  return (context) =>
    addMapping(context.state, type, {
      destinationSet: destination(context),
      timeSet: time(context),
      sourceSet: source(context),
      bnumberSet: bnumber(context),
      enabled,
      use_redirection: isOn(entry['use_redirection']),
    });
}

function readRingTimeout(input: JsonObject): number | null {
  const value = input['cft_ringtimeout'];
  if (absent(value)) return null;
  const errors = integerErrors(echo(value));
  if (errors.length > 0) throwFormFaults([{ field: 'cft_ringtimeout', input: echo(value), errors }]);
  return Number(echo(value));
}

/** All seven lists are due (sipwise-ngcp.md §8.5). */
function write(owner: SubscriberRow, input: JsonObject, context: Context): void {
  const drafts: Draft[] = [];
  for (const type of FORWARD_TYPES) {
    const list = input[type];
    if (!Array.isArray(list)) throw invalid(`Invalid field '${type}'. Must be an array.`);
    for (const entry of list) drafts.push(draftMapping(owner, type, entry));
  }
  const ringtimeout = readRingTimeout(input);
  owner.forwards.mappings = drafts.map((draft) => draft(context));
  owner.forwards.ringtimeout = ringtimeout;
}

/** Nothing but `add`s of mappings: they are appended, the ones that are there keep their ids. */
function appended(owner: SubscriberRow, steps: readonly PatchStep[]): Draft[] | null {
  const drafts: Draft[] = [];
  for (const { op, path, value } of steps) {
    const type = FORWARD_TYPES.find((one) => path === `/${one}` || path === `/${one}/-`);
    if (op !== 'add' || !type) return null;
    for (const entry of Array.isArray(value) ? value : [value ?? null]) drafts.push(draftMapping(owner, type, entry));
  }
  return drafts;
}

export const forwardMappings: Resource = defineResource<SubscriberRow>({
  name: 'cfmappings',
  entity: 'cfmapping',
  collectionMethods: ['GET'],
  itemMethods: ['GET', 'PUT', 'PATCH'],
  fields: FORWARD_TYPES.map((type) => objectDoc(type, 'Array', `Mappings of ${type}`)),
  sortable: ['id'],
  filters: {},
  table: (state) => state.subscribers,
  resellerOf: (row) => row.customer.reseller_id,
  represent,
  links: (row) => ({ subscribers: `/api/subscribers/${row.id}` }),
  replace: write,
  patch: {
    ops: WIDE_OPS,
    view: represent,
    apply(owner, patched, context, steps) {
      const drafts = appended(owner, steps);
      if (drafts) owner.forwards.mappings.push(...drafts.map((draft) => draft(context)));
      else write(owner, patched, context);
    },
  },
});
