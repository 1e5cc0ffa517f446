import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import { z } from 'zod';
import { AUDIT_STATES, FINDING_STATES } from '../../audits/audit.ts';
import type { ErrorCode } from '../../errors/index.ts';
import { MOST_CUSTOMERS } from '../audits/audits.ts';
import { page } from './parameters.ts';
import { answer, ANYWHERE, refusals } from './responses.ts';
import { pageOf, time } from './views.ts';

const findingState = z.enum(FINDING_STATES).meta({
  id: 'FindingState',
  description:
    '`same`: as Turnup was told. `differs`: there, but otherwise. `missing`: not there. `foreign`: there under the customer, though Turnup was never told of it. `unknown`: could not be told.',
});

const finding = z
  .object({
    customer: z.string().meta({ description: "The CRM's customer number." }),
    subscriber: z
      .object({ username: z.string(), domain: z.string() })
      .nullable()
      .meta({ description: "Null: the customer's own data." }),
    state: findingState,
    members: z.array(z.string()).meta({
      description: 'What is otherwise. `suspended`: it is, or is not, against what was told.',
      examples: [['aliases', 'callForwards.busy', 'customer.contact.email']],
    }),
    why: z.string().nullable().meta({ description: 'Where that needs saying.' }),
    order: z.uuid().nullable().meta({ description: 'The order that was placed to repair it.' }),
  })
  .meta({ id: 'Finding', description: 'What an audit found of a subscriber, or of the customer’s own data.' });

const counts = Object.fromEntries(FINDING_STATES.map((state) => [state, z.int()])) as {
  [state in (typeof FINDING_STATES)[number]]: z.ZodInt;
};

const auditView = z
  .object({
    id: z.uuid(),
    target: z.string(),
    customers: z.array(z.string()).nullable().meta({ description: 'Null: every customer that Turnup was told of.' }),
    repair: z.boolean(),
    by: z.string().meta({ description: '`operator:<name>`, or `turnup` where the configuration asked for it.' }),
    state: z.enum(AUDIT_STATES).meta({
      id: 'AuditState',
      description: '`queued`: an earlier audit of the target comes first, or no worker is there.',
    }),
    waitsFor: z
      .enum(['target', 'orders'])
      .nullable()
      .meta({ description: 'The target is away or asks for fewer calls, or orders go first.' }),
    createdAt: time(),
    startedAt: time().nullable(),
    endedAt: time().nullable(),
    progress: z.object({ checked: z.int(), total: z.int() }).meta({ description: 'Customers.' }),
    counts: z.object(counts).meta({ description: "Of subscribers and of customers' own data, by what was found." }),
    orders: z.int().meta({ description: 'How many were placed to repair.' }),
    error: z
      .object({ code: z.string(), title: z.string(), detail: z.string().nullable() })
      .nullable()
      .meta({ description: 'Of a failed audit.' }),
  })
  .meta({ id: 'Audit', description: 'What a target has, compared with what Turnup was told to have there.' });

const auditPage = pageOf(auditView, 'Newest first.').meta({ id: 'AuditPage' });

export const auditReport = auditView
  .extend({
    findings: pageOf(finding, 'In the order in which they were found.').meta({
      description: 'Those that are the same are listed only where the audit names its customers.',
    }),
  })
  .meta({ id: 'AuditReport', description: 'An audit with a page of what it found.' });

const wish = z
  .object({
    target: z
      .string()
      .max(128)
      .meta({ examples: ['vienna'] }),
    customers: z
      .array(z.string().max(255))
      .min(1)
      .max(MOST_CUSTOMERS)
      .optional()
      .meta({ description: 'Only these; left out: every customer that Turnup was told of.', examples: [['C-77']] }),
    repair: z
      .boolean()
      .default(false)
      .meta({ description: 'Place modify orders for what differs; else it is only told.' }),
  })
  .meta({ id: 'AuditWish', description: 'What is to be audited.' });

const EXAMPLE_ID = '0192f0c1-8f00-7000-8000-0000000000b1';
const EXAMPLE = {
  id: EXAMPLE_ID,
  target: 'vienna',
  customers: ['C-77'],
  repair: true,
  by: 'operator:ops',
  state: 'completed',
  waitsFor: null,
  createdAt: '2026-11-30T02:30:00.000Z',
  startedAt: '2026-11-30T02:30:00.020Z',
  endedAt: '2026-11-30T02:30:00.420Z',
  progress: { checked: 1, total: 1 },
  counts: { same: 1, differs: 1, missing: 0, foreign: 0, unknown: 0 },
  orders: 1,
  error: null,
  findings: {
    items: [
      { customer: 'C-77', subscriber: null, state: 'same', members: [], why: null, order: null },
      {
        customer: 'C-77',
        subscriber: { username: 'john', domain: 'sip.example.com' },
        state: 'differs',
        members: ['aliases', 'callForwards.busy'],
        why: null,
        order: '0192f0c1-8f00-7000-8000-0000000000b2',
      },
    ],
    next: null,
  },
};

const auditId = z.object({ id: z.uuid().meta({ description: 'Id of the audit.' }) });
const OPERATORS: readonly ErrorCode[] = [...ANYWHERE, 'TURNUP_FORBIDDEN'];
const ONE_AUDIT: readonly ErrorCode[] = [...OPERATORS, 'TURNUP_NOT_FOUND'];
const BODY: readonly ErrorCode[] = ['TURNUP_MALFORMED_REQUEST', 'TURNUP_TOO_LARGE', 'TURNUP_UNSUPPORTED_MEDIA_TYPE'];

const beginAudit: ZodOpenApiOperationObject = {
  tags: ['Audits'],
  operationId: 'beginAudit',
  summary: 'Begin an audit',
  description:
    'The workers then look at one customer after the other, at a gentle rate; one audit of a target at a time. An audit itself never writes: with `repair` it places orders like any other, named `audit-<id>-<n>`. Passwords and PINs are not compared. Needs the role `operator`.',
  requestBody: {
    required: true,
    content: {
      'application/json': {
        schema: wish,
        examples: {
          target: { summary: 'A whole target', value: { target: 'vienna' } },
          customer: {
            summary: 'One customer, and repair what differs',
            value: { target: 'vienna', customers: ['C-77'], repair: true },
          },
        },
      },
    },
  },
  responses: {
    '202': answer('Stored, and going to be done.', auditView, {
      headers: { Location: { description: 'Path of the audit.', schema: { type: 'string' }, required: true } },
    }),
    ...refusals([...OPERATORS, ...BODY, 'TURNUP_INVALID_REQUEST']),
  },
};

const listAudits: ZodOpenApiOperationObject = {
  tags: ['Audits'],
  operationId: 'listAudits',
  summary: 'List audits',
  description: 'Newest first; the last 200 are kept. For operators.',
  requestParams: { query: z.object({ target: z.string().max(128).optional(), ...page(50) }) },
  responses: { '200': answer('A page of audits.', auditPage), ...refusals([...OPERATORS, 'TURNUP_INVALID_REQUEST']) },
};

const readAudit: ZodOpenApiOperationObject = {
  tags: ['Audits'],
  operationId: 'readAudit',
  summary: 'Read an audit',
  description: 'How far it is, and a page of what it found. For operators.',
  requestParams: { path: auditId, query: z.object({ state: findingState.optional(), ...page(100) }) },
  responses: {
    '200': answer('The audit as it is now.', auditReport, {
      examples: { repaired: { summary: 'Completed, with a repair', value: EXAMPLE } },
    }),
    ...refusals([...ONE_AUDIT, 'TURNUP_INVALID_REQUEST']),
  },
};

const cancelAudit: ZodOpenApiOperationObject = {
  tags: ['Audits'],
  operationId: 'cancelAudit',
  summary: 'Cancel an audit',
  description: 'The customer in hand is the last. Orders that it placed go on. Needs the role `operator`.',
  requestParams: { path: auditId },
  responses: { '202': answer('Cancelled.', auditView), ...refusals([...ONE_AUDIT, 'TURNUP_STATE_CONFLICT']) },
};

export const AUDIT_PATHS: ZodOpenApiPathsObject = {
  '/v1/audits': { get: listAudits, post: beginAudit },
  '/v1/audits/{id}': { get: readAudit },
  '/v1/audits/{id}/cancel': { post: cancelAudit },
};
