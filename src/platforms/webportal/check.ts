import type { Fault } from '../../errors/index.ts';
import { createFaults } from '../check-faults.ts';
import type { OrderContent, TargetSettings } from '../port.ts';
import { checkCompany } from './check/company.ts';
import { checkModification } from './check/modify.ts';
import { createNeeds, type About } from './check/needs.ts';
import { checkOperations } from './check/operations.ts';
import { checkStatusChange, checkTermination } from './check/status.ts';
import { checkSubscriber } from './check/subscriber.ts';
import type { WebportalSettings } from './settings.ts';

/** Everything of an order that the profile has no call or no place for (tim-web-portal.md §4, rule 3). */
export function checkOrder(order: OrderContent, settings: TargetSettings<WebportalSettings>): Fault[] {
  const faults = createFaults();
  const { profile } = settings.native;
  const about: About = { profile, settings: settings.native, faults, needs: createNeeds(profile, faults) };
  if (order.operations.length > 0) checkOperations(order, about);
  else CHECKS[order.action](order, about);
  return faults.list;
}

const CHECKS: { readonly [action in OrderContent['action']]: (order: OrderContent, about: About) => void } = {
  provision(order, about) {
    checkCompany(order, about);
    for (const [index, subscriber] of order.subscribers.entries()) {
      checkSubscriber(order, subscriber, ['subscribers', index], about);
    }
  },
  modify: checkModification,
  suspend: checkStatusChange,
  resume: checkStatusChange,
  terminate: checkTermination,
};
