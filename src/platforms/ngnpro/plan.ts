import type { OrderContent, PlannedStep, SubscriberOrder } from '../port.ts';
import { planOperations } from './operations/index.ts';
import { customerNativeOf, subscriberNativeOf } from './native.ts';

type Planned = readonly [kind: string, title: string];

/**
 * The customer, the domains that the order adds, then for each subscriber a chain of its own: an alias needs its target,
 * and diversions to the mailbox need the mailbox (ngnpro.md, "Rules worth coding").
 */
export function plan(order: OrderContent): PlannedStep[] {
  if (order.subscribers.length === 0) return planOperations(order);
  const { customer } = order;
  const steps = [step('customer', null, [], `customer ${customer.externalId}`)];
  const domains = customerNativeOf(customer.native).domains ?? [];
  if (domains.length > 0) {
    const names = domains.map(({ domain }) => domain).join(', ');
    steps.push(step('domains', null, ['customer'], `domains ${names}`));
  }
  const trunk = steps.map(({ id }) => id);
  for (const subscriber of order.subscribers) {
    const name = `${subscriber.username}@${subscriber.domain}`;
    let needs = trunk;
    for (const [kind, title] of kindsOf(order, subscriber)) {
      const planned = step(kind, subscriber.id, needs, `${title} ${name}`);
      steps.push(planned);
      needs = [planned.id];
    }
  }
  return [...steps, ...planOperations(order, trunk)];
}

function kindsOf({ customer }: OrderContent, subscriber: SubscriberOrder): Planned[] {
  const { callForwards, preferences, voicemail, number, aliases, native } = subscriber;
  const hasNumbers = number !== undefined || aliases.length > 0;
  const hasMailbox = voicemail !== undefined || subscriberNativeOf(native).voicemail !== undefined;
  const all: (Planned | false)[] = [
    ['subscriber', 'subscriber'],
    customer.billingProfile !== undefined && ['billingProfile', 'billing profile of'],
    hasNumbers && ['aliases', 'aliases of'],
    hasNumbers && ['enumNumbers', 'ENUM numbers of'],
    hasMailbox && ['voicemail', 'voicemail of'],
    Object.keys(callForwards ?? {}).length > 0 && ['callForwards', 'call forwards of'],
    Object.keys(preferences ?? {}).length > 0 && ['preferences', 'preferences of'],
  ];
  return all.filter((planned): planned is Planned => planned !== false);
}

const step = (kind: string, item: string | null, needs: readonly string[], title: string): PlannedStep => ({
  id: item === null ? kind : `${item}.${kind}`,
  kind,
  item,
  needs,
  class: 'compensatable',
  title,
});
