import type { z } from 'zod';
import { planOperations as planSteps, stepOf } from '../../operations/plan.ts';
import type { OperationSpec } from '../../operations/spec.ts';
import type { OrderContent, PlannedStep } from '../../port.ts';
import type { OperationName } from '../profile/operations.ts';
import type { Kind, WebportalClient } from '../types.ts';
import { FIELD_ARGS, MADE_ARGS, NAMED_ARGS, OFFICE_ARGS, type NumberObject } from './args.ts';
import { ANTIFRAUD_CALLS, OFFICE_CALLS, setAntifraud, UPDATE_CALLS, updateLine, updateOffice } from './change.ts';
import { CREATE_CALLS, createLine, REMOVE_CALLS, removeLine } from './lines.ts';

/** An operation by the name that a profile maps it under. */
export interface PortalOperation extends OperationSpec<WebportalClient> {
  readonly service: NumberObject | 'office';
  readonly kind: string;
  readonly calls: readonly OperationName[];
  /** Those that a profile must map, so that an order may carry it. */
  readonly needs: readonly OperationName[];
}

type Row = [service: PortalOperation['service'], operation: string, title: string, args: z.ZodType, step: Kind];

function entry(
  [service, operation, title, args, step]: Row,
  calls: readonly OperationName[],
  more: Partial<PortalOperation> = {},
): PortalOperation {
  const kind = `${service}${operation.charAt(0).toUpperCase()}${operation.slice(1)}`;
  return { service, operation, kind, title, args, step, calls, needs: calls, class: 'compensatable', ...more };
}

/** What an order may carry in `operations`, where the profile maps it. */
export const OPERATION_TABLE: readonly PortalOperation[] = [
  entry(['office', 'update', 'Change an office', OFFICE_ARGS, updateOffice], OFFICE_CALLS),
  entry(['wlr', 'create', 'Make a rented line known', MADE_ARGS, createLine], CREATE_CALLS, { needs: ['wlr.create'] }),
  entry(['wlr', 'update', 'Change a rented line', FIELD_ARGS, updateLine], UPDATE_CALLS),
  entry(['wlr', 'remove', 'Take a rented line away', NAMED_ARGS, removeLine], REMOVE_CALLS, { class: 'pivot' }),
  entry(['antifraud', 'set', 'Change antifraud limits', FIELD_ARGS, setAntifraud], ANTIFRAUD_CALLS),
];

export const specOf = (service: string, operation: string): PortalOperation | undefined =>
  OPERATION_TABLE.find((spec) => spec.service === service && spec.operation === operation);

/** By `<service>.<operation>`. */
export const OPERATIONS: { readonly [name: string]: { readonly title: string } } = Object.fromEntries(
  OPERATION_TABLE.map(({ service, operation, title }) => [`${service}.${operation}`, { title }]),
);

export const operationSteps: { readonly [kind: string]: Kind } = Object.fromEntries(
  OPERATION_TABLE.map(({ kind, step }) => [kind, step]),
);

export const planOperations = (order: Pick<OrderContent, 'operations'>): PlannedStep[] =>
  planSteps(order, (service, operation) => {
    const spec = specOf(service, operation);
    return spec ? [stepOf(spec.kind, spec)] : [];
  });
