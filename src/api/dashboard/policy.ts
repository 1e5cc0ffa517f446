import type { OperatorRole } from '../../config/index.ts';

/** The least role, or nobody at all. */
export type Permission = OperatorRole | 'nobody';

/**
 * Every route of the board, by method and path as the board declares them, and who may use it. What is not listed is
 * nobody's: a route that an upgrade brings stays shut until somebody decided about it.
 *
 * Nobody may add, change, promote or remove jobs: the record would not know (DESIGN §4, I11). Nobody may touch
 * concurrency or rate limits: they are how a target that is down is parked and brought back.
 */
const POLICY: Readonly<Record<string, Permission>> = {
  'get /api/redis/stats': 'viewer',
  'get /api/queues': 'viewer',
  'get /api/job-schedulers': 'viewer',
  'get /api/queues/:queueName/metrics': 'viewer',
  'get /api/queues/:queueName/default-job-options': 'viewer',
  'get /api/queues/:queueName/workers': 'viewer',
  'get /api/queues/:queueName/rate-limit': 'viewer',
  'get /api/queues/:queueName/job-data-schema': 'viewer',
  'get /api/queues/:queueName/:jobId/logs': 'viewer',
  'get /api/queues/:queueName/:jobId/flow': 'viewer',
  'get /api/queues/:queueName/:jobId': 'viewer',
  'get /api/metrics/history': 'viewer',
  'get /api/metrics/history/usage': 'viewer',
  'get /api/metrics/latency': 'viewer',

  'put /api/queues/:queueName/:jobId/retry': 'operator',
  'put /api/queues/:queueName/retry/:queueStatus': 'operator',
  'put /api/queues/:queueName/pause': 'admin',
  'put /api/queues/:queueName/resume': 'admin',

  'put /api/queues/pause': 'nobody',
  'put /api/queues/resume': 'nobody',
  'post /api/queues/:queueName/add': 'nobody',
  'put /api/queues/:queueName/promote': 'nobody',
  'put /api/queues/:queueName/clean/:queueStatus': 'nobody',
  'put /api/queues/:queueName/concurrency': 'nobody',
  'put /api/queues/:queueName/rate-limit': 'nobody',
  'put /api/queues/:queueName/rate-limit/release': 'nobody',
  'put /api/queues/:queueName/empty': 'nobody',
  'put /api/queues/:queueName/obliterate': 'nobody',
  'put /api/queues/:queueName/job-schedulers/:schedulerId/remove': 'nobody',
  'patch /api/queues/:queueName/job-schedulers/:schedulerId': 'nobody',
  'put /api/queues/:queueName/job-schedulers/:schedulerId/run': 'nobody',
  'put /api/queues/:queueName/:jobId/clean': 'nobody',
  'put /api/queues/:queueName/:jobId/promote': 'nobody',
  'patch /api/queues/:queueName/:jobId/update-data': 'nobody',
  'patch /api/queues/:queueName/:jobId/delay': 'nobody',
  'patch /api/queues/:queueName/:jobId/priority': 'nobody',
  'put /api/queues/:queueName/:jobId/remove-unprocessed-children': 'nobody',
  'post /api/metrics/history/purge': 'nobody',
};

/** `null` for a route nobody has decided about; it is refused like `nobody`. */
export function permissionOf(method: string, route: string): Permission | null {
  const key = `${method.toLowerCase()} ${route}`;
  return Object.hasOwn(POLICY, key) ? POLICY[key]! : null;
}
