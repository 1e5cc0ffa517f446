import type { Fault } from '../../../errors/index.ts';
import { checkOperations as checkEach } from '../../operations/check.ts';
import { resolving } from '../../operations/references.ts';
import { planOperations as planSteps, stepOf } from '../../operations/plan.ts';
import type { OrderContent, PlannedStep } from '../../port.ts';
import { kindOf, type Kind } from './spec.ts';
import { OPERATION_TABLE, specOf } from './table.ts';

/** By `<service>.<operation>`. */
export const OPERATIONS: { readonly [name: string]: { readonly title: string } } = Object.fromEntries(
  OPERATION_TABLE.map(({ service, operation, title }) => [`${service}.${operation}`, { title }]),
);

/** Members of the arguments that hold secrets. */
export const OPERATION_SECRETS: readonly string[] = [
  'operations.*.args.password',
  'operations.*.args.account.password',
  'operations.*.args.card.number',
  'operations.*.args.domain.private_key',
  'operations.*.args.peer.authToken',
];

export const operationSteps: { readonly [kind: string]: Kind } = Object.fromEntries(
  OPERATION_TABLE.map((spec) => [kindOf(spec), resolving(spec)]),
);

/** Every fault of the operations of an order, each with its path. */
export const checkOperations = (order: Pick<OrderContent, 'operations'>): Fault[] => checkEach(order, specOf);

/** @param needs steps that come before all of them */
export const planOperations = (order: Pick<OrderContent, 'operations'>, needs: readonly string[] = []): PlannedStep[] =>
  planSteps(
    order,
    (service, operation) => {
      const spec = specOf(service, operation);
      return spec ? [stepOf(kindOf(spec), spec)] : [];
    },
    needs,
  );
