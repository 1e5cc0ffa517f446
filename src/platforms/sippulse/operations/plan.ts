import { planOperations as planSteps, stepOf, type OperationStep } from '../../operations/plan.ts';
import type { OrderContent, PlannedStep } from '../../port.ts';
import { RELOAD_AFTER } from './reloads.ts';
import { specOf } from './table.ts';

function stepsOf(service: string, operation: string): OperationStep[] {
  const spec = specOf(service, operation);
  if (!spec) return [];
  const reload: OperationStep = { kind: RELOAD_AFTER, title: `Reload after: ${spec.title}`, class: 'retriable' };
  return [stepOf(spec.operation, spec), ...(spec.reload ? [reload] : [])];
}

/** @param needs steps that come before all of them */
export const planOperations = (order: Pick<OrderContent, 'operations'>, needs: readonly string[] = []): PlannedStep[] =>
  planSteps(order, stepsOf, needs);
