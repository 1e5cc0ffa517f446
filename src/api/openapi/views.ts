import { z } from 'zod';
import { CATALOGUE, ERROR_CLASSES, type ErrorCode } from '../../errors/index.ts';
import { ORDER_STATES, STEP_STATES } from '../../orders/states.ts';

/* What the API answers, as schemas. A test holds them to the types that the code answers with. */

const OUTCOMES = ['created', 'adopted', 'changed', 'unchanged'] as const;

export const time = (description?: string) => z.iso.datetime().meta(description === undefined ? {} : { description });
const code = z
  .enum(Object.keys(CATALOGUE) as [ErrorCode, ...ErrorCode[]])
  .meta({ id: 'ErrorCode', description: 'Stable; docs/reference/errors.md tells what each means.' });
const errorClass = z.enum(ERROR_CLASSES).meta({ id: 'ErrorClass', description: 'What Turnup does about the error.' });

const failureMembers = {
  code,
  title: z.string(),
  detail: z.string().nullable().meta({ description: 'What happened this time.' }),
  class: errorClass,
  hint: z.string().meta({ description: 'What to do next.' }),
};

const stepFailure = z.object(failureMembers).meta({ id: 'StepFailure', description: 'Why a step failed.' });

export const failure = z.object(failureMembers).meta({ id: 'Failure', description: 'What went wrong.' });

const orderFailure = z
  .object({ ...failureMembers, step: z.string().nullable().meta({ description: 'Id of the step that failed.' }) })
  .meta({ id: 'OrderFailure', description: 'Why an order is held or failed.' });

const blockedBy = z
  .object({
    kind: z
      .enum(['order', 'target', 'notBefore'])
      .meta({ description: 'An earlier order of the customer, a target that is down, or a time to come.' }),
    id: z.string().nullable().meta({ description: 'The order or the target.' }),
    since: time().nullable(),
    until: time().nullable(),
  })
  .meta({ id: 'BlockedBy', description: 'What the order waits for.' });

const stepView = z
  .object({
    id: z.string().meta({
      description: "`<kind>` of the customer's own steps, `<item>.<kind>` of a subscriber's.",
      examples: ['contact', 's1.subscriber'],
    }),
    item: z.string().nullable().meta({ description: 'The subscriber; null for the customer.' }),
    kind: z.string(),
    state: z.enum(STEP_STATES),
    outcome: z.enum(OUTCOMES).nullable().meta({ description: 'Of a step that is done.' }),
    attempts: z.int(),
    startedAt: time().nullable(),
    finishedAt: time().nullable(),
    result: z.record(z.string(), z.unknown()).nullable().meta({
      description:
        'What the step left on the target, such as ids; `differs` names what was found otherwise and left alone.',
    }),
    error: stepFailure.nullable(),
  })
  .meta({ id: 'Step', description: 'A unit of work on the target.' });

export const orderView = z
  .object({
    id: z.uuid(),
    externalId: z.string(),
    client: z.string().meta({ description: 'Who placed the order.' }),
    target: z.string(),
    platform: z.string(),
    action: z.string(),
    onFailure: z.enum(['hold', 'undo']),
    state: z.enum(ORDER_STATES).meta({
      id: 'OrderState',
      description:
        'TM Forum TMF641. `acknowledged`: stored. `pending`: no step begun, `blockedBy` says why. `inProgress`: going on, also while undoing after `onFailure: undo`. `held`: waits for a person. `pendingCancellation`: being undone after a cancel. Terminal: `completed`, `partial`, `failed`, `cancelled`.',
    }),
    run: z.int().meta({ description: 'From 1; a retry of an order that was undone starts the next.' }),
    direction: z.enum(['forward', 'undo']),
    createdAt: time('When the order was stored.'),
    startedAt: time().nullable(),
    completedAt: time().nullable(),
    notBefore: time().nullable(),
    deadline: time().nullable(),
    blockedBy: blockedBy.nullable(),
    customer: z.object({
      externalId: z.string().meta({ description: 'Empty in an order of operations alone.' }),
    }),
    steps: z.array(stepView),
    error: orderFailure.nullable().meta({ description: 'Of a held or failed order.' }),
  })
  .meta({ id: 'Order', description: 'An order as it is now. Secrets never come back.' });

export const pageOf = <T extends z.ZodType>(item: T, order: string) =>
  z.object({
    items: z.array(item).meta({ description: order }),
    next: z.string().nullable().meta({ description: 'Cursor of the next page; null on the last.' }),
  });

export const orderPage = pageOf(orderView, 'Newest first.').meta({ id: 'OrderPage' });

export const journalEntry = z
  .object({
    at: time('When it happened.'),
    type: z.string(),
    step: z.string().nullable(),
    by: z.string().meta({ description: '`client:<name>`, `operator:<name>` or `turnup`.' }),
    detail: z.record(z.string(), z.unknown()).meta({ description: 'Never holds a secret.' }),
  })
  .meta({
    id: 'JournalEntry',
    description: 'A state change, an attempt, a call of the platform, a decision, or what a person did.',
  });

export const journalPage = pageOf(journalEntry, 'Oldest first.').meta({ id: 'JournalPage' });

export const credentials = z
  .object({
    orderId: z.uuid(),
    expiresAt: time('Until then it may be asked again.'),
    subscribers: z.array(
      z.object({
        id: z.string(),
        username: z.string(),
        domain: z.string(),
        password: z.string().optional(),
        webUsername: z.string().optional(),
        webPassword: z.string().optional(),
      }),
    ),
  })
  .meta({ id: 'Credentials', description: 'The passwords that Turnup generated, for subscribers that exist.' });

const excerpt = z
  .object({
    text: z.string(),
    characters: z.int().meta({ description: 'Length of the whole, of which `text` is the beginning.' }),
  })
  .meta({ id: 'Excerpt' });

export const evidence = z
  .object({
    items: z.array(
      z.object({
        step: z.string(),
        at: time(),
        run: z.int(),
        attempt: z.int(),
        method: z.string().meta({ description: 'HTTP method, or the operation of a SOAP service.' }),
        object: z.string().meta({ description: 'Path with its query, or the service.' }),
        sent: excerpt.nullable(),
        status: z.int(),
        contentType: z.string().nullable(),
        answered: excerpt,
      }),
    ),
  })
  .meta({ id: 'Evidence', description: 'Answers of the target that nobody understood, and what was sent for them.' });

export const targetView = z
  .object({
    name: z.string(),
    platform: z.string(),
    capabilities: z.object({
      actions: z.array(z.string()),
      callForwardTypes: z.array(z.string()),
      operations: z.array(z.string()).meta({
        description: 'What an order may carry in `operations`, as `<service>.<operation>`.',
        examples: [['RateWS.insertRates']],
      }),
      catalog: z.array(z.string()).meta({
        description: 'What can be read of it, see `GET /v1/targets/{name}/catalog`.',
        examples: [['ratePlans']],
      }),
    }),
    breaker: z
      .object({
        state: z.enum(['closed', 'open', 'halfOpen']),
        since: time().nullable(),
        until: time().nullable().meta({ description: 'Null when closed, or opened by a person until further notice.' }),
        reason: z.object({ code: z.string(), title: z.string(), detail: z.string().nullable() }).nullable(),
        failures: z.int().meta({ description: 'Transient failures in a row.' }),
        by: z.string().nullable().meta({ description: '`turnup` or `operator:<name>`.' }),
      })
      .meta({ id: 'Breaker', description: 'Stops calls to a target that is down, and lets them back slowly.' }),
    breakerChanges: z
      .array(
        z.object({
          at: time(),
          state: z.enum(['open', 'closed']),
          by: z.string(),
          reason: z.object({ code: z.string(), title: z.string(), detail: z.string().nullable() }).nullable(),
        }),
      )
      .meta({ description: 'When the breaker opened and closed, by whom and why, newest first.' }),
    throttledUntil: time().nullable().meta({ description: 'The target asked for no calls until then.' }),
    queue: z.record(z.string(), z.int()).meta({ description: 'Jobs by state.' }),
  })
  .meta({ id: 'Target', description: 'One configured platform installation.' });

export const targetPage = pageOf(targetView, 'In the order of the configuration.').meta({ id: 'TargetPage' });

export const catalogPage = pageOf(
  z
    .object({
      name: z.string().meta({ examples: ['ratePlans'] }),
      title: z.string().meta({ examples: ['Rate plans of a domain'] }),
      params: z.record(z.string(), z.unknown()).meta({ description: 'JSON Schema of the query.' }),
    })
    .meta({ id: 'CatalogRead', description: "A read of the platform's own data." }),
  "In the platform's order.",
).meta({ id: 'CatalogPage' });

export const catalogData = z.unknown().meta({
  id: 'CatalogData',
  description: "One page of the platform's own data, by its own names. Never holds a secret.",
});

export const callRecords = z
  .object({
    from: time('Of what was asked for.'),
    to: time('The same; exclusive.'),
    items: z
      .array(z.record(z.string(), z.unknown()))
      .meta({ description: "Newest first; members by the platform's own names." }),
  })
  .meta({ id: 'CallRecords', description: 'Who called whom, and for how long.' });

export const liveness = z.object({ status: z.literal('ok') }).meta({ id: 'Liveness' });

export const readiness = z
  .object({
    status: z.enum(['ready', 'notReady']),
    checks: z.array(z.object({ name: z.enum(['redis', 'workers', 'targets']), ok: z.boolean(), detail: z.string() })),
  })
  .meta({ id: 'Readiness' });

export const problem = z
  .object({
    type: z.string().meta({ description: '`urn:turnup:problem:<code>`' }),
    title: z.string(),
    status: z.int(),
    code,
    detail: z.string().optional().meta({ description: 'What happened this time. Never holds a secret.' }),
    hint: z.string().meta({ description: 'What to do next.' }),
    instance: z.string().meta({ description: 'Path of the request.' }),
    requestId: z.string(),
    errors: z
      .array(z.object({ path: z.string().meta({ examples: ['subscribers.0.number'] }), message: z.string() }))
      .optional()
      .meta({ description: 'Every fault of the input; in every 422.' }),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details.' });
