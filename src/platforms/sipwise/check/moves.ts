import type { NumberMove } from '../../port.ts';
import type { Faults } from '../../check-faults.ts';
import { externalIdFault } from './customer.ts';
import { checkSubscriberName, numberFault } from './subscriber.ts';

/** Who is named in a move must be such as the platform could have. Who has the number is seen when it is moved. */
export function checkMoves(moves: readonly NumberMove[], faults: Faults): void {
  for (const [index, { number, from, to }] of moves.entries()) {
    const path = ['moves', index];
    faults.add([...path, 'number'], numberFault(number));
    faults.add([...path, 'from', 'customer', 'externalId'], externalIdFault(from.customer));
    checkSubscriberName(from, [...path, 'from'], faults);
    checkSubscriberName(to, [...path, 'to'], faults);
  }
}
