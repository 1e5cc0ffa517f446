import type { Fault } from '../../../errors/index.ts';
import { checkOperations as checkEach, type SoundOperation } from '../../operations/check.ts';
import type { OrderContent } from '../../port.ts';
import { creditedAccount } from './credits.ts';
import { specOf } from './table.ts';

/** Every fault of the operations of an order, each with its path. */
export const checkOperations = (order: Pick<OrderContent, 'operations'>): Fault[] =>
  checkEach(order, specOf, creditFaults);

/** Balances tell two credits of one account apart only when somebody else's order gives each of them. */
function creditFaults(operations: readonly SoundOperation[]): Fault[] {
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
