import type { OrderContent, PlannedStep, SubscriberOrder } from '../port.ts';
import { asksForLock } from './steps/lock.ts';
import { subscriberNativeOf } from './native.ts';

/**
 * The steps of a provision order: contact, customer, then for each subscriber a chain of its own, in the platform's safe
 * order (sipwise-ngcp.md §10) except that call forwards come before preferences, as the engine's common flow has them.
 */
export function plan(order: OrderContent): PlannedStep[] {
  const customer = order.customer.externalId;
  const steps: PlannedStep[] = [
    step('contact', null, [], `contact of customer ${customer}`),
    { ...step('customer', null, ['contact'], `customer ${customer}`), absentAfter: 'contact' },
  ];
  for (const subscriber of order.subscribers) {
    const name = `${subscriber.username}@${subscriber.domain}`;
    let before = 'customer';
    for (const [kind, title] of kindsOf(subscriber)) {
      const planned = step(kind, subscriber.id, [before], `${title} ${name}`);
      // Two creations of one customer can both pass its limit of subscribers, and wait for each other anyway (§5).
      const next =
        kind === 'subscriber'
          ? { ...planned, exclusive: true, absentAfter: 'customer' }
          : { ...planned, ...(isBlank(kind, subscriber) && { absentAfter: `${subscriber.id}.subscriber` }) };
      steps.push(next);
      before = next.id;
    }
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

function kindsOf({ callForwards, preferences, voicemail, native }: SubscriberOrder): [kind: string, title: string][] {
  const kinds: [string, string][] = [['subscriber', 'subscriber']];
  if (Object.keys(callForwards ?? {}).length > 0) kinds.push(['callForwards', 'call forwards of']);
  if (Object.keys(preferences ?? {}).length > 0) kinds.push(['preferences', 'preferences of']);
  if (voicemail?.pin !== undefined || voicemail?.email !== undefined) kinds.push(['voicemail', 'voicemail of']);
  if (asksForLock(subscriberNativeOf(native))) kinds.push(['lock', 'lock of']);
  return kinds;
}

function step(kind: string, item: string | null, needs: readonly string[], title: string): PlannedStep {
  return { id: item === null ? kind : `${item}.${kind}`, kind, item, needs, class: 'compensatable', title };
}
