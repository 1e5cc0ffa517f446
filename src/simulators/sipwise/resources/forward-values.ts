import { integerErrors, throwFormFaults, type FieldFault } from '../form.ts';
import { echo } from '../text.ts';
import { isObject } from '../patch.ts';
import type { JsonObject, JsonValue } from '../refusal.ts';
import { TIME_MEMBERS, type Destination, type Period, type SubscriberRow } from '../rows.ts';

/** Destinations that are no address (sipwise-ngcp.md §8.4). */
const KEYWORDS = new Set([
  'voicebox',
  'fax2mail',
  'conference',
  'callingcard',
  'callthrough',
  'autoattendant',
  'officehours',
  'customhours',
  'managersecretary',
]);
/** Stored when none is sent; a 0 is kept. */
const DEFAULT_TIMEOUT = 300;

/** A keyword stays; bare digits or a user get the own domain; everything is a SIP URI in the end. */
function toUri(destination: string, domain: string): string {
  if (KEYWORDS.has(destination)) return destination;
  const bare = destination.replace(/^sips?:/, '');
  return `sip:${bare.includes('@') ? bare : `${bare}@${domain}`}`;
}

/** The user alone when the domain is the own one; keywords have no simple form. */
function simpleForm(uri: string, domain: string): string | null {
  if (!uri.startsWith('sip:')) return null;
  const bare = uri.slice(4);
  return bare.endsWith(`@${domain}`) ? bare.slice(0, -domain.length - 1) : bare;
}

export function representDestination(
  { destination, timeout, priority }: Destination,
  owner: SubscriberRow,
): JsonObject {
  const body: JsonObject = { announcement_id: null, destination, priority, timeout };
  const simple = simpleForm(destination, owner.domain.domain);
  if (simple !== null) body['simple_destination'] = simple;
  return body;
}

/** Form faults of a list of destinations; fields are named by index: `0_timeout`. */
export function destinationFaults(list: readonly JsonValue[]): FieldFault[] {
  const faults: FieldFault[] = [];
  for (const [index, element] of list.entries()) {
    if (!isObject(element)) continue;
    for (const name of ['timeout', 'priority']) {
      const input = echo(element[name]);
      const errors = input === '' ? [] : integerErrors(input);
      if (errors.length > 0) faults.push({ field: `${index}_${name}`, input, errors });
    }
  }
  return faults;
}

/** Null: a destination is missing or no text. Faults of the form are looked for before. */
export function readDestinations(list: readonly JsonValue[], owner: SubscriberRow): Destination[] | null {
  const read: Destination[] = [];
  for (const element of list) {
    const destination = isObject(element) ? echo(element['destination']) : '';
    if (!isObject(element) || destination === '') return null;
    const { timeout, priority } = element;
    read.push({
      destination: toUri(destination, owner.domain.domain),
      timeout: timeout === undefined || timeout === null || timeout === '' ? DEFAULT_TIMEOUT : Number(timeout),
      priority: priority === undefined || priority === null || priority === '' ? null : Number(priority),
    });
  }
  return read;
}

/** wday 1 is Sunday. */
const RANGES: Record<(typeof TIME_MEMBERS)[number], readonly [number, number]> = {
  year: [1990, 3000],
  month: [1, 12],
  mday: [1, 31],
  wday: [1, 7],
  hour: [0, 23],
  minute: [0, 59],
};

function boundErrors(member: (typeof TIME_MEMBERS)[number], from: number, to: number): string[] {
  const [low, high] = RANGES[member];
  const errors: string[] = [];
  if (from < low) errors.push('First value too small');
  if (from > high) errors.push('First value too big');
  if (to < low) errors.push('Second value too small');
  if (to > high) errors.push('Second value too big');
  return errors;
}

/**
 * Reads a list of periods; a member is a number, a range `9-17`, or null. Null: something is no number at all, which
 * the server does not survive (§4.1).
 * @throws Refusal 422 for a number out of its range.
 */
export function readPeriods(list: readonly JsonValue[]): Period[] | null {
  const faults: FieldFault[] = [];
  const read: Period[] = [];
  for (const [index, element] of list.entries()) {
    if (!isObject(element)) return null;
    const period: Period = { year: null, month: null, mday: null, wday: null, hour: null, minute: null };
    for (const member of TIME_MEMBERS) {
      const text = echo(element[member]).replaceAll(' ', '');
      if (text === '') continue;
      const range = /^(\d+)(?:-(\d+))?$/.exec(text);
      if (!range) return null;
      const from = Number(range[1]);
      const errors = boundErrors(member, from, range[2] === undefined ? from : Number(range[2]));
      if (errors.length > 0) faults.push({ field: `times_${index}_${member}`, input: text, errors });
      period[member] = text;
    }
    read.push(period);
  }
  throwFormFaults(faults);
  return read;
}
