import { Router, type ErrorRequestHandler, type RequestHandler } from 'express';
import type { Redis } from 'ioredis';
import type { AuditStore } from '../../audits/store.ts';
import type { Motor } from '../../../flows/motor.ts';
import type { Collections } from '../../collector/read.ts';
import type { Config } from '../../config/index.ts';
import { TurnupError } from '../../errors/index.ts';
import type { Logger } from '../../observability/index.ts';
import type { OrderStore } from '../../orders/store.ts';
import type { KeyScheme } from '../../redis/keys.ts';
import type { KeyRing } from '../../secrets/index.ts';
import type { Targets } from '../../targets/targets.ts';
import { setPrincipal } from '../auth/principal.ts';
import { logIfOurs, toTurnupError } from '../http/errors.ts';
import { setProblemHeaders } from '../http/problem.ts';
import { requestIdOf } from '../http/request-id.ts';
import { addRoute } from '../http/routes.ts';
import { boardHeaders, pageHeaders } from '../http/security-headers.ts';
import { ACTS, type ActingMotor } from '../orders/acts.ts';
import { boardActor } from './actor.ts';
import { createAssets } from './assets.ts';
import { createAuditListPage, createAuditPage } from './audit-page.ts';
import { createBoard } from './board.ts';
import { createCollectionPage, createCollectionRun, createCollectionsPage } from './collection-page.ts';
import { createEvidencePage } from './evidence-page.ts';
import type { DescribeQueue } from './queue-adapter.ts';
import { html } from './html.ts';
import { addLogin, LOGIN_PATH } from './login.ts';
import { readForm } from './form.ts';
import { createLoginLimit } from './login-limit.ts';
import { createOrderAct } from './order-acts.ts';
import { createOrderPage } from './order-page.ts';
import { BOARD_PATH, sendPage } from './page.ts';
import { requireSameOrigin } from './same-origin.ts';
import { createSessions, type Sessions } from './session.ts';
import { targetText } from './target-text.ts';

export interface DashboardOptions {
  readonly config: Config;
  readonly redis: Redis;
  readonly keys: KeyScheme;
  readonly store: OrderStore;
  readonly audits: AuditStore;
  readonly motor: ActingMotor & Pick<Motor, 'retryJob' | 'queues'>;
  readonly targets: Pick<Targets, 'names' | 'breaker' | 'throttledUntil'>;
  readonly collections: Collections;
  readonly keyRing: Pick<KeyRing, 'open'>;
  readonly log: Logger;
}

function requireLogin(sessions: Sessions): RequestHandler {
  return async (req, res, next) => {
    const session = await sessions.open(req, res);
    const operator = await sessions.operatorOf(session);
    res.set('Cache-Control', 'no-store');
    if (operator) {
      setPrincipal(res, operator);
      boardActor.run({ operator, refused: new Set() }, next);
      return;
    }
    const isPage = req.method === 'GET' && req.accepts(['json', 'html']) === 'html';
    if (!isPage) throw new TurnupError('TURNUP_UNAUTHENTICATED', { detail: 'log in to the dashboard again' });
    res.redirect(303, `${LOGIN_PATH}?next=${encodeURIComponent(req.originalUrl.split('?', 1)[0]!)}`);
  };
}

/** A person who came by a link gets a page; the board's own calls get problem details. */
function createPageErrors(config: Config, log: Logger): ErrorRequestHandler {
  return (thrown, req, res, next) => {
    if (res.headersSent || req.accepts(['json', 'html']) !== 'html') {
      next(thrown);
      return;
    }
    const error = toTurnupError(thrown);
    logIfOurs(log, error, requestIdOf(res));
    setProblemHeaders(error, res);
    const main = html`<h1>${error.title}</h1>
      <p>${error.detail ?? ''}</p>
      <p><a href="${BOARD_PATH}">Back to the board</a></p>`;
    sendPage(res, error.status, { title: error.title, environment: config.environment, main });
  };
}

function describeQueues({ targets, motor }: DashboardOptions): DescribeQueue {
  const byQueue = new Map(targets.names().map((target) => [motor.queues.target(target).name, target]));
  return async (queue) => {
    const target = byQueue.get(queue);
    if (target === undefined) return '';
    return targetText(await targets.breaker(target), await targets.throttledUntil(target));
  };
}

/** Everything under `/board`: login, the board, a page for each order and for each audit. */
export function createDashboard(options: DashboardOptions): Router {
  const { config, redis, keys, motor, log } = options;
  const sessions = createSessions({
    key: config.secretKeys[0]!.key,
    operators: config.operators,
    hours: config.dashboard.sessionHours,
    alwaysSecure: config.http.publicUrl?.startsWith('https:') ?? false,
    redis,
    keys,
  });
  const router = Router();
  router.use('/assets', pageHeaders, createAssets());
  router.use(requireSameOrigin);
  router.use(['/login', '/logout'], pageHeaders);
  addLogin(router, { config, sessions, limit: createLoginLimit(redis, keys), log });
  router.use(boardHeaders, requireLogin(sessions));
  router.use(['/orders', '/audits', '/collections'], pageHeaders);
  const orderPages = { ...options, sessions };
  addRoute(router, '/orders/:id', { get: createOrderPage(orderPages) });
  addRoute(router, '/orders/:id/evidence', { get: createEvidencePage(options) });
  for (const act of ['retry', ...ACTS] as const) {
    addRoute(router, `/orders/:id/${act}`, { post: [readForm, createOrderAct(orderPages, act)] });
  }
  addRoute(router, '/audits', { get: createAuditListPage(options) });
  addRoute(router, '/audits/:id', { get: createAuditPage(options) });
  const collectionPages = { ...options, sessions };
  addRoute(router, '/collections', { get: createCollectionsPage(collectionPages) });
  addRoute(router, '/collections/:source', { get: createCollectionPage(collectionPages) });
  addRoute(router, '/collections/:source/run', { post: [readForm, createCollectionRun(collectionPages)] });
  const describe = describeQueues(options);
  router.use(createBoard({ config, log, queues: motor.queues.all(), retryJob: motor.retryJob, describe }));
  router.use(createPageErrors(config, log));
  return router;
}
