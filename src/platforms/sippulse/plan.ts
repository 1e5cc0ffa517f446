import type { OrderContent, PlannedStep, SubscriberOrder } from '../port.ts';
import { customerNativeOf, subscriberNativeOf, type CustomerNative } from './native.ts';
import { planOperations } from './operations/index.ts';
import { preferencesIn, type PreferenceGroup } from './preference-names.ts';

type Class = PlannedStep['class'];
type Planned = readonly [kind: string, title: string, stepClass?: Class];

/**
 * For each subscriber a chain of its own, in the creation order that is known to work, reloads last (sippulse.md,
 * "Retry"). A customer is no object of this platform: it is the `contractNumber` and billing data of its subscribers, so
 * it has a step only where the order asks for a reseller.
 */
export function plan(order: OrderContent): PlannedStep[] {
  const native = customerNativeOf(order.customer.native);
  const steps: PlannedStep[] = [];
  if (native.reseller) steps.push(step('reseller', null, [], `reseller ${native.reseller.name}`));
  const trunk = steps.map(({ id }) => id);
  for (const subscriber of order.subscribers) {
    const name = `${subscriber.username}@${subscriber.domain}`;
    let needs = trunk;
    for (const [kind, title, stepClass] of kindsOf(subscriber, native)) {
      const planned = step(kind, subscriber.id, needs, `${title} ${name}`, stepClass);
      steps.push(planned);
      needs = [planned.id];
    }
  }
  return [...steps, ...planOperations(order, trunk)];
}

function kindsOf(subscriber: SubscriberOrder, customer: CustomerNative): Planned[] {
  const { callForwards, preferences, voicemail, number, aliases } = subscriber;
  const { whiteList, addresses, locations, credit } = subscriberNativeOf(subscriber.native);
  const named = (...groups: PreferenceGroup[]): boolean =>
    Object.keys(preferencesIn(preferences, ...groups)).length > 0;
  const hasNumbers = number !== undefined || aliases.length > 0;
  const hasAddresses = (addresses ?? []).length > 0;
  const all: (Planned | false)[] = [
    ['subscriber', 'subscriber'],
    ['services', 'services of'],
    hasNumbers && ['numbers', 'numbers of'],
    Object.keys(callForwards ?? {}).length > 0 && ['callForwards', 'call forwards of'],
    named('subscriber', 'classV') && ['preferences', 'preferences of'],
    named('switches') && ['switches', 'switches of'],
    named('quotas') && ['quotas', 'quotas of'],
    voicemail?.pin !== undefined && ['voicemail', 'voicemail of'],
    (whiteList ?? []).length > 0 && ['whiteList', 'white list of'],
    hasAddresses && ['addresses', 'addresses of'],
    (locations ?? []).length > 0 && ['locations', 'locations of'],
    customer.accountGroup !== undefined && ['accountGroup', 'account group of'],
    credit !== undefined && ['credit', 'credit of'],
    ['reload', 'reload of', 'retriable'],
    hasNumbers && ['reloadDids', 'reload of the numbers of', 'retriable'],
    hasAddresses && ['reloadAddresses', 'reload of addresses after', 'retriable'],
  ];
  return all.filter((planned): planned is Planned => planned !== false);
}

function step(
  kind: string,
  item: string | null,
  needs: readonly string[],
  title: string,
  stepClass: Class = 'compensatable',
): PlannedStep {
  return { id: item === null ? kind : `${item}.${kind}`, kind, item, needs, class: stepClass, title };
}
