import type { CallForwards, Json, JsonObject, PhoneNumber, SubscriberOrder } from '../../port.ts';
import { CALL_FORWARD_TYPES } from '../../port.ts';
import type { Profile } from '../profile/model.ts';
import type { Values } from '../wire/values.ts';
import { nativeFields } from './company.ts';

/** A user and what hangs on it, as the profile's fields have them (tim-web-portal.md §4, canonical model). */

export const e164 = ({ cc, ac, sn }: PhoneNumber): string => `+${cc}${ac}${sn}`;

/** Members of `native` that are ours. */
export const USER_MEMBERS = ['office', 'range'];

/** `native.range`: the extensions of a number root (GNR), whose root is the number. */
export function rangeOf({ native }: Pick<SubscriberOrder, 'native'>): JsonObject {
  const { range } = native;
  return typeof range === 'object' && range !== null && !Array.isArray(range) ? (range as JsonObject) : {};
}

export function userFields(subscriber: SubscriberOrder): Values {
  const { username, domain, password, webUsername, webPassword, externalId, number, aliases, native } = subscriber;
  const { from, to } = rangeOf(subscriber);
  return {
    username,
    domain,
    password,
    webUsername,
    webPassword,
    externalId,
    number: number && e164(number),
    aliases: aliases.length > 0 ? aliases.map(e164) : undefined,
    rangeFrom: from,
    rangeTo: to,
    ...nativeFields(native, USER_MEMBERS),
  };
}

/** The order's name of what a field of the user is made of. */
export const userMember = (field: string): string =>
  field === 'rangeFrom' || field === 'rangeTo' ? 'native.range' : field;

/**
 * The number of a subscriber that is known by it. Orders that only name a subscriber name it by user name: where the
 * portal has no such field, that is the number.
 */
export function numberOf(subscriber: SubscriberOrder, { fields, keys }: Profile): string | undefined {
  if (subscriber.number) return e164(subscriber.number);
  if (keys.user !== 'number' || fields.user.has('username')) return undefined;
  return numberInName(subscriber.username);
}

/** The E.164 number that a user name is, with or without its plus. */
export const numberInName = (username: string): string | undefined =>
  /^\+?[1-9]\d{4,14}$/.test(username) ? `+${username.replace('+', '')}` : undefined;

export function userKey(subscriber: SubscriberOrder, profile: Profile): string | undefined {
  return profile.keys.user === 'username' ? subscriber.username : numberOf(subscriber, profile);
}

/** Where calls go, one destination each; `null` takes a forward away. The door has refused what does not fit. */
function forwardFields(forwards: CallForwards): Values {
  const fields: { [name: string]: Json | undefined } = {};
  for (const type of CALL_FORWARD_TYPES) {
    const forward = forwards[type];
    if (forward === undefined) continue;
    fields[type] = forward?.destinations[0]?.to ?? null;
    if (type === 'noAnswer' && forward?.ringTimeout !== undefined) fields['ringTimeout'] = forward.ringTimeout;
  }
  return fields;
}

/** What hangs on a user, by the operations that read and set it. */
export const GROUPS = {
  services: ({ preferences }: SubscriberOrder): Values => preferences ?? {},
  callForwards: ({ callForwards }: SubscriberOrder): Values => forwardFields(callForwards ?? {}),
  voicemail: ({ voicemail }: SubscriberOrder): Values => ({ pin: voicemail?.pin, email: voicemail?.email }),
} as const;

export type GroupName = keyof typeof GROUPS;

export const GROUP_NAMES = Object.keys(GROUPS) as GroupName[];
