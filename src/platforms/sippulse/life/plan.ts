import type { NumberMove, OrderContent, PlannedStep, SubscriberOrder } from '../../port.ts';
import { customerNativeOf, subscriberNativeOf } from '../native.ts';
import { digitsOf } from '../numbers.ts';
import { planOperations } from '../operations/index.ts';
import { inLine, nameOf, planTrunk, reasonFor, type Planned } from '../plan-steps.ts';
import { preferencesIn, type PreferenceGroup } from '../preference-names.ts';

interface ItemStep {
  readonly item: string;
  readonly planned: Planned;
}

const titled = (subscriber: SubscriberOrder, kinds: readonly Planned[]): ItemStep[] =>
  kinds.map(([kind, title, stepClass]) => ({
    item: subscriber.id,
    planned: [kind, `${title} ${nameOf(subscriber)}`, stepClass],
  }));

/** Why undo cannot bring it back. */
const UNTOLD = 'no way back, the platform does not tell what was';

/**
 * For each subscriber a line of its own. What the platform never shows cannot be brought back: it comes last, and where an
 * order has such a change all of its subscribers and moves are one line, so that everything that may still be undone
 * comes before.
 */
export function planModification(order: OrderContent): PlannedStep[] {
  const steps = planTrunk(order);
  const trunk = steps.map(({ id }) => id);
  const parts = order.subscribers.map((subscriber) => partsOf(order, subscriber));
  const moves = (order.moves ?? []).flatMap(moveSteps);
  if (parts.some(({ untold }) => untold.length > 0)) {
    const all = [
      ...parts.flatMap(({ changes }) => changes),
      ...moves,
      ...parts.flatMap(({ untold }) => untold),
      ...parts.flatMap(({ reloads }) => reloads),
    ];
    steps.push(...inLine(pivotFirst(all), trunk, 'modification'));
  } else {
    for (const { changes, reloads } of parts) steps.push(...inLine([...changes, ...reloads], trunk));
    steps.push(...inLine(moves, trunk, 'moves'));
  }
  return [...steps, ...planOperations(order, trunk)];
}

/** Of several steps with no way back the first is the pivot: after it there is only forward. */
function pivotFirst(steps: readonly ItemStep[]): ItemStep[] {
  const pivot = steps.findIndex(({ planned }) => planned[2] === 'pivot');
  return steps.map(({ item, planned: [kind, title, stepClass] }, at) => ({
    item,
    planned: [kind, title, at > pivot && stepClass === 'pivot' ? 'retriable' : stepClass],
  }));
}

function partsOf(order: OrderContent, subscriber: SubscriberOrder) {
  const { callForwards, preferences, voicemail, number, aliases } = subscriber;
  const { whiteList, addresses, locations, credit } = subscriberNativeOf(subscriber.native);
  const isCleared = (member: string): boolean =>
    order.cleared?.includes(`subscribers.${subscriber.id}.${member}`) ?? false;
  const named = (...groups: PreferenceGroup[]): boolean =>
    Object.keys(preferencesIn(preferences, ...groups)).length > 0;
  const hasForwards = Object.keys(callForwards ?? {}).length > 0 || isCleared('callForwards');
  const hasNumbers = number !== undefined || aliases.length > 0 || isCleared('number') || isCleared('aliases');
  const parts = {
    changes: reasonFor([
      ['subscriber', 'subscriber'],
      hasNumbers && ['numbers', 'numbers of'],
      hasForwards && ['callForwards', 'call forwards of'],
      named('subscriber', 'classV') && ['preferences', 'preferences of'],
      named('quotas') && ['quotas', 'quotas of'],
      (voicemail?.pin !== undefined || isCleared('voicemail')) && ['voicemail', 'voicemail of'],
      whiteList !== undefined && ['whiteList', 'white list of'],
      addresses !== undefined && ['addresses', 'addresses of'],
      locations !== undefined && ['locations', 'locations of'],
      customerNativeOf(order.customer.native).accountGroup !== undefined && ['accountGroup', 'account group of'],
      credit !== undefined && ['credit', 'credit of'],
    ]),
    untold: reasonFor([
      named('services') && ['services', `services (${UNTOLD}) of`, 'pivot'],
      named('switches') && ['switches', `switches (${UNTOLD}) of`, 'pivot'],
    ]),
    reloads: reasonFor([
      ['reload', 'reload of', 'retriable'],
      hasNumbers && ['reloadDids', 'reload of the numbers of', 'retriable'],
      addresses !== undefined && ['reloadAddresses', 'reload of addresses after', 'retriable'],
    ]),
  };
  return {
    changes: titled(subscriber, parts.changes),
    untold: titled(subscriber, parts.untold),
    reloads: titled(subscriber, parts.reloads),
  };
}

function moveSteps({ id, number, from, to }: NumberMove): ItemStep[] {
  const what = `number ${digitsOf(number)} from ${nameOf(from)} to ${nameOf(to)}`;
  return [
    { item: id, planned: ['numberMove', what] },
    { item: id, planned: ['reloadNumber', `reload after: ${what}`, 'retriable'] },
  ];
}

/**
 * Nothing shows whether a subscriber is blocked, so there is no way back: all are looked at before the first is touched.
 */
export function planBlocking({ subscribers }: OrderContent, verb: 'block' | 'activate'): PlannedStep[] {
  const set: Planned = ['subscriber', `${verb} (${UNTOLD})`, 'pivot'];
  const reload: Planned = ['reload', 'reload of', 'retriable'];
  return inLine(
    pivotFirst([
      ...subscribers.flatMap((one) => titled(one, [['ownership', 'owner of']])),
      ...subscribers.flatMap((one) => titled(one, [set, reload])),
    ]),
    [],
    verb === 'block' ? 'suspension' : 'resumption',
  );
}

/** What hangs on a subscriber is taken away before it: what its removal takes along is not known (sippulse.md, "Retry"). */
const TERMINATION: readonly Planned[] = [
  ['numbers', 'remove the numbers of', 'pivot'],
  ['whiteList', 'remove the white list of', 'pivot'],
  ['addresses', 'remove the addresses of', 'pivot'],
  ['locations', 'remove the locations of', 'pivot'],
  ['huntGroups', 'take out of its hunt groups', 'pivot'],
  ['accountGroup', 'remove the account group of', 'pivot'],
  ['subscriber', 'remove subscriber', 'pivot'],
  ['reload', 'reload of', 'retriable'],
  ['reloadDids', 'reload of the numbers of', 'retriable'],
  ['reloadAddresses', 'reload of addresses after', 'retriable'],
  ['reloadHuntGroups', 'reload of the hunt groups of', 'retriable'],
];

/** All are looked at before the first is touched. */
export const planTermination = ({ subscribers }: OrderContent): PlannedStep[] =>
  inLine(
    pivotFirst([
      ...subscribers.flatMap((one) => titled(one, [['ownership', 'owner of']])),
      ...subscribers.flatMap((one) => titled(one, TERMINATION)),
    ]),
    [],
    'termination',
  );
