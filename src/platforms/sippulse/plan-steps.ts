import { plannedStep } from '../plan-steps.ts';
import type { OrderContent, PlannedStep } from '../port.ts';
import { customerNativeOf } from './native.ts';

/**
 * A customer is no object of this platform: it is the `contractNumber` and billing data of its subscribers, so it has a
 * step only where the order asks for a reseller.
 */
export function planTrunk(order: OrderContent): PlannedStep[] {
  const { reseller } = customerNativeOf(order.customer.native);
  return reseller ? [plannedStep(null, ['reseller', `reseller ${reseller.name}`], [])] : [];
}
