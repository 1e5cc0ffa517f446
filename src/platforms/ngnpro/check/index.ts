import type { Fault } from '../../../errors/index.ts';
import { createFaults } from '../../check-faults.ts';
import type { OrderContent } from '../../port.ts';
import { checkOperations } from '../operations/index.ts';
import { checkCustomer } from './customer.ts';
import { checkModification } from './modification.ts';
import { checkName } from './name.ts';
import { checkSubscriber } from './subscriber.ts';

/** Everything of an order that this platform would refuse or cannot express, as far as it can be known without asking. */
export function checkOrder(order: OrderContent): Fault[] {
  const faults = createFaults();
  const { action, subscribers } = order;
  const isChange = action === 'provision' || action === 'modify';
  if (action === 'modify') checkModification(order, faults);
  if (isChange) checkCustomer(order, faults);
  for (const [index, subscriber] of subscribers.entries()) {
    const path = ['subscribers', index];
    checkName(subscriber, path, faults);
    if (isChange) checkSubscriber(order, subscriber, path, faults);
  }
  return [...faults.list, ...checkOperations(order)];
}
