import type { PhoneNumber, SubscriberOrder } from '../../port.ts';
import type { PreferenceDefinitions } from '../definitions.ts';
import { changedSubscriberNative, storedTextFault, subscriberNative, subscriberNativeOf } from '../native.ts';
import { digitsOf } from '../numbers.ts';
import { preferenceFault, staticPreferenceFault } from '../preference-values.ts';
import { checkCallForwards } from './call-forwards.ts';
import { addSchemaFaults, type Faults, type Path } from '../../check-faults.ts';
import { emailFault } from './faults.ts';

/** bcrypt, with which the platform hashes it, ignores what comes after these bytes. */
const LONGEST_WEB_PASSWORD = 72;

/** What is checked of a subscriber depends on whether it is to be made or changed. */
export interface SubscriberChecks {
  readonly definitions: PreferenceDefinitions | null;
  readonly isNew: boolean;
}

/** Platform rules for one subscriber that need no other (sipwise-ngcp.md §8.3, §8.7, §8.11). */
export function checkSubscriber(
  subscriber: SubscriberOrder,
  path: Path,
  { definitions, isNew }: SubscriberChecks,
  faults: Faults,
): void {
  const { password, webUsername, webPassword } = subscriber;
  checkSubscriberName(subscriber, path, faults);
  if (password !== undefined) faults.add([...path, 'password'], storedTextFault(password, 40));
  if (webUsername !== undefined) faults.add([...path, 'webUsername'], usernameFault(webUsername));
  if (webPassword !== undefined && Buffer.byteLength(webPassword) > LONGEST_WEB_PASSWORD) {
    faults.add([...path, 'webPassword'], `must have at most ${LONGEST_WEB_PASSWORD} bytes`);
  }
  if (subscriber.number) faults.add([...path, 'number'], numberFault(subscriber.number));
  for (const [index, alias] of subscriber.aliases.entries())
    faults.add([...path, 'aliases', index], numberFault(alias));
  if (subscriber.callForwards) checkCallForwards(subscriber.callForwards, [...path, 'callForwards'], faults);
  for (const [name, value] of Object.entries(subscriber.preferences ?? {})) {
    const fault = definitions ? preferenceFault(name, value, definitions) : staticPreferenceFault(name, value);
    faults.add([...path, 'preferences', name], fault);
  }
  checkVoicemail(subscriber, path, faults);
  checkNative(subscriber, path, isNew, faults);
}

/** What every order says of a subscriber. */
export function checkSubscriberName(
  { externalId, username, domain }: Pick<SubscriberOrder, 'externalId' | 'username' | 'domain'>,
  path: Path,
  faults: Faults,
): void {
  faults.add([...path, 'username'], usernameFault(username));
  faults.add([...path, 'domain'], domainFault(domain));
  if (externalId !== undefined) faults.add([...path, 'externalId'], storedTextFault(externalId, 255));
}

/** What a modify order may not clear. */
const NOT_CLEARED = {
  preferences: 'cannot be cleared as a whole: the platform keeps settings of its own there; name each one as null',
  voicemail: 'cannot be taken away on this platform; voicemail.email can be cleared',
};

export function checkCleared({ id }: SubscriberOrder, cleared: readonly string[], path: Path, faults: Faults): void {
  for (const [member, message] of Object.entries(NOT_CLEARED)) {
    if (cleared.includes(`subscribers.${id}.${member}`)) faults.add([...path, member], message);
  }
}

/** Also for self-care logins: they default to the user name. */
function usernameFault(username: string): string | null {
  if (username.length > 127) return 'must have at most 127 characters';
  if (!/^[A-Za-z0-9+=,;_.~'()!*-]+$/.test(username))
    return "may hold only letters, digits and + = , ; _ . ~ ' ( ) ! * -";
  if (username.startsWith('.') || username.endsWith('.') || username.includes('..')) {
    return 'must not begin or end with a dot or hold two in a row';
  }
  return null;
}

/** The platform takes any text for a domain; one that is no host name could never be called. */
function domainFault(domain: string): string | null {
  if (domain.length > 127) return 'must have at most 127 characters';
  const label = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
  return domain.split('.').every((part) => label.test(part)) ? null : 'must be a domain name';
}

/** Letters would be stored as they are (§8.3). */
export function numberFault({ cc, ac, sn }: PhoneNumber): string | null {
  if (!/^\d+$/.test(cc) || !/^\d*$/.test(ac) || !/^\d+$/.test(sn)) return 'must consist of digits';
  if (cc.length > 4 || ac.length > 7 || sn.length > 31) return 'must have at most 4 digits in cc, 7 in ac and 31 in sn';
  return null;
}

function checkVoicemail({ voicemail }: SubscriberOrder, path: Path, faults: Faults): void {
  const { pin, email } = voicemail ?? {};
  if (pin !== undefined && !/^\d{4,31}$/.test(pin)) faults.add([...path, 'voicemail', 'pin'], 'must be 4 to 31 digits');
  if (email !== undefined) faults.add([...path, 'voicemail', 'email'], emailFault(email));
}

function checkNative({ native: given }: SubscriberOrder, path: Path, isNew: boolean, faults: Faults): void {
  const at = [...path, 'native'];
  addSchemaFaults(faults, at, isNew ? subscriberNative : changedSubscriberNative, given, 'field');
  const native = subscriberNativeOf(given);
  if (native.status === 'locked' && native.lock !== undefined && native.lock !== 4) {
    faults.add([...at, 'lock'], 'must be 4 or left out when status is locked: the platform sets that level by itself');
  }
  if (isNew && native.profile_id !== undefined && native.profile_set_id === undefined) {
    faults.add([...at, 'profile_id'], 'needs profile_set_id');
  }
}

/** Rules over all subscribers of an order: what would meet itself on the platform (§4.1, §8.3). */
export function checkTogether(subscribers: readonly SubscriberOrder[], isNew: boolean, faults: Faults): void {
  const numbers = new Map<string, string>();
  const webNames = new Map<string, number>();
  for (const [index, subscriber] of subscribers.entries()) {
    const path = ['subscribers', index];
    const own = subscriber.number ? [{ number: subscriber.number, at: [...path, 'number'] }] : [];
    const aliases = subscriber.aliases.map((number, alias) => ({ number, at: [...path, 'aliases', alias] }));
    for (const { number, at } of [...own, ...aliases]) {
      const digits = digitsOf(number);
      const other = numbers.get(digits);
      if (other !== undefined) faults.add(at, `is the same number as ${other}`);
      else numbers.set(digits, at.join('.'));
    }
    if (!isNew && subscriber.webUsername === undefined) continue;
    const webName = `${subscriber.webUsername ?? subscriber.username}@${subscriber.domain}`.toLowerCase();
    const other = webNames.get(webName);
    if (other === undefined) webNames.set(webName, index);
    else
      faults.add(
        [...path, subscriber.webUsername === undefined ? 'username' : 'webUsername'],
        `is also the web user name of subscribers.${other}`,
      );
  }
}
