import type { Fault } from '../../../errors/index.ts';
import type { Definitions, OrderContent } from '../../port.ts';
import { readDefinitions } from '../definitions.ts';
import { checkCustomer } from './customer.ts';
import { createFaults } from '../../check-faults.ts';
import { checkSubscriber, checkTogether } from './subscriber.ts';

/**
 * Everything of an order that this platform would refuse, cut, or store wrongly in silence, as far as it can be known
 * without asking (sipwise-ngcp.md §8).
 */
export function checkOrder(order: OrderContent, definitions: Definitions | null): Fault[] {
  const faults = createFaults();
  const known = definitions === null ? null : readDefinitions(definitions);
  checkCustomer(order.customer, faults);
  for (const [index, subscriber] of order.subscribers.entries()) {
    checkSubscriber(subscriber, ['subscribers', index], known, faults);
  }
  checkTogether(order.subscribers, faults);
  return faults.list;
}
