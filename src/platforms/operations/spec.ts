import { z } from 'zod';
import { TurnupError } from '../../errors/index.ts';
import type { Json, PlannedStep, StepContext, StepKind, StepResult } from '../port.ts';

/*
 * What an order may carry in `operations`, as a table of each platform: what an operation takes, its step, and what the
 * step calls. The door, the plan and the list of what is covered are made of it.
 */

/** Members by their names. */
export type Item = { readonly [member: string]: unknown };

/** One operation an order may carry. */
export interface OperationSpec<Client> {
  readonly service: string;
  readonly operation: string;
  readonly title: string;
  /** Strict: unknown members are faults. */
  readonly args: z.ZodType;
  readonly class: PlannedStep['class'];
  readonly step: StepKind<Client>;
  /** Member of its result that is the id of what it makes; later operations of the order may name it. */
  readonly makes?: string | undefined;
  /** Arguments by their last name that say wherein its object lies: while that is not there, neither is this one. */
  readonly liesIn?: readonly string[];
  /** `<service>.<operation>` of what its step calls besides the operation itself. */
  readonly calls: readonly string[];
}

/** The arguments of the step's operation; they passed the door. */
export function argsOf({ operation }: Pick<StepContext, 'operation'>): Item {
  if (!operation) throw new TurnupError('TURNUP_TARGET_UNEXPECTED', { detail: 'the step lacks its operation' });
  return operation.args;
}

/** An argument that is an object. */
export const objectArg = (ctx: Pick<StepContext, 'operation'>, name: string): Item => argsOf(ctx)[name] as Item;

/** What a person who did a step by hand tells of it, and nothing else. */
export function byHand(members: z.ZodRawShape): z.ZodType<StepResult> {
  return z.strictObject(members) as z.ZodType as z.ZodType<StepResult>;
}

/** For steps with no way back (class `pivot`): the engine never asks for it. */
export function noWayBack(what: string): () => Promise<never> {
  return async () => {
    throw new TurnupError('TURNUP_UNDO_FAILED', { class: 'conflict', detail: `${what} cannot be taken back` });
  };
}

/** What was there, of a finding that is `different`: such steps find nothing else that is to be done. */
export function beforeOf(finding: Parameters<StepKind['do']>[1]): Json {
  if (finding.state === 'different') return finding.before;
  throw new TurnupError('TURNUP_TARGET_UNEXPECTED', { detail: 'the step lacks what was there before it' });
}
