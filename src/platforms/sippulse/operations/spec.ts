import type { OperationSpec as CommonSpec } from '../../operations/spec.ts';
import type { Context, Kind } from '../shared/kinds.ts';
import type { Reload } from '../shared/reload.ts';
import type { Item, SippulseClient } from '../types.ts';

export { argsOf, beforeOf, byHand, noWayBack, objectArg } from '../../operations/spec.ts';
export type { Context, Item, Kind };

/** One operation an order may carry; its live name is also the kind of its step. */
export interface OperationSpec extends CommonSpec<SippulseClient> {
  /** What makes the change known to the platform's proxies; `result` is what the step left. */
  readonly reload?: ((args: Item, result: Item) => Reload) | undefined;
}
