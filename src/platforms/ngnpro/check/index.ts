import type { Fault } from '../../../errors/index.ts';
import { createFaults } from '../../check-faults.ts';
import type { OrderContent } from '../../port.ts';
import { checkOperations } from '../operations/index.ts';
import { checkCustomer } from './customer.ts';
import { checkSubscriber } from './subscriber.ts';

/** Everything of an order that this platform would refuse or cannot express, as far as it can be known without asking. */
export function checkOrder(order: OrderContent): Fault[] {
  const faults = createFaults();
  if (order.subscribers.length > 0 || order.operations.length === 0) checkCustomer(order, faults);
  for (const [index, subscriber] of order.subscribers.entries()) {
    checkSubscriber(order, subscriber, ['subscribers', index], faults);
  }
  return [...faults.list, ...checkOperations(order)];
}
