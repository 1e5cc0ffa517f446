import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import { z } from 'zod';
import type { ErrorCode } from '../../errors/index.ts';
import { ORDER_EXAMPLES } from '../../orders/model/examples.ts';
import { orderShape } from '../../orders/model/index.ts';
import { MEND_EXAMPLES, ORDER_VIEW_EXAMPLES } from './examples.ts';
import {
  amending,
  journalPages,
  mergePatch,
  orderFilter,
  orderId,
  placing,
  skipBody,
  stepId,
  withReason,
} from './parameters.ts';
import { answer, ANYWHERE, refusals } from './responses.ts';
import { amendedPlan, plan } from './plan-view.ts';
import { OF_TARGET } from './target-paths.ts';
import { credentials, evidence, journalPage, orderPage, orderView } from './views.ts';

const BODY: readonly ErrorCode[] = ['TURNUP_MALFORMED_REQUEST', 'TURNUP_TOO_LARGE', 'TURNUP_UNSUPPORTED_MEDIA_TYPE'];
const ONE_ORDER: readonly ErrorCode[] = [...ANYWHERE, 'TURNUP_NOT_FOUND'];

const order = (description: string) => answer(description, orderView);

interface Deed {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly body?: typeof withReason | typeof skipBody;
  readonly params?: typeof orderId;
  readonly operator?: boolean;
}

/** A call that does something to an order and answers 202 with the order as it is then. */
function deed({
  operationId,
  summary,
  description,
  body,
  params = orderId,
  operator = false,
}: Deed): ZodOpenApiOperationObject {
  const codes: ErrorCode[] = [
    ...ONE_ORDER,
    'TURNUP_FORBIDDEN',
    'TURNUP_STATE_CONFLICT',
    ...(body ? [...BODY, 'TURNUP_INVALID_REQUEST' as const] : []),
  ];
  return {
    tags: ['Orders'],
    operationId,
    summary,
    description: operator ? `${description} Needs the role \`operator\`.` : description,
    requestParams: { path: params },
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: { '202': order('Accepted; the order as it is.'), ...refusals(codes) },
  };
}

const placeOrder: ZodOpenApiOperationObject = {
  tags: ['Orders'],
  operationId: 'placeOrder',
  summary: 'Place an order',
  description:
    'The order is stored before it is answered; its steps run afterwards. The same `externalId` (or `Idempotency-Key`) with the same content is answered with the order as it is, with other content refused. Every fault of an order is told at once. With `dryRun=true` the order is only checked and planned: nothing is stored, and whether it was placed before makes no difference. With `check=target` too, the target is looked at, within its rate and never while its breaker is open (503).',
  requestParams: placing,
  requestBody: {
    required: true,
    content: {
      'application/json': {
        schema: orderShape,
        examples: Object.fromEntries(
          Object.entries(ORDER_EXAMPLES).map(([name, { title, order: value }]) => [name, { summary: title, value }]),
        ),
      },
    },
  },
  responses: {
    '202': answer('Stored, and going to be done.', orderView, {
      headers: { Location: { description: 'Path of the order.', schema: { type: 'string' }, required: true } },
      examples: ORDER_VIEW_EXAMPLES,
    }),
    '200': {
      description:
        'Placed before with the same content: the order as it is now. With `dryRun=true`: the plan, or a drawing of it where `Accept` asks for one.',
      content: {
        'application/json': { schema: orderView.or(plan), examples: ORDER_VIEW_EXAMPLES },
        // Drawings of the plan.
        'text/vnd.mermaid': { schema: z.string() },
        'image/svg+xml': { schema: z.string() },
      },
    },
    ...refusals([
      ...BODY,
      ...ANYWHERE,
      'TURNUP_FORBIDDEN',
      'TURNUP_TARGET_FORBIDDEN',
      'TURNUP_INVALID_ORDER',
      'TURNUP_DUPLICATE_ORDER',
      'TURNUP_TARGET_PARKED',
      ...OF_TARGET,
    ]),
  },
};

const listOrders: ZodOpenApiOperationObject = {
  tags: ['Orders'],
  operationId: 'listOrders',
  summary: 'List orders',
  description: "Newest first. A client sees its own orders, an operator everyone's.",
  requestParams: { query: orderFilter },
  responses: { '200': answer('A page of orders.', orderPage), ...refusals([...ANYWHERE, 'TURNUP_INVALID_REQUEST']) },
};

const readOrder: ZodOpenApiOperationObject = {
  tags: ['Orders'],
  operationId: 'readOrder',
  summary: 'Read an order',
  requestParams: { path: orderId },
  responses: {
    '200': answer('The order as it is now.', orderView, { examples: ORDER_VIEW_EXAMPLES }),
    ...refusals(ONE_ORDER),
  },
};

const mendOrder: ZodOpenApiOperationObject = {
  tags: ['Orders'],
  operationId: 'mendOrder',
  summary: 'Mend a held order',
  description:
    'Changes data of steps that are not done, as if the order was posted again with the patch in it: checked whole, every fault at once. Then retry it. Refused is a change of `target`, `action`, `externalId`, `notBefore`, `customer.externalId` or the set of subscriber ids, of a member that belongs to a step that is done, skipped, or may be done (its reply was lost), and one that asks for other steps. A secret that is not named stays. The journal tells what was before and what is after. Repeated posts are compared with the order as first posted. Needs the role `operator`.',
  requestParams: { path: orderId },
  requestBody: {
    required: true,
    content: { 'application/merge-patch+json': { schema: mergePatch, examples: MEND_EXAMPLES } },
  },
  responses: {
    '200': order('Mended, and still held.'),
    ...refusals([...ONE_ORDER, ...BODY, 'TURNUP_FORBIDDEN', 'TURNUP_STATE_CONFLICT', 'TURNUP_INVALID_ORDER']),
  },
};

const amendOrder: ZodOpenApiOperationObject = {
  tags: ['Orders'],
  operationId: 'amendOrder',
  summary: 'Amend an order',
  description:
    'Gives an order that is held or has not begun another content: the whole order as it should have been posted, checked as an order is. `externalId`, `target`, `action` and `customer.externalId` stay; secrets that are not named stay those of the same subscriber. Steps that are done and whose data is the same stay done; others are undone and done anew, taken back, or added, and the order goes on as its next run. The same content again is answered with the order as it is. With `dryRun=true` nothing is changed: the plan tells for each step what becomes of it. Refused past the point of no return.',
  requestParams: { path: orderId, query: amending },
  requestBody: {
    required: true,
    content: {
      'application/json': {
        schema: orderShape,
        examples: { order: { summary: ORDER_EXAMPLES.oneSubscriber.title, value: ORDER_EXAMPLES.oneSubscriber.order } },
      },
    },
  },
  responses: {
    '200': answer(
      'With `dryRun=true` the plan; else the order, which was amended so before.',
      z.union([amendedPlan, orderView]),
    ),
    '202': order('Stored; what does not stay is undone, then the order goes on.'),
    ...refusals([...ONE_ORDER, ...BODY, 'TURNUP_FORBIDDEN', 'TURNUP_STATE_CONFLICT', 'TURNUP_INVALID_ORDER']),
  },
};

const readJournal: ZodOpenApiOperationObject = {
  tags: ['Orders'],
  operationId: 'readJournal',
  summary: "Read an order's journal",
  requestParams: { path: orderId, query: journalPages },
  responses: {
    '200': answer('A page of the journal, oldest first.', journalPage),
    ...refusals([...ONE_ORDER, 'TURNUP_INVALID_REQUEST']),
  },
};

const readCredentials: ZodOpenApiOperationObject = {
  tags: ['Orders'],
  operationId: 'readCredentials',
  summary: 'Read generated credentials',
  description:
    'Only for the client that placed the order. May be repeated for 10 minutes after the first answer; gone after 24 hours in any case.',
  requestParams: { path: orderId },
  responses: {
    '200': answer('What Turnup generated.', credentials),
    ...refusals([...ONE_ORDER, 'TURNUP_FORBIDDEN', 'TURNUP_CREDENTIALS_NOT_READY', 'TURNUP_CREDENTIALS_GONE']),
  },
};

const readEvidence: ZodOpenApiOperationObject = {
  tags: ['Orders'],
  operationId: 'readEvidence',
  summary: 'Read what the target answered and nobody understood',
  description:
    'Of each step the newest answer that no rule of its platform tells the meaning of, and what was sent for it, without secrets that are known. It is kept sealed, tells of people, and goes when the order is archived. The journal says who read it. Needs the role `operator`.',
  requestParams: { path: orderId },
  responses: {
    '200': answer('By step; empty where every answer was understood.', evidence),
    ...refusals([...ONE_ORDER, 'TURNUP_FORBIDDEN']),
  },
};

export const ORDER_PATHS: ZodOpenApiPathsObject = {
  '/v1/orders': { get: listOrders, post: placeOrder },
  '/v1/orders/{id}': { get: readOrder, patch: mendOrder },
  '/v1/orders/{id}/amend': { post: amendOrder },
  '/v1/orders/{id}/journal': { get: readJournal },
  '/v1/orders/{id}/credentials': { get: readCredentials },
  '/v1/orders/{id}/evidence': { get: readEvidence },
  '/v1/orders/{id}/retry': {
    post: deed({
      operationId: 'retryOrder',
      summary: 'Retry an order',
      description:
        'A held order goes on with all its failed steps and fresh attempts; one that failed and was undone starts again as the next run.',
    }),
  },
  '/v1/orders/{id}/cancel': {
    post: deed({
      operationId: 'cancelOrder',
      summary: 'Cancel an order',
      description:
        'Stops it and undoes what was done; the step in hand is let finish, and undone too. Refused past a step of no return, and when the order has ended.',
      body: withReason,
    }),
  },
  '/v1/orders/{id}/undo': {
    post: deed({
      operationId: 'undoOrder',
      summary: 'Undo a held order',
      description: 'Takes back what it created and changed, nothing else; it ends `failed` and can be retried whole.',
      body: withReason,
      operator: true,
    }),
  },
  '/v1/orders/{id}/close': {
    post: deed({
      operationId: 'closeOrder',
      summary: 'Close a held order as it is',
      description: 'It ends `partial`, or `failed` when nothing was done; nothing is undone.',
      body: withReason,
      operator: true,
    }),
  },
  '/v1/orders/{id}/release': {
    post: deed({
      operationId: 'releaseOrder',
      summary: "Let the customer's next order go",
      description: 'Although this one is held. This one can go on only when no order that was let past is open.',
      body: withReason,
      operator: true,
    }),
  },
  '/v1/orders/{id}/steps/{step}/skip': {
    post: deed({
      operationId: 'skipStep',
      summary: 'Skip a step',
      description:
        'A person did this failed step by hand; `result` tells later steps what they need of it. Its shape is checked here, whether the ids exist by the step that needs them. What was done by hand is never undone.',
      body: skipBody,
      params: stepId,
      operator: true,
    }),
  },
};
