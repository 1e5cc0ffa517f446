import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import { z } from 'zod';
import { COLLECTION_PATHS } from './collection-paths.ts';
import { answer, refusals } from './responses.ts';
import { TARGET_PATHS } from './target-paths.ts';
import { liveness, readiness } from './views.ts';

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
  ...TARGET_PATHS,
  ...COLLECTION_PATHS,
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
