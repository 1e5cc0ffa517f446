import { z } from 'zod';
import { ORDER_STATES } from '../../orders/states.ts';
import { reasonText } from '../orders/acts.ts';

export const orderId = z.object({ id: z.uuid().meta({ description: 'Id of the order.' }) });

export const stepId = orderId.extend({
  step: z.string().meta({ description: 'Id of the step.', examples: ['s1.subscriber'] }),
});

export const targetName = z.object({
  name: z.string().meta({ description: 'Name of the target.', examples: ['vienna'] }),
});

export const catalogName = targetName.extend({
  what: z.string().meta({ description: 'One of the names in `GET …/catalog`.', examples: ['ratePlans'] }),
});

const name = z.string().min(1).max(255);

export const callsQuery = z.object({
  username: name.optional().meta({ description: 'Of one subscriber; with `domain`.' }),
  domain: name.optional(),
  from: z.iso
    .datetime({ offset: true })
    .optional()
    .meta({ description: 'Left out: 24 hours before `to`. At most 31 days before it.' }),
  to: z.iso
    .datetime({ offset: true })
    .optional()
    .meta({ description: 'Exclusive. Left out: now, or 31 days after `from`.' }),
  limit: z.int().min(1).max(1000).default(100).meta({ description: 'Most calls of the answer.' }),
});

export const page = (standard: number) => ({
  limit: z.int().min(1).max(200).default(standard).meta({ description: 'Most items of a page.' }),
  cursor: z.string().max(256).optional().meta({ description: '`next` of the page before.' }),
});

export const orderFilter = z.object({
  state: z.enum(ORDER_STATES).optional(),
  target: z.string().max(128).optional(),
  customer: z.string().max(255).optional().meta({ description: "The CRM's customer number." }),
  externalId: z.string().max(128).optional().meta({ description: "The CRM's order number." }),
  ...page(50),
});

export const journalPages = z.object(page(100));

export const placing = {
  query: z.object({
    dryRun: z
      .enum(['true', 'false'])
      .default('false')
      .meta({ description: '`true`: answer the plan, store nothing, call nothing.' }),
    check: z
      .enum(['target'])
      .optional()
      .meta({ description: 'With `dryRun=true`: look what the target has of it; nothing is changed.' }),
  }),
  header: z.object({
    'Idempotency-Key': z
      .string()
      .regex(/^[\x21-\x7e]{1,255}$/)
      .optional()
      .meta({ description: 'Like `externalId`, for callers that repeat a request as it is.' }),
  }),
};

export const amending = z.object({
  dryRun: z
    .enum(['true', 'false'])
    .default('false')
    .meta({ description: '`true`: answer what would become of each step, change nothing.' }),
});

const reason = reasonText.meta({ description: 'Why, for the journal.' });

export const withReason = z.object({ reason }).meta({ id: 'Reason' });

export const skipBody = z
  .object({
    reason,
    result: z.record(z.string(), z.unknown()).optional().meta({
      description: 'What later steps need of this one, e.g. `{ "subscriberId": 12 }`. At most 2 KiB, no secrets.',
    }),
  })
  .meta({ id: 'Skip' });

export const breakerBody = z.object({ state: z.enum(['open', 'closed']), reason }).meta({ id: 'BreakerChange' });

export const mergePatch = z.record(z.string(), z.unknown()).meta({
  id: 'OrderMerge',
  description:
    'RFC 7396 merge patch of the order as posted: members that are given replace, `null` removes. A list is replaced whole; `subscribers` may also be an object by subscriber id, which changes only what it names.',
});
