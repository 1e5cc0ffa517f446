import type { OrderContent, PhoneNumber, SubscriberOrder } from '../../port.ts';
import { subscriberNative, subscriberNativeChange } from '../native.ts';
import { digitsOf } from '../numbers.ts';
import { preferenceFault } from '../preference-names.ts';
import { checkCallForwards } from './call-forwards.ts';
import { addSchemaFaults, type Faults, type Path } from '../../check-faults.ts';
import { textFault } from './faults.ts';

const LONGEST_PASSWORD = 64;

/** Platform rules for one subscriber (sippulse.md, "DTOs"). */
export function checkSubscriber(order: OrderContent, subscriber: SubscriberOrder, path: Path, faults: Faults): void {
  const { username, password, webUsername, webPassword, callForwards, preferences } = subscriber;
  checkName(subscriber, path, faults);
  if (password !== undefined) faults.add([...path, 'password'], textFault(password, LONGEST_PASSWORD));
  if (webPassword !== undefined) faults.add([...path, 'webPassword'], textFault(webPassword, LONGEST_PASSWORD));
  if (webUsername !== undefined && webUsername !== username) {
    faults.add([...path, 'webUsername'], 'must be the username or left out: the platform has no other');
  }
  for (const { number, at } of numbersOf(subscriber, path)) faults.add(at, numberFault(number));
  if (callForwards) checkCallForwards(callForwards, [...path, 'callForwards'], faults);
  for (const [name, value] of Object.entries(preferences ?? {})) {
    faults.add([...path, 'preferences', name], preferenceFault(name, value));
  }
  checkPreferencesTogether(order, subscriber, path, faults);
  checkVoicemail(order, subscriber, path, faults);
  const native = order.action === 'modify' ? subscriberNativeChange : subscriberNative;
  addSchemaFaults(faults, [...path, 'native'], native, subscriber.native, 'member');
}

/** Who it is, of a subscriber or an end of a move. */
export function checkName(
  { username, domain }: Pick<SubscriberOrder, 'username' | 'domain'>,
  path: Path,
  faults: Faults,
) {
  faults.add([...path, 'username'], usernameFault(username));
  faults.add([...path, 'domain'], domainFault(domain));
}

/** What is wrong with a telephone number, or null. */
export const numberFault = (number: PhoneNumber): string | null =>
  /^\d{1,32}$/.test(digitsOf(number)) ? null : 'must consist of at most 32 digits';

/** The account code is `username@domain`, and a hunt group's list is parted by semicolons (sippulse.md). */
function usernameFault(username: string): string | null {
  if (username.length > 64) return 'must have at most 64 characters';
  return /^[A-Za-z0-9+=_.~'()!*-]+$/.test(username) ? null : "may hold only letters, digits and + = _ . ~ ' ( ) ! * -";
}

function domainFault(domain: string): string | null {
  if (domain.length > 64) return 'must have at most 64 characters';
  const label = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
  return domain.split('.').every((part) => label.test(part)) ? null : 'must be a domain name';
}

const numbersOf = ({ number, aliases }: SubscriberOrder, path: Path) => [
  ...(number ? [{ number, at: [...path, 'number'] }] : []),
  ...aliases.map((alias, index) => ({ number: alias, at: [...path, 'aliases', index] })),
];

function checkPreferencesTogether(
  { action }: OrderContent,
  { preferences = {}, callForwards }: SubscriberOrder,
  path: Path,
  faults: Faults,
): void {
  const at = (name: string): Path => [...path, 'preferences', name];
  for (const quota of ['dailyQuota', 'monthlyQuota']) {
    if (preferences[quota] !== true) continue;
    for (const more of [`${quota}Limit`, `${quota}Type`]) {
      if (preferences[more] === undefined) faults.add(at(more), `is needed with ${quota}`);
    }
  }
  if (preferences['lowCreditNotification'] === true && preferences['lowCreditLimit'] === undefined) {
    faults.add(at('lowCreditLimit'), 'is needed with lowCreditNotification');
  }
  if (preferences['resellerBillingType'] === 1 && typeof preferences['resellerRatePlanId'] !== 'number') {
    faults.add(at('resellerRatePlanId'), 'is needed with resellerBillingType 1');
  }
  if (preferences['rings'] !== undefined && callForwards?.noAnswer?.ringTimeout !== undefined) {
    faults.add(at('rings'), 'is the same as callForwards.noAnswer.ringTimeout: give one of them');
  }
  for (const [one, other] of [
    ['cps', 'keepAlive'],
    ['keepAlive', 'cps'],
  ] as const) {
    if (action !== 'modify' || preferences[one] === undefined || preferences[other] !== undefined) continue;
    faults.add(at(other), `is needed with ${one}: the platform takes both at once and tells neither`);
  }
}

/** The PIN is a number on the platform, and the mail address is the subscriber's only one. */
function checkVoicemail(
  { action, customer }: OrderContent,
  { voicemail }: SubscriberOrder,
  path: Path,
  faults: Faults,
): void {
  if (!voicemail) return;
  const { pin, email } = voicemail;
  if (pin === undefined) {
    if (action !== 'modify') faults.add([...path, 'voicemail', 'pin'], 'is required by the platform');
  } else if (!/^[1-9]\d{3,14}$/.test(pin)) {
    faults.add([...path, 'voicemail', 'pin'], 'must be 4 to 15 digits that do not begin with 0');
  }
  const other = customer.contact?.email;
  if (email === undefined) return;
  faults.add([...path, 'voicemail', 'email'], textFault(email, 255));
  if (other !== undefined && other !== email) {
    faults.add([...path, 'voicemail', 'email'], 'must be customer.contact.email: the platform has one mail address');
  }
}
