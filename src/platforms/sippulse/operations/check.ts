import type { Fault } from '../../../errors/index.ts';
import type { JsonObject, OperationOrder, OrderContent } from '../../port.ts';
import { creditedAccount } from './credits.ts';
import type { OperationSpec } from './spec.ts';
import { specOf } from './table.ts';

/** Every fault of the operations of an order, each with its path. */
export function checkOperations({ operations }: Pick<OrderContent, 'operations'>): Fault[] {
  const faults = operations.map((operation, index) => faultsOf(operation, ['operations', index]));
  const sound = [...operations.entries()].filter(([index]) => faults[index]?.length === 0);
  return [...faults.flat(), ...creditFaults(sound)];
}

function faultsOf({ service, operation, args }: OperationOrder, path: Fault['path']): Fault[] {
  const spec = specOf(service, operation);
  if (spec) return argumentFaults(spec, args, [...path, 'args']);
  return [{ path: [...path, 'operation'], message: 'is not an operation that the platform offers here' }];
}

function argumentFaults(spec: OperationSpec, args: JsonObject, path: Fault['path']): Fault[] {
  return (spec.args.safeParse(args).error?.issues ?? []).flatMap((issue): Fault[] => {
    const at = [...path, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))];
    if (issue.code !== 'unrecognized_keys') return [{ path: at, message: issue.message }];
    return issue.keys.map((key) => ({ path: [...at, key], message: 'is not a member that the operation takes' }));
  });
}

/** Balances tell two credits of one account apart only when somebody else's order gives each of them. */
function creditFaults(operations: readonly (readonly [number, OperationOrder])[]): Fault[] {
  const places = new Map<string, number>();
  return operations.flatMap(([index, { operation, args }]): Fault[] => {
    const account = creditedAccount(operation, args);
    const other = account === null ? undefined : places.get(account);
    if (account !== null && other === undefined) places.set(account, index);
    if (other === undefined) return [];
    return [
      {
        path: ['operations', index, 'operation'],
        message: `gives credit to the same account as operations.${other}: give the sum in one`,
      },
    ];
  });
}
