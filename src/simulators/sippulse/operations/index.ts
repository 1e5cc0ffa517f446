import type { Operation, Operations } from '../operation.ts';
import { SECOND_SPELLINGS, type ServiceName } from '../services.ts';
import { accountGroupOperations } from './account-groups.ts';
import { addressOperations } from './addresses.ts';
import { customerOperations } from './customers.ts';
import { didOperations } from './dids.ts';
import { huntGroupOperations } from './hunt-groups.ts';
import { dialplanOperations, domainOperations, profileOperations } from './listings.ts';
import { ratePlanOperations } from './rate-plans.ts';
import { rateOperations } from './rates.ts';
import { reloadOperations } from './reloads.ts';
import { resellerOperations } from './resellers.ts';
import { subscriberAccountOperations } from './subscriber-accounts.ts';
import { subscriberFlagOperations } from './subscriber-flags.ts';
import { subscriberOperations } from './subscribers.ts';
import { userLocationOperations } from './user-locations.ts';
import { whiteListOperations } from './white-lists.ts';

const OPERATIONS: Readonly<Record<ServiceName, Operations>> = {
  AccountGroupWS: accountGroupOperations,
  AddressWS: addressOperations,
  CustomerWS: customerOperations,
  DialplanWS: dialplanOperations,
  DidWS: didOperations,
  DomainWS: domainOperations,
  HuntGroupWS: huntGroupOperations,
  ProfileWS: profileOperations,
  RatePlanWS: ratePlanOperations,
  RateWS: rateOperations,
  ReloadModulesWS: reloadOperations,
  ResellerWS: resellerOperations,
  SubscriberWS: { ...subscriberOperations, ...subscriberFlagOperations, ...subscriberAccountOperations },
  UserLocationWS: userLocationOperations,
  WhiteListWS: whiteListOperations,
};

/** By either spelling. */
export function operationNamed(service: ServiceName, name: string): Operation | undefined {
  return OPERATIONS[service][SECOND_SPELLINGS[name] ?? name];
}
