import type { OrderContent, PlannedStep, SubscriberOrder } from '../port.ts';
import { planBlocking, planModification, planTermination } from './life/plan.ts';
import { customerNativeOf, subscriberNativeOf, type CustomerNative } from './native.ts';
import { planOperations } from './operations/index.ts';
import { inLine, nameOf, planTrunk, reasonFor, type Planned } from './plan-steps.ts';
import { preferencesIn, type PreferenceGroup } from './preference-names.ts';

export function plan(order: OrderContent): PlannedStep[] {
  switch (order.action) {
    case 'modify':
      return planModification(order);
    case 'suspend':
      return planBlocking(order, 'block');
    case 'resume':
      return planBlocking(order, 'activate');
    case 'terminate':
      return planTermination(order);
    default:
      return planProvision(order);
  }
}

/**
 * For each subscriber a chain of its own, in the creation order that is known to work, reloads last (sippulse.md,
 * "Retry").
 */
function planProvision(order: OrderContent): PlannedStep[] {
  const native = customerNativeOf(order.customer.native);
  const steps = planTrunk(order);
  const trunk = steps.map(({ id }) => id);
  for (const subscriber of order.subscribers) {
    const kinds = kindsOf(subscriber, native).map(([kind, title, stepClass]): Planned => [
      kind,
      `${title} ${nameOf(subscriber)}`,
      stepClass,
    ]);
    steps.push(
      ...inLine(
        kinds.map((planned) => ({ item: subscriber.id, planned })),
        trunk,
      ),
    );
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
  return reasonFor([
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
  ]);
}
