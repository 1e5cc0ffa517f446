import type { Request, RequestHandler, Response } from 'express';
import type { IntakeResult, Logger, Metrics } from '../../observability/index.ts';
import { actorOf, principalIn } from '../auth/principal.ts';
import { pathOf } from './problem.ts';
import { requestIdOf } from './request-id.ts';
import { routeOf } from './routes.ts';

/** Asked every few seconds by machines; of no interest unless something is wrong. */
const PROBES = new Set(['/healthz', '/readyz', '/metrics']);

const INTAKE_RESULTS: Readonly<Record<number, IntakeResult>> = {
  200: 'repeated',
  202: 'accepted',
  401: 'refused',
  403: 'refused',
  429: 'limited',
  503: 'unavailable',
};

function intakeResult(res: Response): IntakeResult | null {
  if (res.locals['code'] === 'TURNUP_DUPLICATE_ORDER') return 'duplicate';
  const known = INTAKE_RESULTS[res.statusCode];
  if (known) return known;
  return res.statusCode >= 400 && res.statusCode < 500 ? 'invalid' : null;
}

function countIntake(metrics: Metrics, req: Request, res: Response): void {
  if (req.method !== 'POST' || routeOf(res) !== '/v1/orders' || !res.headersSent) return;
  const result = intakeResult(res);
  const principal = principalIn(res);
  if (result) metrics.intake(principal ? principal.name : null, result);
}

/**
 * One line and one measurement per request, when its connection is done with it: also for callers that hung up.
 * Never a query, a header or a body.
 */
export function createObserver(log: Logger, metrics: Metrics): RequestHandler {
  return (req, res, next) => {
    const began = performance.now();
    res.once('close', () => {
      const durationMs = performance.now() - began;
      const path = pathOf(req);
      const principal = principalIn(res);
      // 499: the caller hung up before there was an answer.
      const status = res.headersSent ? res.statusCode : 499;
      const line = {
        requestId: requestIdOf(res),
        method: req.method,
        path,
        status,
        ms: Math.round(durationMs * 10) / 10,
        ...(principal && { by: actorOf(principal) }),
        ...(res.locals['code'] !== undefined && { code: String(res.locals['code']) }),
      };
      const quiet = (PROBES.has(path) || path.startsWith('/board/')) && status < 500;
      log[quiet ? 'debug' : 'info'](line, 'request');
      metrics.httpRequest({ method: req.method, route: routeOf(res), status, durationMs });
      countIntake(metrics, req, res);
    });
    next();
  };
}
