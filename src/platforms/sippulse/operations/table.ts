import { liveNameOf, pathsOf } from '../soap/names.ts';
import { ACCOUNT_GROUPS } from './account-groups.ts';
import { ALIASES } from './aliases.ts';
import { CREDITS } from './credits.ts';
import { CUSTOMER_READS } from './customers.ts';
import { OBJECTS } from './objects-table.ts';
import { PASSWORDS } from './passwords.ts';
import { PROFILES } from './profiles.ts';
import { QUOTAS } from './quotas.ts';
import { RATES } from './rates.ts';
import { RELOADS_BY_HAND } from './reloads.ts';
import type { OperationSpec } from './spec.ts';
import { SUBSCRIBER_OPERATIONS } from './subscribers.ts';
import { SWITCHES } from './switches.ts';

/** Everything an order may carry in `operations`, by what it is about. */
export const OPERATION_TABLE: readonly OperationSpec[] = [
  ...SUBSCRIBER_OPERATIONS,
  ...SWITCHES,
  ...PROFILES,
  ...PASSWORDS,
  ...CREDITS,
  ...QUOTAS,
  ...ALIASES,
  ...CUSTOMER_READS,
  ...OBJECTS,
  ...RATES,
  ...ACCOUNT_GROUPS,
  ...RELOADS_BY_HAND,
];

const BY_NAME = new Map(OPERATION_TABLE.map((spec) => [`${spec.service}.${spec.operation}`, spec]));

const SERVICES = [...new Set(OPERATION_TABLE.map(({ service }) => service))];

const liveServiceOf = (service: string): string => SERVICES.find((live) => pathsOf(live).includes(service)) ?? service;

/** An operation under any of its names. */
export function specOf(service: string, operation: string): OperationSpec | undefined {
  return BY_NAME.get(`${liveServiceOf(service)}.${liveNameOf(operation) ?? operation}`);
}
