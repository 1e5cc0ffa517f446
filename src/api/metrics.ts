import type { RequestHandler } from 'express';
import { TurnupError } from '../errors/index.ts';
import type { Metrics } from '../observability/index.ts';
import { sameSecret } from '../secrets/index.ts';
import { bearerToken } from './auth/bearer.ts';

/** The page a Prometheus reads; open unless a token is configured for it. */
export function createMetricsPage(metrics: Metrics, token: string | null): RequestHandler {
  return async (req, res) => {
    if (token !== null && !sameSecret(bearerToken(req.get('Authorization')) ?? '', token)) {
      throw new TurnupError('TURNUP_UNAUTHENTICATED');
    }
    const page = await metrics.render();
    res.set('Cache-Control', 'no-store').set('Content-Type', metrics.contentType).send(page);
  };
}
