import type { Fault } from '../../errors/index.ts';
import { createFaults, type Faults } from '../check-faults.ts';
import type { OrderContent, TargetSettings } from '../port.ts';
import { checkCompany } from './check/company.ts';
import { checkSubscriber } from './check/subscriber.ts';
import { createNeeds } from './check/needs.ts';
import type { WebportalSettings } from './settings.ts';

/** Everything of an order that the profile has no call or no place for (tim-web-portal.md §4, rule 3). */
export function checkOrder(order: OrderContent, settings: TargetSettings<WebportalSettings>): Fault[] {
  const faults: Faults = createFaults();
  const about = {
    profile: settings.native.profile,
    settings: settings.native,
    faults,
    needs: createNeeds(settings.native.profile, faults),
  };
  checkCompany(order, about);
  for (const [index, subscriber] of order.subscribers.entries()) {
    checkSubscriber(order, subscriber, ['subscribers', index], about);
  }
  return faults.list;
}
