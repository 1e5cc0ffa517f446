import type { NumberMove, OrderContent, PlannedStep, SubscriberName, SubscriberOrder } from '../port.ts';
import { customerNativeOf, subscriberNativeOf } from './native.ts';
import { clears } from './shared/cleared.ts';
import { asksForLock } from './steps/lock.ts';

type Kind = [kind: string, title: string];

const PLANS: { readonly [action in OrderContent['action']]: (order: OrderContent) => PlannedStep[] } = {
  provision: planProvision,
  modify: planModify,
  suspend: planLocking,
  resume: planLocking,
  terminate: planTerminate,
};

export const plan = (order: OrderContent): PlannedStep[] => PLANS[order.action](order);

/**
 * The steps of a provision order: contact, customer, then for each subscriber a chain of its own, in the platform's safe
 * order (sipwise-ngcp.md §10) except that call forwards come before preferences, as the engine's common flow has them.
 */
function planProvision(order: OrderContent): PlannedStep[] {
  const customer = order.customer.externalId;
  const steps: PlannedStep[] = [
    step('contact', null, [], `contact of customer ${customer}`),
    { ...step('customer', null, ['contact'], `customer ${customer}`), absentAfter: 'contact' },
  ];
  for (const subscriber of order.subscribers) {
    steps.push(
      ...chained(changesOf(order, subscriber)).map((planned) =>
        planned.kind === 'subscriber'
          ? // Two creations of one customer can both pass its limit of subscribers, and wait for each other anyway (§5).
            { ...planned, exclusive: true, absentAfter: 'customer' }
          : { ...planned, ...(isBlank(planned.kind, subscriber) && { absentAfter: `${subscriber.id}.subscriber` }) },
      ),
    );
  }
  return steps;
}

/**
 * A customer this order makes has no subscriber yet; a name that another customer's has is refused by the platform.
 * A subscriber this order makes has no forwards of its own yet, and nobody misses the random PIN of its mailbox. What the
 * platform filled in by itself must be seen before it is cleared (sipwise-ngcp.md §8.3). Its lock went with it already.
 */
function isBlank(kind: string, { preferences }: SubscriberOrder): boolean {
  return kind !== 'lock' && !(kind === 'preferences' && Object.values(preferences ?? {}).includes(null));
}

/**
 * The steps of a modify order. The customer and the subscribers are found first, changed or not. What cannot be brought
 * back comes last in its line, the password of the self-care login. Subscribers whose numbers move have one line with the
 * moves: the platform writes a subscriber as a whole, and the last writer wins (sipwise-ngcp.md §2).
 */
function planModify(order: OrderContent): PlannedStep[] {
  const customer = order.customer.externalId;
  const steps = [step('customer', null, [], `customer ${customer}`)];
  if (asksForContact(order)) steps.push(step('contact', null, ['customer'], `contact of customer ${customer}`));
  const movers = moversOf(order);
  const [moving, others] = [true, false].map((isMoving) =>
    order.subscribers.filter((one) => movers.has(nameOf(one).toLowerCase()) === isMoving),
  ) as [SubscriberOrder[], SubscriberOrder[]];
  for (const one of others) steps.push(...chained([...changesOf(order, one), ...lastOf(order, one)]));
  const line = [
    ...moving.flatMap((one) => changesOf(order, one)),
    ...(order.moves ?? []).map((move) => step('numberMove', move.id, [], titleOf(move))),
    ...moving.flatMap((one) => lastOf(order, one)),
  ];
  steps.push(...chained(line).map((planned) => ({ ...planned, line: 'moves' })));
  return steps;
}

/** Subscribers of the order's customer that give or get a number. */
function moversOf({ customer, moves = [] }: OrderContent): Set<string> {
  const names = moves.flatMap(({ from, to }) => (from.customer === customer.externalId ? [from, to] : [to]));
  return new Set(names.map((one) => nameOf(one).toLowerCase()));
}

const changesOf = (order: OrderContent, one: SubscriberOrder): PlannedStep[] =>
  kindsOf(order, one).map(([kind, title]) => step(kind, one.id, [], `${title} ${nameOf(one)}`));

function lastOf(order: OrderContent, one: SubscriberOrder): PlannedStep[] {
  if (one.webPassword === undefined && !clears(order, `subscribers.${one.id}.webPassword`)) return [];
  return [{ ...step('webPassword', one.id, [], `self-care password of ${nameOf(one)}`), class: 'pivot' }];
}

const titleOf = ({ number, from, to }: NumberMove): string =>
  `number +${number.cc}${number.ac}${number.sn} from ${nameOf(from)} to ${nameOf(to)}`;

function asksForContact({ customer, cleared }: OrderContent): boolean {
  const isGiven = [customer.contact, customerNativeOf(customer.native).contact].some(
    (members) => Object.keys(members ?? {}).length > 0,
  );
  return isGiven || (cleared ?? []).some((path) => path.startsWith('customer.contact.'));
}

/** Of the whole customer, or of the subscribers that are named. */
function planLocking({ action, customer, subscribers }: OrderContent): PlannedStep[] {
  if (subscribers.length === 0) return [step('customer', null, [], `${action} customer ${customer.externalId}`)];
  return subscribers.map((one) => step('subscriber', one.id, [], `${action} ${nameOf(one)}`));
}

/** All that are named are looked at before the first is removed; from then on there is no way back. */
function planTerminate({ customer, subscribers }: OrderContent): PlannedStep[] {
  if (subscribers.length === 0) {
    return [
      { ...step('customer', null, [], `terminate customer ${customer.externalId}`), class: 'pivot' },
      { ...step('contact', null, ['customer'], `contact of customer ${customer.externalId}`), class: 'retriable' },
    ];
  }
  const looks = subscribers.map((one) => step('ownership', one.id, [], `look at ${nameOf(one)}`));
  const removals = subscribers.map((one, at): PlannedStep => {
    return { ...step('subscriber', one.id, [], `terminate ${nameOf(one)}`), class: at === 0 ? 'pivot' : 'retriable' };
  });
  return chained([...looks, ...removals], []).map((planned) => ({ ...planned, line: 'termination' }));
}

function kindsOf(order: OrderContent, { id, callForwards, preferences, voicemail, native }: SubscriberOrder): Kind[] {
  const isCleared = (member: string): boolean => clears(order, `subscribers.${id}.${member}`);
  const kinds: Kind[] = [['subscriber', 'subscriber']];
  if (Object.keys(callForwards ?? {}).length > 0 || isCleared('callForwards'))
    kinds.push(['callForwards', 'call forwards of']);
  if (Object.keys(preferences ?? {}).length > 0) kinds.push(['preferences', 'preferences of']);
  if (voicemail?.pin !== undefined || voicemail?.email !== undefined || isCleared('voicemail.email'))
    kinds.push(['voicemail', 'voicemail of']);
  if (asksForLock(subscriberNativeOf(native))) kinds.push(['lock', 'lock of']);
  return kinds;
}

/** Each after the one before it. */
function chained(steps: readonly PlannedStep[], first: readonly string[] = ['customer']): PlannedStep[] {
  return steps.map((planned, at) => ({ ...planned, needs: at === 0 ? first : [steps[at - 1]!.id] }));
}

const nameOf = ({ username, domain }: SubscriberName): string => `${username}@${domain}`;

function step(kind: string, item: string | null, needs: readonly string[], title: string): PlannedStep {
  return { id: item === null ? kind : `${item}.${kind}`, kind, item, needs, class: 'compensatable', title };
}
