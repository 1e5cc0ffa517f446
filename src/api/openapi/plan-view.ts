import { z } from 'zod';

/* A plan, as schemas. */

const plannedCall = z
  .object({
    method: z
      .string()
      .optional()
      .meta({ examples: ['POST'] }),
    path: z
      .string()
      .optional()
      .meta({ examples: ['/api/callforwards/{s1.subscriberId}'] }),
    service: z
      .string()
      .optional()
      .meta({ description: 'Of `operation`.', examples: ['SubscriberWS'] }),
    operation: z
      .string()
      .optional()
      .meta({ examples: ['insertSubscriber'] }),
    body: z.unknown().optional(),
  })
  .meta({
    id: 'PlannedCall',
    description:
      'A call that changes the target: `method` and `path`, or `operation`. `{name}` stands for what only the target gives, such as an id; `{as found}` for what it has; `***` for a secret.',
  });

const found = z
  .object({
    state: z.enum(['absent', 'adopted', 'unchanged', 'different', 'conflict', 'rejected', 'unknown']).meta({
      description:
        '`absent`: will be made. `adopted`: there, and left alone. `unchanged`: as wanted. `different`: will be changed. `conflict`: somebody else’s. `rejected`: cannot be done. `unknown`: hangs on a step that cannot be done.',
    }),
    result: z.unknown().optional().meta({ description: 'Ids of what is there.' }),
    differs: z.array(z.string()).optional().meta({ description: 'Members that are otherwise and left alone.' }),
    error: z
      .object({ code: z.string(), title: z.string(), detail: z.string().nullable(), hint: z.string() })
      .optional(),
  })
  .meta({ id: 'Found', description: 'What the target has of a step; only with `check=target`.' });

const plannedStep = z.object({
  id: z.string(),
  kind: z.string(),
  needs: z.array(z.string()),
  class: z.enum(['compensatable', 'pivot', 'retriable']),
  calls: z.array(plannedCall),
  undo: z.array(plannedCall).meta({ description: 'What takes the calls back.' }),
  note: z.string().optional().meta({ description: 'What cannot be told, or needs a person.' }),
  found: found.optional(),
});

export const plan = z
  .object({
    steps: z.array(plannedStep),
    pivot: z.string().nullable().meta({ description: 'The step after which there is no way back.' }),
  })
  .meta({
    id: 'Plan',
    description:
      'What an order would do. The calls are those for objects that the target does not have yet; with `check=target`, those that follow from what it has.',
  });

export const amendedPlan = z
  .object({
    steps: z.array(
      plannedStep.extend({
        change: z.enum(['keep', 'redo', 'do', 'add']).meta({
          description:
            '`keep`: done, and stays. `redo`: taken back, and done anew. `do`: not done yet. `add`: the order did not have it.',
        }),
      }),
    ),
    undo: z
      .array(z.object({ id: z.string(), kind: z.string(), title: z.string() }))
      .meta({ description: 'Steps that are taken back and gone.' }),
    pivot: z.string().nullable().meta({ description: 'The step after which there is no way back.' }),
  })
  .meta({ id: 'AmendedPlan', description: 'What becomes of the steps of an order that is amended.' });
