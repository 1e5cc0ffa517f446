import type { CallForward, CallForwards, CallForwardType, ForwardDestination, Json } from '../port.ts';
import type { Item } from './client.ts';
import { numberOrNull, textOrNull } from './lookup.ts';
import { timeRows, weekMinutes, type TimeRow } from './times.ts';

/** The order's names and the platform's (sipwise-ngcp.md §8.4). `unavailable` does not exist there. */
export const FORWARD_TYPES = {
  unconditional: 'cfu',
  busy: 'cfb',
  noAnswer: 'cft',
  unregistered: 'cfna',
} as const satisfies { readonly [type in CallForwardType]?: string };

/** All that an order can name, taken away. */
export const NO_FORWARDS: CallForwards = Object.fromEntries(Object.keys(FORWARD_TYPES).map((type) => [type, null]));

export type PlatformForwardType = (typeof FORWARD_TYPES)[keyof typeof FORWARD_TYPES];

const VOICEBOX = 'voicebox';

/** What the platform stores when a destination has no timeout, in seconds (sipwise-ngcp.md §8.4). */
const DEFAULT_TIMEOUT = 300;

export interface PlatformForward {
  readonly destinations: readonly { readonly destination: string; readonly timeout: number }[];
  readonly times: readonly TimeRow[] | null;
  readonly ringtimeout?: number;
}

/** The types that an order names, in the platform's form; null = to be unset. */
export function wantedForwards(forwards: CallForwards): Map<PlatformForwardType, PlatformForward | null> {
  const wanted = new Map<PlatformForwardType, PlatformForward | null>();
  for (const [type, name] of Object.entries(FORWARD_TYPES) as [keyof typeof FORWARD_TYPES, PlatformForwardType][]) {
    const forward = forwards[type];
    if (forward !== undefined) wanted.set(name, forward && platformForward(forward));
  }
  return wanted;
}

function platformForward(forward: CallForward): PlatformForward {
  return {
    destinations: forward.destinations.map(({ to, timeout }) => ({
      destination: platformDestination({ to }),
      timeout: timeout ?? DEFAULT_TIMEOUT,
    })),
    times: timeRows(forward.times),
    ...(forward.ringTimeout === undefined ? {} : { ringtimeout: forward.ringTimeout }),
  };
}

/** Bare digits get the subscriber's own domain from the platform. */
function platformDestination({ to }: ForwardDestination): string {
  if (to === 'voicemail') return VOICEBOX;
  return to.startsWith('+') ? to.slice(1) : to;
}

/**
 * A forward, as wanted or as read, in one form that compares: destinations as SIP URIs or keywords, times as the
 * minutes of a week. Null when unset.
 */
export function normalForward(value: unknown, domain: string): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const { destinations, times, ringtimeout } = value as Item;
  if (!Array.isArray(destinations) || destinations.length === 0) return null;
  const normal = {
    destinations: (destinations as Item[]).map((item) => [
      normalDestination(textOrNull(item['destination']) ?? '', domain),
      numberOrNull(item['timeout']) ?? DEFAULT_TIMEOUT,
    ]),
    // Rows that no order can express compare unequal to everything an order asks for.
    times: weekMinutes(Array.isArray(times) ? (times as Item[]) : null) ?? JSON.stringify(times),
    ringtimeout: numberOrNull(ringtimeout),
    restricted: isRestricted(value as Item),
  };
  return JSON.stringify(normal);
}

const KEYWORDS = new Set([
  VOICEBOX,
  'fax2mail',
  'conference',
  'callingcard',
  'callthrough',
  'autoattendant',
  'officehours',
  'customhours',
  'managersecretary',
]);

function normalDestination(destination: string, domain: string): string {
  if (KEYWORDS.has(destination)) return destination;
  const uri = destination.replace(/^sips?:/i, '');
  const at = uri.lastIndexOf('@');
  const user = at < 0 ? uri : uri.slice(0, at);
  const host = at < 0 ? domain : uri.slice(at + 1);
  return `sip:${user}@${host.toLowerCase()}`;
}

/** Only for some callers or called numbers: an order cannot ask for that. */
function isRestricted({ sources, bnumbers }: Item): boolean {
  return (Array.isArray(sources) && sources.length > 0) || (Array.isArray(bnumbers) && bnumbers.length > 0);
}

/**
 * Whether the forward on the target is as wanted. A ring time-out that the order leaves out may be any: only `cft` has
 * one, and the platform gives none by itself.
 */
export function sameForward(wanted: PlatformForward | null, found: unknown, domain: string): boolean {
  if (wanted === null) return normalForward(found, domain) === null;
  const comparable = wanted.ringtimeout === undefined && isObject(found) ? { ...found, ringtimeout: null } : found;
  return normalForward(wanted, domain) === normalForward(comparable, domain);
}

const isObject = (value: unknown): value is Item => typeof value === 'object' && value !== null;

/** What brings a forward back as it was read: its members that can be written, `{}` when it was unset. */
export function forwardImage(found: unknown): Json {
  if (!isObject(found) || !Array.isArray(found['destinations']) || found['destinations'].length === 0) return {};
  const image: { [member: string]: Json } = {
    destinations: (found['destinations'] as Item[]).map((item) =>
      pick(item, ['destination', 'timeout', 'priority', 'announcement_id']),
    ),
    times: (Array.isArray(found['times']) ? (found['times'] as Item[]) : []).map((item) =>
      pick(item, ['year', 'month', 'mday', 'wday', 'hour', 'minute']),
    ),
  };
  for (const [list, element] of [
    ['sources', 'source'],
    ['bnumbers', 'bnumber'],
  ] as const) {
    const values = found[list];
    if (!Array.isArray(values) || values.length === 0) continue;
    image[list] = (values as Item[]).map((item) => pick(item, [element]));
    image[`${list}_mode`] = (found[`${list}_mode`] ?? 'whitelist') as Json;
    // Without it the platform answers 500 (sipwise-ngcp.md §4.1).
    image[`${list}_is_regex`] = (found[`${list}_is_regex`] ?? false) as Json;
  }
  if (numberOrNull(found['ringtimeout']) !== null) image['ringtimeout'] = found['ringtimeout'] as Json;
  return image;
}

function pick(item: Item, members: readonly string[]): Json {
  return Object.fromEntries(
    members
      .filter((member) => item[member] !== undefined && item[member] !== null)
      .map((member) => [member, item[member]]),
  ) as Json;
}
