import { z } from 'zod';
import type { StepContext, StepKind, StepResult } from '../../port.ts';
import type { SippulseClient } from '../types.ts';

export type Context = StepContext<SippulseClient>;
export type Kind = StepKind<SippulseClient>;

/** What a person who did a step by hand tells of it, and nothing else. */
export function byHand(members: z.ZodRawShape): z.ZodType<StepResult> {
  return z.strictObject(members) as z.ZodType as z.ZodType<StepResult>;
}
