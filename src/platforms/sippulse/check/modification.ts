import type { NumberMove, OrderContent, SubscriberOrder, TargetSettings } from '../../port.ts';
import type { Faults, Path } from '../../check-faults.ts';
import { isUsername } from '../numbers.ts';
import type { SippulseSettings } from '../settings.ts';
import { CONTACT_MEMBERS } from '../subscriber-members.ts';
import { textFault } from './faults.ts';
import { checkName, numberFault } from './subscriber.ts';

const NO_CUSTOMERS =
  'the platform has no customers: they are data of each subscriber, and nothing lists the subscribers of one';

/** Orders that suspend, resume or terminate. */
export function checkNamed({ action, subscribers }: OrderContent, faults: Faults): void {
  if (subscribers.length === 0) faults.add(['subscribers'], `must name whom to ${action}: ${NO_CUSTOMERS}`);
}

/** What only a modify order may have. */
export function checkModification(
  order: OrderContent,
  { native }: TargetSettings<SippulseSettings>,
  faults: Faults,
): void {
  const { customer, subscribers, moves = [], cleared = [] } = order;
  if (subscribers.length === 0) {
    if (moves.length > 0) faults.add(['customer', 'externalId'], textFault(customer.externalId, 64));
    for (const member of membersOf(order)) {
      faults.add(['customer', ...member], `cannot be changed without naming the subscribers: ${NO_CUSTOMERS}`);
    }
  }
  for (const path of cleared) checkCleared(path.split('.'), subscribers, faults);
  for (const [index, subscriber] of subscribers.entries()) checkDid(subscriber, ['subscribers', index], faults);
  for (const [index, move] of moves.entries()) checkMove(move, ['moves', index], native, faults);
}

/** Of the customer, what the order changes. */
function membersOf({ customer, cleared = [] }: OrderContent): string[][] {
  const isContact = customer.contact !== undefined || cleared.some((path) => path.startsWith('customer.contact.'));
  return [
    ...(isContact ? [['contact']] : []),
    ...(customer.billingProfile === undefined ? [] : [['billingProfile']]),
    ...Object.keys(customer.native).map((name) => ['native', name]),
  ];
}

const UNCLEARABLE: { readonly [member: string]: string } = {
  externalId: 'has no field on this platform',
  webUsername: 'cannot be cleared: it is the username',
  webPassword: 'cannot be cleared: the platform always has one',
  preferences: 'cannot be cleared as a whole: name those that shall be cleared',
  'voicemail.email': 'cannot be cleared: a subscriber has one mail address, and needs it',
};

function checkCleared([list, ...rest]: readonly string[], subscribers: readonly SubscriberOrder[], faults: Faults) {
  if (list === 'customer') {
    const [, name = ''] = rest;
    faults.add(['customer', 'contact', name], contactFault(name));
    return;
  }
  const [id, ...member] = rest;
  const index = subscribers.findIndex((one) => one.id === id);
  faults.add(['subscribers', index, ...member], UNCLEARABLE[member.join('.')]);
}

function contactFault(name: string): string | null {
  if (name === 'email') return 'cannot be cleared: a subscriber needs a mail address';
  if (name === 'country') return 'cannot be cleared: it is the calling code of each subscriber';
  return Object.hasOwn(CONTACT_MEMBERS, name) ? null : 'has no field on this platform';
}

/** What a DID has besides is set when it is made, and no call changes it. */
function checkDid({ native, number, aliases }: SubscriberOrder, path: Path, faults: Faults): void {
  if (native['did'] === undefined || number !== undefined || aliases.length > 0) return;
  faults.add([...path, 'native', 'did'], 'is of DIDs that the order makes: it needs number or aliases');
}

function checkMove({ number, from, to }: NumberMove, path: Path, settings: SippulseSettings, faults: Faults): void {
  faults.add([...path, 'number'], numberFault(number));
  faults.add([...path, 'from', 'customer', 'externalId'], textFault(from.customer, 64));
  checkName(from, [...path, 'from'], faults);
  checkName(to, [...path, 'to'], faults);
  const named = [from, to].find(({ username }) => isUsername(username, number, settings));
  if (named) {
    const name = `${named.username}@${named.domain}`;
    faults.add(
      [...path, 'number'],
      `cannot be moved: it is the user name of ${name}, whom calls reach by it without a DID`,
    );
  }
}
