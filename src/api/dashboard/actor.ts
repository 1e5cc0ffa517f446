import { AsyncLocalStorage } from 'node:async_hooks';
import type { TurnupError } from '../../errors/index.ts';
import type { OperatorPrincipal } from '../auth/principal.ts';

/** Who is behind a call of the board: its adapters are shared by all requests and are not told. */
export interface BoardActor {
  readonly operator: OperatorPrincipal;
  /** Ids of jobs whose retry the record refused during this request. */
  readonly refused: Set<string>;
  /** The first of those refusals. */
  refusal?: TurnupError;
}

export const boardActor = new AsyncLocalStorage<BoardActor>();
