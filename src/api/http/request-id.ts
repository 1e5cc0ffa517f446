import { randomUUID } from 'node:crypto';
import type { RequestHandler, Response } from 'express';

const HEADER = 'X-Request-Id';
const ACCEPTABLE = /^[A-Za-z0-9._-]{1,64}$/;

/** Takes over the caller's id when it is harmless, so that its log and ours can be laid side by side. */
export const assignRequestId: RequestHandler = (req, res, next) => {
  const given = req.get(HEADER);
  const id = given !== undefined && ACCEPTABLE.test(given) ? given : randomUUID();
  res.locals['requestId'] = id;
  res.set(HEADER, id);
  next();
};

export function requestIdOf(res: Response): string {
  return String(res.locals['requestId'] ?? '');
}
