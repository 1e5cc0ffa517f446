import type { ZodOpenApiPathsObject } from 'zod-openapi';
import type { ErrorCode } from '../../errors/index.ts';
import { breakerBody, callsQuery, catalogName, targetName } from './parameters.ts';
import { answer, ANYWHERE, refusals } from './responses.ts';
import { callRecords, catalogData, catalogPage, targetPage, targetView } from './views.ts';

/** What became of a call that the caller asked for itself. */
export const OF_TARGET: readonly ErrorCode[] = [
  'TURNUP_INVALID_REQUEST',
  'TURNUP_TARGET_FAILED',
  'TURNUP_TARGET_LOGIN_REFUSED',
  'TURNUP_TARGET_UNEXPECTED',
];

export const TARGET_PATHS: ZodOpenApiPathsObject = {
  '/v1/targets': {
    get: {
      tags: ['Targets'],
      operationId: 'listTargets',
      summary: 'List targets',
      description: 'A client sees the targets it may use.',
      responses: { '200': answer('All of them.', targetPage), ...refusals(ANYWHERE) },
    },
  },
  '/v1/targets/{name}': {
    get: {
      tags: ['Targets'],
      operationId: 'readTarget',
      summary: 'Read a target',
      requestParams: { path: targetName },
      responses: {
        '200': answer('Platform, capabilities, breaker and queue.', targetView),
        ...refusals([...ANYWHERE, 'TURNUP_NOT_FOUND']),
      },
    },
  },
  '/v1/targets/{name}/breaker': {
    post: {
      tags: ['Targets'],
      operationId: 'setBreaker',
      summary: 'Open or close a breaker',
      description: 'Opened by a person it stays open until a person closes it. Needs the role `operator`.',
      requestParams: { path: targetName },
      requestBody: { required: true, content: { 'application/json': { schema: breakerBody } } },
      responses: {
        '200': answer('The target as it is now.', targetView),
        ...refusals([
          ...ANYWHERE,
          'TURNUP_NOT_FOUND',
          'TURNUP_FORBIDDEN',
          'TURNUP_MALFORMED_REQUEST',
          'TURNUP_TOO_LARGE',
          'TURNUP_UNSUPPORTED_MEDIA_TYPE',
          'TURNUP_INVALID_REQUEST',
        ]),
      },
    },
  },
  '/v1/targets/{name}/catalog': {
    get: {
      tags: ['Targets'],
      operationId: 'listCatalog',
      summary: 'List what can be read of a target',
      description: 'Reads of the platform that fill the forms of a CRM: rate plans, free numbers and the like.',
      requestParams: { path: targetName },
      responses: {
        '200': answer('All reads that the platform has.', catalogPage),
        ...refusals([...ANYWHERE, 'TURNUP_NOT_FOUND']),
      },
    },
  },
  '/v1/targets/{name}/catalog/{what}': {
    get: {
      tags: ['Targets'],
      operationId: 'readCatalog',
      summary: "Read a target's own data",
      description:
        'The query is that of the read, see `params` in the list. Reads that tell who called whom are for those who may read call records. Counts against `rate` of the target, and is refused while its breaker is open. What the target refuses is answered 422 with the code that an order would get; 503 when it is away.',
      requestParams: { path: catalogName },
      responses: {
        '200': answer('One page, as the platform has it.', catalogData),
        ...refusals([...ANYWHERE, 'TURNUP_NOT_FOUND', 'TURNUP_FORBIDDEN', 'TURNUP_TARGET_PARKED', ...OF_TARGET]),
      },
    },
  },
  '/v1/targets/{name}/calls': {
    get: {
      tags: ['Targets'],
      operationId: 'readCalls',
      summary: 'Read call records',
      description:
        'Where the platform tells calls by its own service, then of one account; else where the configuration of the target switches it on. For operators with the role `operator`, and for clients that are configured with `calls: true`.',
      requestParams: { path: targetName, query: callsQuery },
      responses: {
        '200': answer('Newest first.', callRecords),
        ...refusals([...ANYWHERE, 'TURNUP_NOT_FOUND', 'TURNUP_FORBIDDEN', 'TURNUP_TARGET_PARKED', ...OF_TARGET]),
      },
    },
  },
};
