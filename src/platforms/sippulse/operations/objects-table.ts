import { z } from 'zod';
import { ADDRESS, DID, HUNT_GROUP, RATE, RATE_PLAN, RESELLER, USER_LOCATION, WHITE_LIST } from './collections.ts';
import { insertStep, removeStep, updateStep, type Listed } from './listed.ts';
import {
  address,
  addressChange,
  did,
  huntGroup,
  huntGroupChange,
  ratePlan,
  ratePlanChange,
  rateChange,
  reseller,
  whiteList,
} from './objects.ts';
import { gone } from '../shared/reload.ts';
import { contact } from '../shared/network.ts';
import { account, domain, id, int, userAndDomain } from './scalars.ts';
import { noWayBack, type Item, type OperationSpec } from './spec.ts';

const look = ({ listing }: Listed): string => `${listing.service}.${listing.operation}`;

const objectIn = (listed: Listed, args: Item): Item =>
  listed.element === null ? args : (args[listed.element] as Item);

function insertion(listed: Listed, args: z.ZodType, opensSecrets = false): OperationSpec {
  const { service, insert, remove, noun, element, reload, idArg } = listed;
  return {
    service,
    operation: insert,
    title: `Make a ${noun}`,
    args: element === null ? args : z.strictObject({ [element]: args }),
    class: 'compensatable',
    step: insertStep(listed, opensSecrets),
    calls: [look(listed), `${service}.${remove}`],
    reload: reload && ((given, result) => reload(objectIn(listed, given), result[idArg])),
  };
}

function change(
  listed: Listed & { readonly element: string; readonly update: string },
  args: z.ZodType,
): OperationSpec {
  const { service, update, noun, element, reload } = listed;
  return {
    service,
    operation: update,
    title: `Change a ${noun}`,
    args: z.strictObject({ [element]: args }),
    class: 'compensatable',
    step: updateStep(listed),
    calls: [look(listed)],
    reload: reload && ((given) => reload(objectIn(listed, given), objectIn(listed, given)['id'])),
  };
}

/** @param args beside what the platform takes, what its list is asked with: the object is looked up before and after */
function removal(listed: Listed, args: z.ZodType): OperationSpec {
  const { service, remove, insert, noun, reload, idArg } = listed;
  return {
    service,
    operation: remove,
    title: `Remove a ${noun}`,
    args,
    class: 'compensatable',
    step: removeStep(listed),
    calls: [look(listed), `${service}.${insert}`],
    reload: reload && ((given) => gone(reload(given, given[idArg]))),
  };
}

/** Others name it by an id that would not come back. */
function lastingRemoval(listed: Listed, args: z.ZodType): OperationSpec {
  const spec = removal(listed, args);
  const undo = noWayBack(`removing a ${listed.noun}`);
  return { ...spec, class: 'pivot', step: { ...spec.step, undo }, calls: [look(listed)] };
}

const location = z.strictObject({ ...userAndDomain, contact });

export const OBJECTS: readonly OperationSpec[] = [
  insertion(DID, did),
  removal(DID, z.strictObject({ didId: id, accountCode: account })),
  insertion(WHITE_LIST, whiteList),
  removal(WHITE_LIST, z.strictObject({ whiteListId: id, ...userAndDomain })),
  insertion(ADDRESS, address),
  change(ADDRESS, addressChange),
  removal(ADDRESS, z.strictObject({ addressId: id, ...userAndDomain })),
  insertion(HUNT_GROUP, huntGroup),
  change(HUNT_GROUP, huntGroupChange),
  removal(HUNT_GROUP, z.strictObject({ huntGroupId: id, domain })),
  insertion(USER_LOCATION, location),
  removal(USER_LOCATION, location),
  insertion(RESELLER, reseller, true),
  lastingRemoval(RESELLER, z.strictObject({ resellerId: id, domain })),
  insertion(RATE_PLAN, ratePlan),
  change(RATE_PLAN, ratePlanChange),
  lastingRemoval(RATE_PLAN, z.strictObject({ idRatePlan: id, domain })),
  change(RATE, rateChange),
  removal(RATE, z.strictObject({ id, domain, rateId: int() })),
];
