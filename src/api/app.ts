import express, { Router, type Express } from 'express';
import { beginAudit, cancelAudit, listAudits, readAudit } from './audits/audits.ts';
import { createBearerAuth, createTokenTable } from './auth/bearer.ts';
import { createRateLimit } from './auth/rate-limit.ts';
import { createDashboard } from './dashboard/dashboard.ts';
import { readCalls } from './calls.ts';
import { listCollectedFiles, listCollections, readCollection, startCollection } from './collections.ts';
import { listCatalog, readCatalog } from './catalog.ts';
import type { ApiDeps } from './deps.ts';
import { addDocs } from './docs.ts';
import { createReadiness, live } from './health.ts';
import { readJsonBytes } from './http/body.ts';
import { createErrorHandler, refuseUnknownPath } from './http/errors.ts';
import { createObserver } from './http/observe.ts';
import { assignRequestId } from './http/request-id.ts';
import { addRoute, nameRoute } from './http/routes.ts';
import { apiHeaders } from './http/security-headers.ts';
import { placeOrder } from './intake.ts';
import { createMetricsPage } from './metrics.ts';
import { createStoreSampler } from './metrics-sample.ts';
import { openApiDocument } from './openapi/index.ts';
import { ACTS, handleAct } from './orders/acts.ts';
import { readCredentials } from './orders/credentials.ts';
import { amendOrder } from './orders/amend.ts';
import { readEvidence } from './orders/evidence.ts';
import { mendOrder } from './orders/mend.ts';
import { listOrders, readJournal, readOrder } from './orders/reads.ts';
import { skipStep } from './orders/skip.ts';
import { listTargets, readTarget, setBreaker } from './targets.ts';

const SMALL_BODY_BYTES = 16_384;
/** As many customers as one audit may name. */
const AUDIT_BODY_BYTES = 524_288;

function addOpenRoutes(router: Router, { config, redis, keys, metrics, targets }: ApiDeps): void {
  addRoute(router, '/healthz', { get: live });
  addRoute(router, '/readyz', { get: createReadiness(redis, keys, targets) });
  addRoute(router, '/metrics', { get: createMetricsPage(metrics, config.metrics.token) });
  addDocs(router, openApiDocument);
}

function addApiRoutes(router: Router, deps: ApiDeps): void {
  const { config, store, keyRing } = deps;
  router.use('/v1', createBearerAuth(createTokenTable(config.clients, config.operators)));
  router.use('/v1', createRateLimit(config.limits.requestsPerMinute));
  addRoute(router, '/v1/orders', {
    get: listOrders(store),
    post: [readJsonBytes(config.limits.bodyBytes), placeOrder(deps)],
  });
  addRoute(router, '/v1/orders/:id', {
    get: readOrder(store),
    patch: [readJsonBytes(config.limits.bodyBytes, 'application/merge-patch+json'), mendOrder(deps)],
  });
  addRoute(router, '/v1/orders/:id/amend', { post: [readJsonBytes(config.limits.bodyBytes), amendOrder(deps)] });
  addRoute(router, '/v1/orders/:id/journal', { get: readJournal(store) });
  addRoute(router, '/v1/orders/:id/credentials', { get: readCredentials(store, keyRing) });
  addRoute(router, '/v1/orders/:id/evidence', { get: readEvidence(deps) });
  addRoute(router, '/v1/orders/:id/retry', { post: handleAct(deps, 'retry') });
  for (const act of ACTS) {
    addRoute(router, `/v1/orders/:id/${act}`, { post: [readJsonBytes(SMALL_BODY_BYTES), handleAct(deps, act)] });
  }
  addRoute(router, '/v1/orders/:id/steps/:step/skip', { post: [readJsonBytes(SMALL_BODY_BYTES), skipStep(deps)] });
  addRoute(router, '/v1/audits', {
    get: listAudits(deps),
    post: [readJsonBytes(AUDIT_BODY_BYTES), beginAudit(deps)],
  });
  addRoute(router, '/v1/audits/:id', { get: readAudit(deps) });
  addRoute(router, '/v1/audits/:id/cancel', { post: cancelAudit(deps) });
  addRoute(router, '/v1/targets', { get: listTargets(deps) });
  addRoute(router, '/v1/targets/:name', { get: readTarget(deps) });
  addRoute(router, '/v1/targets/:name/catalog', { get: listCatalog(deps) });
  addRoute(router, '/v1/targets/:name/catalog/:what', { get: readCatalog(deps) });
  addRoute(router, '/v1/targets/:name/calls', { get: readCalls(deps) });
  addRoute(router, '/v1/collections', { get: listCollections(deps) });
  addRoute(router, '/v1/collections/:source', { get: readCollection(deps) });
  addRoute(router, '/v1/collections/:source/files', { get: listCollectedFiles(deps) });
  addRoute(router, '/v1/collections/:source/runs', { post: [readJsonBytes(SMALL_BODY_BYTES), startCollection(deps)] });
  addRoute(router, '/v1/targets/:name/breaker', { post: [readJsonBytes(SMALL_BODY_BYTES), setBreaker(deps)] });
}

/** All of HTTP: the API, its documentation, health, metrics and the dashboard. */
export function createApp(deps: ApiDeps): Express {
  const { config, log, metrics } = deps;
  metrics.collectFrom(createStoreSampler(deps));

  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', 'simple');
  app.set('trust proxy', config.http.trustProxy);
  app.use(assignRequestId, createObserver(log, metrics), apiHeaders);

  const router = Router({ caseSensitive: true });
  addOpenRoutes(router, deps);
  addApiRoutes(router, deps);
  if (config.dashboard.enabled) {
    router.use('/board', nameRoute('/board/*'), createDashboard(deps));
  }
  app.use(router, refuseUnknownPath, createErrorHandler(log));
  return app;
}
