import { z } from 'zod';
import { checkWhen, scheduleShape } from './schedule.ts';

/* `audits`: which targets are audited by themselves, and when. */

export const auditSchedule = z
  .strictObject({
    target: z.string().describe('A target under `targets`.'),
    ...scheduleShape,
    repair: z.boolean().default(false).describe('Place modify orders for what differs; else it is only told.'),
  })
  .superRefine(checkWhen);
