import type { OrderContent, PlannedStep, SubscriberOrder } from '../port.ts';
import { planModification, planSuspension, planTermination } from './life/plan.ts';
import { customerNativeOf, subscriberNativeOf } from './native.ts';
import { planOperations } from './operations/index.ts';
import { inLine, plannedStep, reasonFor, titled, type Planned } from '../plan-steps.ts';

export function plan(order: OrderContent): PlannedStep[] {
  switch (order.action) {
    case 'modify':
      return isAboutCustomer(order) ? planModification(order) : planOperations(order);
    case 'suspend':
      return planSuspension(order, 'block');
    case 'resume':
      return planSuspension(order, 'unblock');
    case 'terminate':
      return planTermination(order);
    default:
      return order.subscribers.length > 0 ? planProvision(order) : planOperations(order);
  }
}

/** An order of operations alone may name no customer; whatever else a modify order says is about one. */
const isAboutCustomer = ({ customer, subscribers, moves = [], operations, cleared = [] }: OrderContent): boolean =>
  operations.length === 0 ||
  subscribers.length + moves.length + cleared.length > 0 ||
  customer.contact !== undefined ||
  customer.billingProfile !== undefined ||
  Object.keys(customer.native).length > 0;

/**
 * The customer, the domains that the order adds, then for each subscriber a chain of its own: an alias needs its target,
 * and diversions to the mailbox need the mailbox (ngnpro.md, "Rules worth coding").
 */
function planProvision(order: OrderContent): PlannedStep[] {
  const { customer } = order;
  const steps = [plannedStep(null, ['customer', `customer ${customer.externalId}`], [])];
  const domains = customerNativeOf(customer.native).domains ?? [];
  if (domains.length > 0) {
    const names = domains.map(({ domain }) => domain).join(', ');
    steps.push(plannedStep(null, ['domains', `domains ${names}`], ['customer']));
  }
  const trunk = steps.map(({ id }) => id);
  for (const subscriber of order.subscribers) {
    steps.push(...inLine(titled(subscriber, kindsOf(order, subscriber)), trunk.slice(-1)));
  }
  return [...steps, ...planOperations(order, trunk)];
}

function kindsOf({ customer }: OrderContent, subscriber: SubscriberOrder): Planned[] {
  const { callForwards, preferences, voicemail, number, aliases, native } = subscriber;
  const hasNumbers = number !== undefined || aliases.length > 0;
  const hasMailbox = voicemail !== undefined || subscriberNativeOf(native).voicemail !== undefined;
  return reasonFor([
    ['subscriber', 'subscriber'],
    customer.billingProfile !== undefined && ['billingProfile', 'billing profile of'],
    hasNumbers && ['aliases', 'aliases of'],
    hasNumbers && ['enumNumbers', 'ENUM numbers of'],
    hasMailbox && ['voicemail', 'voicemail of'],
    Object.keys(callForwards ?? {}).length > 0 && ['callForwards', 'call forwards of'],
    Object.keys(preferences ?? {}).length > 0 && ['preferences', 'preferences of'],
  ]);
}
