import type { Request, RequestHandler } from 'express';
import { TurnupError } from '../../errors/index.ts';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

function sameHost(req: Request, origin: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === req.get('Host');
}

/**
 * Whether the browser vouches that one of our own pages sent this. `Sec-Fetch-Site` says so outright, but browsers send
 * it to HTTPS and loopback only; `Origin` they send with everything that changes something. A request with neither
 * comes from no browser and has no business with a session cookie.
 */
function isFromOurPages(req: Request): boolean {
  const site = req.get('Sec-Fetch-Site');
  const origin = req.get('Origin');
  if (site !== undefined && site !== 'same-origin') return false;
  if (origin !== undefined) return sameHost(req, origin);
  return site === 'same-origin';
}

/** Refuses what another site made the browser send (403). Only for paths that a cookie opens. */
export const requireSameOrigin: RequestHandler = (req, _res, next) => {
  if (!SAFE.has(req.method) && !isFromOurPages(req)) {
    throw new TurnupError('TURNUP_FORBIDDEN', { detail: 'the request does not come from a page of this server' });
  }
  next();
};
