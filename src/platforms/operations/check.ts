import type { Fault } from '../../errors/index.ts';
import { addSchemaFaults, createFaults, type Path } from '../check-faults.ts';
import type { OperationOrder, OrderContent } from '../port.ts';
import { referenceFaults } from './references.ts';
import type { OperationSpec } from './spec.ts';

type SpecOf = (service: string, operation: string) => Pick<OperationSpec<never>, 'args' | 'makes'> | undefined;

/** An operation that passed, and its place in the order. */
export type SoundOperation = readonly [index: number, operation: OperationOrder];

/**
 * Every fault of the operations of an order, each with its path.
 * @param together faults of several operations with one another; asked about those that are sound alone
 */
export function checkOperations(
  { operations }: Pick<OrderContent, 'operations'>,
  specOf: SpecOf,
  together: (sound: readonly SoundOperation[]) => Fault[] = () => [],
): Fault[] {
  const faults = operations.map((operation, index) => faultsOf(operation, ['operations', index], specOf));
  const sound = [...operations.entries()].filter(([index]) => faults[index]?.length === 0);
  return [...faults.flat(), ...referenceFaults(operations, specOf), ...together(sound)];
}

function faultsOf({ service, operation, args }: OperationOrder, path: Path, specOf: SpecOf): Fault[] {
  const faults = createFaults();
  const spec = specOf(service, operation);
  if (spec) addSchemaFaults(faults, [...path, 'args'], spec.args, args, 'member');
  else faults.add([...path, 'operation'], 'is not an operation that the platform offers here');
  return faults.list;
}
