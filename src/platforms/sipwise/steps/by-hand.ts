import { z } from 'zod';
import type { StepResult } from '../../port.ts';

/** An id of the platform. */
export const objectId = z.int().min(1).max(2_147_483_647);

/** What a person who did a step by hand tells of it, and nothing else. */
export function byHand(members: z.ZodRawShape): z.ZodType<StepResult> {
  return z.strictObject(members) as z.ZodType as z.ZodType<StepResult>;
}
