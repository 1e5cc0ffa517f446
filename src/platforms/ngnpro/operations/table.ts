import { ANNOUNCEMENT } from './announcement.ts';
import { BALANCE } from './balance.ts';
import { CALL_SETTINGS } from './call-settings.ts';
import { CUSTOMER_PROPERTIES } from './customer-properties.ts';
import { GROUPS } from './groups.ts';
import { OBJECTS } from './objects-table.ts';
import { PRESENCE } from './presence.ts';
import { RATING } from './rating.ts';
import { ROUTE_OPERATIONS } from './routes.ts';
import type { OperationSpec } from './spec.ts';

/** Everything an order may carry in `operations`. */
export const OPERATION_TABLE: readonly OperationSpec[] = [
  ...OBJECTS,
  ...GROUPS,
  ...CALL_SETTINGS,
  ...BALANCE,
  ...ROUTE_OPERATIONS,
  ANNOUNCEMENT,
  CUSTOMER_PROPERTIES,
  ...RATING,
  ...PRESENCE,
];

const BY_NAME = new Map(OPERATION_TABLE.map((spec) => [`${spec.service}.${spec.operation}`, spec]));

export const specOf = (service: string, operation: string): OperationSpec | undefined =>
  BY_NAME.get(`${service}.${operation}`);
