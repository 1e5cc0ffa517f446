import type { Request, Response } from 'express';
import type { Fault, TurnupError } from '../../errors/index.ts';
import { hasUnreadBody, lingerUntilRead } from './linger.ts';
import { requestIdOf } from './request-id.ts';

/** RFC 9457 problem details, with Turnup's own members. */
export interface Problem {
  /** `urn:turnup:problem:<code>`: stable, meant to be compared, not fetched. */
  type: string;
  title: string;
  status: number;
  code: string;
  detail?: string;
  hint: string;
  /** Path of the request. */
  instance: string;
  requestId: string;
  /** Every fault of the input; in every 422. */
  errors?: { path: string; message: string }[];
}

/** `subscribers.0.number`; the root of the input is the empty path. */
function joinPath(path: Fault['path']): string {
  return path.join('.');
}

function toProblem(error: TurnupError, req: Request, res: Response): Problem {
  const errors = error.faults.map((fault) => ({ path: joinPath(fault.path), message: fault.message }));
  return {
    type: `urn:turnup:problem:${error.code}`,
    title: error.title,
    status: error.status,
    code: error.code,
    ...(error.detail !== undefined && { detail: error.detail }),
    hint: error.hint,
    instance: pathOf(req),
    requestId: requestIdOf(res),
    ...((errors.length > 0 || error.status === 422) && { errors }),
  };
}

/** Without the query, which may hold a customer's number. */
export function pathOf(req: Request): string {
  return req.originalUrl.split('?', 1)[0]!.slice(0, 256);
}

export function setProblemHeaders(error: TurnupError, res: Response): void {
  res.locals['code'] = error.code;
  res.status(error.status).set('Cache-Control', 'no-store');
  if (error.status === 401) res.set('WWW-Authenticate', 'Bearer realm="turnup"');
  const wait = error.retryAfterMs ?? (error.status === 503 ? 5000 : undefined);
  if (wait !== undefined) res.set('Retry-After', String(Math.max(1, Math.ceil(wait / 1000))));
}

export function sendProblem(error: TurnupError, req: Request, res: Response): void {
  setProblemHeaders(error, res);
  res.type('application/problem+json');
  const text = JSON.stringify(toProblem(error, req, res));
  if (hasUnreadBody(req)) lingerUntilRead(req, res, text);
  else res.send(text);
}
