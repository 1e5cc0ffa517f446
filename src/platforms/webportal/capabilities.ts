import type { Action, Capabilities, TargetSettings } from '../port.ts';
import { CALL_FORWARD_TYPES } from '../port.ts';
import { CATALOG_OPERATIONS } from './catalog.ts';
import { OPERATION_TABLE } from './operations/index.ts';
import type { Profile } from './profile/model.ts';
import type { OperationName } from './profile/operations.ts';
import type { WebportalSettings } from './settings.ts';

/** What an order of each action cannot do without: one of each line. */
const NEEDED: { readonly [action in Action]: readonly (readonly OperationName[])[] } = {
  provision: [['user.create'], ['office.create'], ['company.create', 'company.find']],
  modify: [['company.find'], ['company.update', 'user.update', 'services.set', 'callForwards.set', 'voicemail.set']],
  suspend: [['company.find'], ['company.suspend', 'user.suspend']],
  resume: [['company.find'], ['company.resume', 'user.resume']],
  terminate: [['company.find'], ['company.remove', 'user.remove']],
};

function isShown({ operations, fields }: Profile, name: OperationName): boolean {
  const operation = operations.get(name);
  if (!operation) return false;
  return operation.show.length > 0 || (operation.info.object !== null && fields[operation.info.object].size > 0);
}

/** What the profile has calls for (tim-web-portal.md §4, rule 3). */
export function capabilitiesOf({ native }: TargetSettings<WebportalSettings>): Capabilities {
  const { profile } = native;
  const { operations, fields } = profile;
  const isMapped = (names: readonly OperationName[]): boolean => names.some((name) => operations.has(name));
  const orders = OPERATION_TABLE.filter(({ needs }) => needs.every((name) => operations.has(name)));
  return {
    actions: (Object.keys(NEEDED) as Action[]).filter((action) => NEEDED[action].every(isMapped)),
    callForwardTypes: CALL_FORWARD_TYPES.filter(
      (type) => operations.has('callForwards.set') && fields.callForwards.has(type),
    ),
    operations: orders.map(({ service, operation }) => `${service}.${operation}`),
    catalog: Object.entries(CATALOG_OPERATIONS).flatMap(([what, name]) => (isShown(profile, name) ? [what] : [])),
  };
}
