import type { Path } from '../../check-faults.ts';
import type { OrderContent, SubscriberOrder } from '../../port.ts';
import { ADDRESS_FIELDS } from '../order/company.ts';
import { officeFields, officeMembers, officeName } from '../order/office.ts';
import {
  GROUP_NAMES,
  GROUPS,
  numberInName,
  rangeOf,
  userFields,
  userKey,
  USER_MEMBERS,
  type GroupName,
} from '../order/user.ts';
import { checkForwards } from './forwards.ts';
import type { About } from './needs.ts';
import { checkNativeNames, checkValues, refuseUnmapped } from './values.ts';

/** Where a group stands in an order. */
const GROUP_MEMBERS: Readonly<Record<GroupName, 'preferences' | 'callForwards' | 'voicemail'>> = {
  services: 'preferences',
  callForwards: 'callForwards',
  voicemail: 'voicemail',
};

export function checkSubscriber(order: OrderContent, subscriber: SubscriberOrder, path: Path, about: About): void {
  about.needs.creation('user', path);
  checkOffice(order, subscriber, path, about);
  checkIdentity(subscriber, path, about);
  checkUser(subscriber, path, about);
  checkGroups(subscriber, path, about);
}

function checkOffice(order: OrderContent, subscriber: SubscriberOrder, path: Path, about: About): void {
  const { profile, settings, needs, faults } = about;
  const at = [...path, 'native', 'office'];
  needs.creation('office', at);
  const { office } = subscriber.native;
  const isObject = typeof office === 'object' && office !== null && !Array.isArray(office);
  if (office !== undefined && typeof office !== 'string' && !isObject) {
    faults.add(at, 'must be the name of an office, or an object with its name');
    return;
  }
  const name = officeName(subscriber) ?? settings.office;
  const members = officeMembers(subscriber);
  if (office !== undefined && officeName(subscriber) === null) faults.add([...at, 'name'], 'is required');
  const fields = profile.fields.office;
  checkNativeNames(fields, members, ['name', ...ADDRESS_FIELDS, 'emergencyArea'], at, about);
  for (const member of [...ADDRESS_FIELDS, 'emergencyArea']) {
    if (members[member] !== undefined) refuseUnmapped(fields.has(member), [...at, member], about);
  }
  // Without a contact the office is there, or it gets what it is given here.
  const values = officeFields(order, subscriber, name);
  const known = { companyId: '', companyKey: '', orderKey: '', status: '' };
  checkValues(fields, { ...values, ...known }, (field) => [...at, field.name.replace(/^native\./, '')], about);
}

/** What an order that only names a subscriber must be able to find it by. */
function checkIdentity(subscriber: SubscriberOrder, path: Path, { profile, settings, faults }: About): void {
  const { username, domain, number } = subscriber;
  const { user } = profile.fields;
  if (userKey(subscriber, profile) === undefined) {
    faults.add([...path, 'number'], 'is required: users are known by their number');
  }
  if (!user.has('username') && username !== '') {
    const named = numberInName(username);
    const wanted = number && `+${number.cc}${number.ac}${number.sn}`;
    const isNumber = named !== undefined && (wanted === undefined || named === wanted);
    if (!isNumber)
      faults.add([...path, 'username'], 'must be the number in E.164: the profile has no field for another name');
  }
  if (
    !user.has('domain') &&
    domain !== '' &&
    settings.domain !== undefined &&
    domain.toLowerCase() !== settings.domain.toLowerCase()
  ) {
    faults.add([...path, 'domain'], `must be ${settings.domain}: the profile has no field for another`);
  }
}

const USER_FIELDS = ['password', 'webUsername', 'webPassword', 'number', 'aliases'] as const;

function checkUser(subscriber: SubscriberOrder, path: Path, about: About): void {
  const { user } = about.profile.fields;
  for (const name of USER_FIELDS) {
    const value = subscriber[name];
    const isGiven = Array.isArray(value) ? value.length > 0 : value !== undefined;
    // What a user is known by may stand in the calls alone.
    const isKey = name === 'number' && about.profile.keys.user === 'number';
    if (isGiven) refuseUnmapped(user.has(name) || isKey, [...path, name], about);
  }
  checkRange(subscriber, path, about);
  checkNativeNames(user, subscriber.native, USER_MEMBERS, [...path, 'native'], about);
  // Known only when it is sent; a password that is left out is made up.
  const known = { companyId: '', companyKey: '', officeId: '', officeName: '', orderKey: '', status: '' };
  const password = subscriber.password ?? '';
  checkValues(user, { ...userFields(subscriber), ...known, password }, ({ name }) => userPath(name, path), about);
}

export function checkRange(subscriber: SubscriberOrder, path: Path, about: About): void {
  const { range } = subscriber.native;
  if (range === undefined) return;
  const at = [...path, 'native', 'range'];
  const { from, to, ...more } = rangeOf(subscriber);
  const isExtension = (value: unknown): value is string => typeof value === 'string' && /^\d{1,8}$/.test(value);
  const fits = isExtension(from) && isExtension(to) && from.length === to.length && from <= to;
  if (!fits || Object.keys(more).length > 0) {
    about.faults.add(at, 'must be { from, to }: first and last extension, digits of the same length');
  }
  const { user } = about.profile.fields;
  refuseUnmapped(user.has('rangeFrom') && user.has('rangeTo'), at, about);
}

/** Where a field of a user comes from. */
export function userPath(name: string, path: Path): Path {
  if (name.startsWith('native.')) return [...path, 'native', name.slice('native.'.length)];
  if (name === 'rangeFrom' || name === 'rangeTo') return [...path, 'native', 'range'];
  return [...path, name];
}

export function checkGroups(subscriber: SubscriberOrder, path: Path, about: About): void {
  const { profile, needs } = about;
  for (const group of GROUP_NAMES) {
    const member = GROUP_MEMBERS[group];
    const values = Object.entries(GROUPS[group](subscriber)).filter(([, value]) => value !== undefined);
    if (values.length === 0) continue;
    const at = [...path, member];
    needs.operation(`${group}.get`, at);
    needs.operation(`${group}.set`, at);
    for (const [name] of values) {
      const place = name === 'ringTimeout' ? ['noAnswer', 'ringTimeout'] : [name];
      refuseUnmapped(profile.fields[group].has(name), [...at, ...place], about);
    }
    const isForward = group === 'callForwards';
    const placeOf = (name: string): Path =>
      isForward
        ? [...at, ...(name === 'ringTimeout' ? ['noAnswer', name] : [name, 'destinations', 0, 'to'])]
        : [...at, name];
    // A field that is required counts where the mailbox or forward is set at all, which the portal knows better.
    const given = new Map([...profile.fields[group]].filter(([name]) => values.some(([one]) => one === name)));
    checkValues(given, Object.fromEntries(values), ({ name }) => placeOf(name), about);
  }
  if (subscriber.callForwards) checkForwards(subscriber.callForwards, [...path, 'callForwards'], about);
}
