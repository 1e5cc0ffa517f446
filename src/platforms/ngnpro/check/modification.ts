import type { Faults, Path } from '../../check-faults.ts';
import type { NumberMove, OrderContent, SubscriberOrder } from '../../port.ts';
import { digitsOf } from '../numbers.ts';
import { checkName } from './name.ts';

const UNCLEARABLE: { readonly [member: string]: string } = {
  webUsername: 'does not exist on this platform',
  webPassword: 'does not exist on this platform',
  preferences: 'cannot be cleared as a whole: name those that shall be cleared',
};

/** Parts of the one address that the platform has of a customer. */
const ADDRESS = ['street', 'houseNumber', 'complement', 'district'] as const;

/** What only a modify order may have. */
export function checkModification(order: OrderContent, faults: Faults): void {
  const { subscribers, moves = [], cleared = [], customer } = order;
  for (const path of cleared) checkCleared(path.split('.'), subscribers, faults);
  checkAddress(order, faults);
  if (customer.native['password'] !== undefined) {
    faults.add(['customer', 'native', 'password'], 'is changed by the operation CustomerPort.updateAccount');
  }
  for (const [index, subscriber] of subscribers.entries()) checkMappings(subscriber, ['subscribers', index], faults);
  for (const [index, move] of moves.entries()) checkMove(move, ['moves', index], faults);
}

function checkCleared([list, ...rest]: readonly string[], subscribers: readonly SubscriberOrder[], faults: Faults) {
  if (list === 'customer') {
    const [, name = ''] = rest;
    if (name === 'email') faults.add(['customer', 'contact', name], 'cannot be cleared: the platform needs one');
    return;
  }
  const [id, ...member] = rest;
  const index = subscribers.findIndex((one) => one.id === id);
  faults.add(['subscribers', index, ...member], UNCLEARABLE[member.join('.')]);
}

/** Nothing tells which part of the address on the platform is which. */
function checkAddress({ customer, cleared = [] }: OrderContent, faults: Faults): void {
  const isNamed = (name: string): boolean =>
    customer.contact?.[name as keyof typeof customer.contact] !== undefined ||
    cleared.includes(`customer.contact.${name}`);
  if (!ADDRESS.some(isNamed) || isNamed('street')) return;
  faults.add(
    ['customer', 'contact', 'street'],
    'is needed with other parts of the address, which is one text on this platform',
  );
}

function checkMappings({ native, number, aliases }: SubscriberOrder, path: Path, faults: Faults): void {
  if (native['enumMappings'] === undefined || number !== undefined || aliases.length > 0) return;
  faults.add([...path, 'native', 'enumMappings'], 'is of numbers that the order gives: it needs number or aliases');
}

function checkMove({ number, from, to }: NumberMove, path: Path, faults: Faults): void {
  checkName(from, [...path, 'from'], faults);
  checkName(to, [...path, 'to'], faults);
  const digits = digitsOf(number);
  const named = [from, to].find(({ username }) => username.replace(/^\+/, '') === digits);
  if (!named) return;
  faults.add(
    [...path, 'number'],
    `cannot be moved: it is the user name of ${named.username}@${named.domain}, not an alias`,
  );
}
