import type { OrderContent, PlannedStep, SubscriberName, SubscriberOrder } from '../port.ts';
import { changesPasswords } from './order/changes.ts';
import { clears } from './order/cleared.ts';
import { planOperations } from './operations/index.ts';
import { officeGroup, officeName } from './order/office.ts';

const PLANS: { readonly [action in OrderContent['action']]: (order: OrderContent) => PlannedStep[] } = {
  provision: planProvision,
  modify: planModify,
  suspend: planStatus,
  resume: planStatus,
  terminate: planTerminate,
};

/** An order of operations has nothing else: the door sees to it. */
export const plan = (order: OrderContent): PlannedStep[] =>
  order.operations.length > 0 ? planOperations(order) : PLANS[order.action](order);

/**
 * company → office → user → services (tim-web-portal.md §4). Subscribers of one office are one line: its first makes the
 * office, and undo takes it away after the last of them. All are one line, office by office, where some name one and
 * others none: the one that the settings name may be among those that are named.
 */
function planProvision(order: OrderContent): PlannedStep[] {
  const steps = [step('company', null, [], `company ${order.customer.externalId}`)];
  const offices = Map.groupBy(order.subscribers, officeGroup);
  const isOneLine = offices.size > 1 && offices.has(null);
  for (const [group, subscribers] of offices) {
    const [first] = subscribers as [SubscriberOrder];
    const line = isOneLine ? 'offices' : `office ${group ?? ''}`;
    const office = step('office', first.id, ['company'], `office ${officeName(first) ?? ''}`.trim());
    steps.push({ ...office, line });
    for (const subscriber of subscribers) {
      let before = office.id;
      for (const [kind, title] of kindsOf(order, subscriber)) {
        const planned = step(kind, subscriber.id, [before], `${title} ${nameOf(subscriber)}`);
        steps.push({ ...planned, line });
        before = planned.id;
      }
    }
  }
  return steps;
}

/** Found first, changed or not. Passwords come last in their line: a portal need not show what they were. */
function planModify(order: OrderContent): PlannedStep[] {
  const steps = [step('company', null, [], `company ${order.customer.externalId}`)];
  for (const subscriber of order.subscribers) {
    let before = 'company';
    for (const [kind, title] of kindsOf(order, subscriber)) {
      steps.push(step(kind, subscriber.id, [before], `${title} ${nameOf(subscriber)}`));
      before = steps.at(-1)!.id;
    }
    if (!changesPasswords(order, subscriber)) continue;
    const passwords = step('passwords', subscriber.id, [before], `passwords of ${nameOf(subscriber)}`);
    steps.push({ ...passwords, class: 'pivot' });
  }
  return steps;
}

/** Of the whole company, or of the users that are named. */
function planStatus({ action, customer, subscribers }: OrderContent): PlannedStep[] {
  if (subscribers.length === 0) return [step('company', null, [], `${action} company ${customer.externalId}`)];
  return subscribers.map((one) => step('subscriber', one.id, [], `${action} user ${nameOf(one)}`));
}

/** All that are named are looked at before the first goes; from then on there is no way back. */
function planTerminate({ customer, subscribers }: OrderContent): PlannedStep[] {
  if (subscribers.length === 0) {
    return [{ ...step('company', null, [], `terminate company ${customer.externalId}`), class: 'pivot' }];
  }
  let needs: string[] = [];
  const next = (kind: string, one: SubscriberOrder, title: string): PlannedStep => {
    const planned = { ...step(kind, one.id, needs, `${title} ${nameOf(one)}`), line: 'termination' };
    needs = [planned.id];
    return planned;
  };
  const looks = subscribers.map((one) => next('ownership', one, 'look at user'));
  const removals = subscribers.map((one, at): PlannedStep => {
    return { ...next('subscriber', one, 'terminate user'), class: at === 0 ? 'pivot' : 'retriable' };
  });
  return [...looks, ...removals];
}

function kindsOf(order: OrderContent, subscriber: SubscriberOrder): [kind: string, title: string][] {
  const { id, preferences, callForwards, voicemail } = subscriber;
  const isCleared = (member: string): boolean => clears(order, `subscribers.${id}.${member}`);
  const kinds: [string, string][] = [['subscriber', 'user']];
  if (Object.keys(preferences ?? {}).length > 0) kinds.push(['services', 'services of']);
  if (Object.keys(callForwards ?? {}).length > 0 || isCleared('callForwards')) {
    kinds.push(['callForwards', 'call forwards of']);
  }
  if (voicemail?.pin !== undefined || voicemail?.email !== undefined || isCleared('voicemail.email')) {
    kinds.push(['voicemail', 'mailbox of']);
  }
  return kinds;
}

const nameOf = ({ username, domain }: SubscriberName): string => `${username}@${domain}`;

function step(kind: string, item: string | null, needs: readonly string[], title: string): PlannedStep {
  return { id: item === null ? kind : `${item}.${kind}`, kind, item, needs, class: 'compensatable', title };
}
