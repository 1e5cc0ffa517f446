import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import { z } from 'zod';
import { breakerBody, targetName } from './parameters.ts';
import { answer, ANYWHERE, refusals } from './responses.ts';
import { liveness, readiness, targetPage, targetView } from './views.ts';

/** Open to anybody who reaches the port. */
function open(
  operationId: string,
  summary: string,
  responses: ZodOpenApiOperationObject['responses'],
  description?: string,
): { get: ZodOpenApiOperationObject } {
  return {
    get: { tags: ['Operation'], operationId, summary, ...(description && { description }), security: [], responses },
  };
}

const page = (description: string, type: string) => ({ description, content: { [type]: { schema: z.string() } } });

export const OTHER_PATHS: ZodOpenApiPathsObject = {
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
  '/healthz': open('live', 'Liveness', { '200': answer('The process answers.', liveness) }),
  '/readyz': open('ready', 'Readiness', {
    '200': answer('Redis takes writes and a worker is at work.', readiness),
    '503': answer('Something is missing.', readiness),
  }),
  '/metrics': open(
    'metrics',
    'Metrics for Prometheus',
    { '200': page('Text format of Prometheus.', 'text/plain'), ...refusals(['TURNUP_UNAUTHENTICATED']) },
    'Open unless `metrics.token` is configured.',
  ),
  '/openapi.json': open('openapi', 'This document', {
    '200': answer('OpenAPI 3.1.', z.record(z.string(), z.unknown())),
  }),
  '/docs': open('docs', 'This document as a page', { '200': page('A page to read and try it.', 'text/html') }),
  '/board': open(
    'board',
    'Dashboard',
    { '200': page('Bull Board.', 'text/html'), '303': { description: 'To the login page.' } },
    'Behind the login of an operator.',
  ),
};
