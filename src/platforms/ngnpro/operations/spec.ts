import type { OperationSpec as CommonSpec } from '../../operations/spec.ts';
import type { StepContext, StepKind } from '../../port.ts';
import type { PortName } from '../soap/ports.ts';
import type { NgnproClient } from '../types.ts';

export { argsOf, beforeOf, byHand, noWayBack, objectArg, type Item } from '../../operations/spec.ts';

export type Context = StepContext<NgnproClient>;
export type Kind = StepKind<NgnproClient>;

/** One operation an order may carry. */
export interface OperationSpec extends CommonSpec<NgnproClient> {
  readonly service: PortName;
}

/** Three ports have operations of these names. */
const SHARED_NAME = /^(?:add|update|delete)Account$/;

/** Kind of the step of an operation: its name, `sipAddAccount` where several ports have it. */
export function kindOf({ service, operation }: Pick<OperationSpec, 'service' | 'operation'>): string {
  if (!SHARED_NAME.test(operation)) return operation;
  const port = service.replace(/Port$/, '').toLowerCase();
  return `${port}${operation.charAt(0).toUpperCase()}${operation.slice(1)}`;
}
