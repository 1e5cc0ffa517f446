import type { Fault } from '../../../errors/index.ts';
import type { OrderContent, TargetSettings } from '../../port.ts';
import { checkOperations } from '../operations/index.ts';
import type { SippulseSettings } from '../settings.ts';
import { checkCustomer } from './customer.ts';
import { createFaults } from '../../check-faults.ts';
import { checkModification, checkNamed } from './modification.ts';
import { checkSubscriber } from './subscriber.ts';

/** Everything of an order that this platform would refuse or cannot express, as far as it can be known without asking. */
export function checkOrder(order: OrderContent, settings: TargetSettings<SippulseSettings>): Fault[] {
  const faults = createFaults();
  if (order.action === 'modify') checkModification(order, settings, faults);
  else if (order.action !== 'provision') checkNamed(order, faults);
  if (order.subscribers.length > 0) checkCustomer(order, settings, faults);
  for (const [index, subscriber] of order.subscribers.entries()) {
    checkSubscriber(order, subscriber, ['subscribers', index], faults);
  }
  return [...faults.list, ...checkOperations(order)];
}
