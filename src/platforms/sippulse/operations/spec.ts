import type { z } from 'zod';
import { TurnupError } from '../../../errors/index.ts';
import type { Json, PlannedStep } from '../../port.ts';
import { byHand, type Context, type Kind } from '../shared/kinds.ts';
import type { Reload } from '../shared/reload.ts';
import type { Item } from '../types.ts';

export { byHand };
export type { Context, Item, Kind };

/** One operation an order may carry. */
export interface OperationSpec {
  readonly service: string;
  /** Its live name, which is also the kind of its step. */
  readonly operation: string;
  readonly title: string;
  /** Strict: unknown members are faults. */
  readonly args: z.ZodType;
  readonly class: PlannedStep['class'];
  readonly step: Kind;
  /** `<service>.<operation>` of what its step calls besides the operation itself. */
  readonly calls: readonly string[];
  /** What makes the change known to the platform's proxies; `result` is what the step left. */
  readonly reload?: ((args: Item, result: Item) => Reload) | undefined;
}

/** The arguments of the step's operation; they passed the door. */
export function argsOf({ operation }: Context): Item {
  if (!operation) throw new TurnupError('TURNUP_TARGET_UNEXPECTED', { detail: 'the step lacks its operation' });
  return operation.args;
}

/** An argument that is an object. */
export const objectArg = (ctx: Context, name: string): Item => argsOf(ctx)[name] as Item;

/** For steps with no way back (class `pivot`): the engine never asks for it. */
export function noWayBack(what: string): Kind['undo'] {
  return async () => {
    throw new TurnupError('TURNUP_UNDO_FAILED', { class: 'conflict', detail: `${what} cannot be taken back` });
  };
}

/** What was there, of a finding that is `different`: such steps find nothing else that is to be done. */
export function beforeOf(finding: Parameters<Kind['do']>[1]): Json {
  if (finding.state === 'different') return finding.before;
  throw new TurnupError('TURNUP_TARGET_UNEXPECTED', { detail: 'the step lacks what was there before it' });
}
