import { TurnupError } from '../../../errors/index.ts';
import type { StepKind } from '../../port.ts';
import type { SipwiseClient } from '../types.ts';

/** For steps of class `pivot` and those after them: the engine never asks for it. */
export function noWayBack(what: string): StepKind<SipwiseClient>['undo'] {
  return async () => {
    throw new TurnupError('TURNUP_UNDO_FAILED', { class: 'conflict', detail: `${what} cannot be brought back` });
  };
}
