import type { OrderContent, PlannedStep, SubscriberOrder } from '../../port.ts';
import { customerNativeOf, CUSTOMER_MEMBERS, subscriberNativeOf } from '../native.ts';
import { digitsOf } from '../numbers.ts';
import { planOperations } from '../operations/index.ts';
import {
  inLine,
  nameOf,
  pivotFirst,
  plannedStep,
  reasonFor,
  titled,
  type ItemStep,
  type Planned,
} from '../../plan-steps.ts';

const NO_WAY_BACK = 'no way back';

/**
 * The customer, then for each subscriber a line of its own. What cannot be brought back comes last, and where an order
 * has such a change all of its subscribers and moves are one line, so that everything that may still be undone comes
 * before.
 */
export function planModification(order: OrderContent): PlannedStep[] {
  const steps = planTrunk(order);
  const trunk = steps.map(({ id }) => id);
  const parts = order.subscribers.map((subscriber) => partsOf(order, subscriber));
  const moves = (order.moves ?? []).map(({ id, number, from, to }): ItemStep => {
    return { item: id, planned: ['numberMove', `number ${digitsOf(number)} from ${nameOf(from)} to ${nameOf(to)}`] };
  });
  const lasting = parts.flatMap((part) => part.lasting);
  if (lasting.length > 0) {
    const all = [...parts.flatMap((part) => part.changes), ...moves, ...lasting];
    steps.push(...inLine(pivotFirst(all), trunk, 'modification'));
  } else {
    for (const { changes } of parts) steps.push(...inLine(changes, trunk));
    steps.push(...inLine(moves, trunk, 'moves'));
  }
  return [...steps, ...planOperations(order, trunk)];
}

function planTrunk({ customer, cleared = [] }: OrderContent): PlannedStep[] {
  const { contact, native, billingProfile, externalId } = customer;
  const hasContact =
    Object.keys(contact ?? {}).length > 0 || cleared.some((path) => path.startsWith('customer.contact.'));
  const domains = customerNativeOf(native).domains ?? [];
  const hasMembers = Object.keys(native).some((name) => CUSTOMER_MEMBERS.includes(name));
  const all = reasonFor([
    ['customer', `customer ${externalId}${hasMembers ? ' and its members' : ''}`],
    hasContact && ['contact', `contact of ${externalId}`],
    domains.length > 0 && ['domains', `domains ${domains.map(({ domain }) => domain).join(', ')}`],
    billingProfile !== undefined && ['billingProfile', `billing profile of ${externalId}`],
  ]);
  const steps: PlannedStep[] = [];
  for (const planned of all)
    steps.push(
      plannedStep(
        null,
        planned,
        steps.slice(-1).map(({ id }) => id),
      ),
    );
  return steps;
}

function partsOf({ cleared = [] }: OrderContent, subscriber: SubscriberOrder) {
  const { id, callForwards, preferences, voicemail, number, aliases, native, password } = subscriber;
  const isCleared = (member: string): boolean => cleared.includes(`subscribers.${id}.${member}`);
  const hasNumbers = number !== undefined || aliases.length > 0 || isCleared('number') || isCleared('aliases');
  const hasMailbox =
    Object.keys(voicemail ?? {}).length > 0 ||
    isCleared('voicemail.email') ||
    subscriberNativeOf(native).voicemail !== undefined;
  return {
    changes: titled(
      subscriber,
      reasonFor([
        ['subscriber', 'subscriber'],
        hasNumbers && ['aliases', 'aliases of'],
        hasNumbers && ['enumNumbers', 'ENUM numbers of'],
        hasMailbox && ['voicemail', 'voicemail of'],
        (Object.keys(callForwards ?? {}).length > 0 || isCleared('callForwards')) && [
          'callForwards',
          'call forwards of',
        ],
        Object.keys(preferences ?? {}).length > 0 && ['preferences', 'preferences of'],
      ]),
    ),
    lasting: titled(
      subscriber,
      reasonFor([
        password !== undefined && ['password', `password (${NO_WAY_BACK}) of`, 'pivot'],
        isCleared('voicemail') && ['mailboxRemoval', `remove the mailbox (${NO_WAY_BACK}) of`, 'pivot'],
      ]),
    ),
  };
}

/** The subscribers named, each in a line of its own, or the customer with all of them. */
export function planSuspension({ customer, subscribers }: OrderContent, verb: 'block' | 'unblock'): PlannedStep[] {
  if (subscribers.length === 0) return [plannedStep(null, ['customer', `${verb} customer ${customer.externalId}`], [])];
  return subscribers.flatMap((one) => inLine(titled(one, [['subscriber', verb]]), []));
}

/** What hangs on a subscriber goes before it: what its removal takes along is not known (ngnpro.md, "Not knowable"). */
const TERMINATION: readonly Planned[] = [
  ['aliases', 'remove the aliases of', 'pivot'],
  ['enumNumbers', 'remove the ENUM numbers of', 'pivot'],
  ['voicemail', 'remove the mailbox of', 'pivot'],
  ['billingProfile', 'remove the billing profile of', 'pivot'],
  ['subscriber', 'remove subscriber', 'pivot'],
];

/** All are looked at before the first is touched. */
export function planTermination({ customer, subscribers }: OrderContent): PlannedStep[] {
  if (subscribers.length === 0) {
    return [plannedStep(null, ['customer', `remove customer ${customer.externalId} and all it has`, 'pivot'], [])];
  }
  return inLine(
    pivotFirst([
      ...subscribers.flatMap((one) => titled(one, [['ownership', 'owner of']])),
      ...subscribers.flatMap((one) => titled(one, TERMINATION)),
    ]),
    [],
    'termination',
  );
}
