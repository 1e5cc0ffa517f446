import { integerErrors, throwFormFaults } from '../form.ts';
import { echo } from '../text.ts';
import { isObject } from '../patch.ts';
import { invalid, Refusal, type JsonObject, type JsonValue } from '../refusal.ts';
import type { Destination, ForwardType, NumberSetRow, Period, SubscriberRow } from '../rows.ts';
import type { SipwiseState } from '../state.ts';
import { addDestinationSet, addMapping, addNumberSet, addTimeSet, clearType } from './forward-sets.ts';
import { destinationFaults, readDestinations, readPeriods } from './forward-values.ts';

type NumberSetInput = Pick<NumberSetRow, 'mode' | 'is_regex' | 'values'>;

/** One forward as it is to be stored. */
export interface ForwardInput {
  readonly destinations: Destination[];
  readonly times: Period[];
  readonly sources: NumberSetInput | null;
  readonly bnumbers: NumberSetInput | null;
  /** Undefined: not sent. */
  readonly ringtimeout: number | null | undefined;
}

/** What the server says of shapes it does not expect (sipwise-ngcp.md §4.1). */
const notUpdated = (type: ForwardType): Refusal => new Refusal(500, `CallForward '${type}' could not be updated.`);

function listOf(type: ForwardType, value: JsonValue | undefined): JsonValue[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw notUpdated(type);
  return value;
}

/** Without its `…_is_regex` a list of numbers is more than the server can take. */
function readNumberSet(type: ForwardType, input: JsonObject, name: 'source' | 'bnumber'): NumberSetInput | null {
  const list = listOf(type, input[`${name}s`]);
  if (list.length === 0) return null;
  const regex = input[`${name}s_is_regex`];
  if (regex === undefined || regex === null) throw notUpdated(type);
  const values = list.map((element) => (isObject(element) ? echo(element[name]) : ''));
  if (values.includes('')) throw notUpdated(type);
  return {
    values,
    mode: echo(input[`${name}s_mode`]) || 'whitelist',
    is_regex: regex === true || echo(regex) === '1' || echo(regex) === 'true',
  };
}

/** No announcements are there to choose from; the text has angle quotes, so the body is cut short (§4, §8.4). */
function refuseAnnouncements(type: ForwardType, list: readonly JsonValue[]): void {
  for (const element of list) {
    if (!isObject(element) || element['announcement_id'] === undefined || element['announcement_id'] === null) continue;
    const destination = echo(element['destination']);
    if (destination === 'customhours') throw invalid(`Unknown announcement_id in '${type}'`);
    throw invalid(`Invalid parameter 'announcement_id' for the destination '«${destination}»' in '${type}'`);
  }
}

function readRingTimeout(value: JsonValue | undefined): number | null | undefined {
  if (value === undefined || value === null) return value;
  const input = echo(value);
  const errors = integerErrors(input);
  if (errors.length > 0) throwFormFaults([{ field: 'cft_ringtimeout', input, errors }]);
  return Number(input);
}

/** Null: the type is to be unset. */
export function readForward(
  type: ForwardType,
  value: JsonValue | undefined,
  owner: SubscriberRow,
): ForwardInput | null {
  if (value === undefined || value === null) return null;
  if (!isObject(value)) throw notUpdated(type);
  const list = listOf(type, value['destinations']);
  if (list.length === 0) return null;
  throwFormFaults(destinationFaults(list));
  refuseAnnouncements(type, list);
  const destinations = readDestinations(list, owner);
  const times = readPeriods(listOf(type, value['times']));
  if (!destinations || !times) throw notUpdated(type);
  return {
    destinations,
    times,
    sources: readNumberSet(type, value, 'source'),
    bnumbers: readNumberSet(type, value, 'bnumber'),
    ringtimeout: type === 'cft' ? readRingTimeout(value['ringtimeout']) : undefined,
  };
}

/** Sets named `quickset_<type>` are made and removed behind the scenes (§8.4). */
export function storeForward(
  state: SipwiseState,
  owner: SubscriberRow,
  type: ForwardType,
  forward: ForwardInput | null,
): void {
  clearType(state, owner, type);
  if (type === 'cft') owner.forwards.ringtimeout = forward?.ringtimeout ?? null;
  if (!forward) return;
  const name = `quickset_${type}`;
  const { destinations, times, sources, bnumbers } = forward;
  const mapping = addMapping(state, type, {
    destinationSet: addDestinationSet(state, owner, name, destinations),
    timeSet: times.length > 0 ? addTimeSet(state, owner, name, times) : null,
    sourceSet: sources && addNumberSet(state, 'sourceSets', owner, { name, ...sources }),
    bnumberSet: bnumbers && addNumberSet(state, 'bnumberSets', owner, { name, ...bnumbers }),
  });
  owner.forwards.mappings.push(mapping);
}
