import type { Fault } from '../../../errors/index.ts';
import type { Definitions, OrderContent } from '../../port.ts';
import { readDefinitions } from '../definitions.ts';
import { checkChangedCustomer, checkCustomer, externalIdFault } from './customer.ts';
import { createFaults } from '../../check-faults.ts';
import { checkMoves } from './moves.ts';
import { checkCleared, checkSubscriber, checkSubscriberName, checkTogether } from './subscriber.ts';

/**
 * Everything of an order that this platform would refuse, cut, or store wrongly in silence, as far as it can be known
 * without asking (sipwise-ngcp.md §8).
 */
export function checkOrder(order: OrderContent, definitions: Definitions | null): Fault[] {
  const { action, customer, subscribers, cleared = [], moves = [] } = order;
  const faults = createFaults();
  const known = definitions === null ? null : readDefinitions(definitions);
  if (action === 'provision' || action === 'modify') {
    const isNew = action === 'provision';
    if (isNew) checkCustomer(customer, faults);
    else checkChangedCustomer(order, faults);
    for (const [index, subscriber] of subscribers.entries()) {
      checkSubscriber(subscriber, ['subscribers', index], { definitions: known, isNew }, faults);
      checkCleared(subscriber, cleared, ['subscribers', index], faults);
    }
    checkTogether(subscribers, isNew, faults);
    checkMoves(moves, faults);
  } else {
    // All else of such an order is refused before.
    faults.add(['customer', 'externalId'], externalIdFault(customer.externalId));
    for (const [index, one] of subscribers.entries()) checkSubscriberName(one, ['subscribers', index], faults);
  }
  return faults.list;
}
