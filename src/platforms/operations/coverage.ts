import type { CoverageRow } from '../port.ts';
import type { OperationSpec } from './spec.ts';

/** `<service>.<operation>` of what is called, by the kind of the step or the name of the read. */
export type CallsOf = { readonly [name: string]: readonly string[] };

export interface Reach {
  readonly operations: readonly Pick<OperationSpec<never>, 'service' | 'operation' | 'calls'>[];
  /** By the name in the path. */
  readonly reads: CallsOf;
  /** Of each kind of step of a subscriber's provisioning, its undo included. */
  readonly orderSteps: CallsOf;
  /** By action, of the steps that mean something else in orders of it. */
  readonly lifeSteps?: { readonly [action: string]: CallsOf };
  /** Other ways, by `<service>.<operation>`: `calls`. */
  readonly more?: { readonly [call: string]: string };
}

/** Ways to each operation, by `<service>.<operation>`, in the order in which a reader should see them. */
export function waysTo({
  operations,
  reads,
  orderSteps,
  lifeSteps = {},
  more = {},
}: Reach): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const add = (call: string, way: string): void => {
    found.set(call, [...(found.get(call) ?? []), way]);
  };
  for (const { service, operation } of operations) add(`${service}.${operation}`, `operations: ${operation}`);
  for (const [what, calls] of Object.entries(reads)) for (const call of calls) add(call, `catalog: ${what}`);
  for (const [call, way] of Object.entries(more)) add(call, way);
  const used = (call: string, names: readonly string[]): string | null =>
    names.length > 0 ? `${call}: ${names.join(', ')}` : null;
  const ordered: { readonly [action: string]: CallsOf } = { order: orderSteps, ...lifeSteps };
  const within = new Set([
    ...operations.flatMap((spec) => spec.calls),
    ...Object.values(ordered).flatMap((kinds) => Object.values(kinds).flat()),
  ]);
  for (const call of within) {
    const steps = Object.entries(ordered).map(([action, kinds]) =>
      used(
        action,
        Object.keys(kinds).filter((kind) => kinds[kind]?.includes(call)),
      ),
    );
    const users = operations.filter((spec) => spec.calls.includes(call)).map(({ operation }) => operation);
    const parts = [...steps, found.has(call) ? null : used('within operations', [...new Set(users)])];
    for (const part of parts) if (part !== null) add(call, part);
  }
  return found;
}

export const sortedRows = (rows: readonly CoverageRow[]): readonly CoverageRow[] =>
  rows.toSorted((one, other) => (`${one.service}.${one.operation}` < `${other.service}.${other.operation}` ? -1 : 1));
