import { sortedRows, waysTo, type CallsOf } from '../operations/coverage.ts';
import type { CoverageRow } from '../port.ts';
import { CATALOG_OPERATIONS } from './catalog.ts';
import { OPERATION_TABLE } from './operations/index.ts';
import type { OperationName } from './profile/operations.ts';

/* What can be reached of what a profile may map: which calls these are, each profile says for itself. */

const of = (...names: OperationName[]): readonly OperationName[] => names;

const group = (name: 'services' | 'callForwards' | 'voicemail') => of(`${name}.get`, `${name}.set`);

/** What each kind of step of a subscriber's provisioning calls, its undo included. */
export const ORDER_STEP_OPERATIONS: CallsOf = {
  company: of('company.find', 'company.create', 'company.remove', 'office.list'),
  office: of('office.find', 'office.create', 'office.remove', 'user.list'),
  subscriber: of('user.find', 'user.named', 'user.list', 'user.create', 'user.remove', 'portedOut.find'),
  services: group('services'),
  callForwards: group('callForwards'),
  voicemail: group('voicemail'),
};

const LOCATED = of('company.find', 'user.find', 'user.named', 'user.list');

/** The same of the steps that mean something else in orders of another action. */
export const LIFE_STEP_OPERATIONS: { readonly [action: string]: CallsOf } = {
  modify: {
    company: of('company.find', 'company.update'),
    subscriber: [...LOCATED, 'user.update', 'portedOut.find'],
    passwords: [...LOCATED, 'user.update'],
  },
  suspend: {
    company: of('company.find', 'company.suspend', 'company.resume'),
    subscriber: [...LOCATED, 'user.suspend', 'user.resume'],
  },
  resume: {
    company: of('company.find', 'company.suspend', 'company.resume'),
    subscriber: [...LOCATED, 'user.suspend', 'user.resume'],
  },
  terminate: {
    company: of('company.find', 'company.remove', 'office.list', 'office.remove', 'user.list', 'user.remove'),
    ownership: LOCATED,
    subscriber: [...LOCATED, 'user.remove'],
  },
};

const ways = waysTo({
  operations: OPERATION_TABLE,
  reads: Object.fromEntries(Object.entries(CATALOG_OPERATIONS).map(([what, name]) => [what, [name]])),
  orderSteps: ORDER_STEP_OPERATIONS,
  lifeSteps: LIFE_STEP_OPERATIONS,
});

/** Every operation that a profile may map, and how an order or a read reaches it. */
export const COVERAGE: readonly CoverageRow[] = sortedRows(
  [...ways].map(([call, reachedBy]) => {
    const [service = '', operation = ''] = call.split('.');
    return { service, operation, reachedBy: reachedBy.join('; ') };
  }),
);
