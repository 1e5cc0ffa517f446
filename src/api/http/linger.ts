import type { Request, Response } from 'express';

/** What Node may read and throw away to keep a connection; beyond it the connection is given up. */
const CHEAP_BODY_BYTES = 65_536;
const LINGER_MS = 2000;

/** Whether so much of the body is still to come that it is cheaper to give the connection up than to read it. */
export function hasUnreadBody(req: Request): boolean {
  if (req.complete) return false;
  const announced = req.headers['content-length'];
  if (announced === undefined) return req.headers['transfer-encoding'] !== undefined;
  return Number(announced) > CHEAP_BODY_BYTES;
}

/**
 * Answers without reading the rest of the body. Closing at once would reset the connection under a caller that is
 * still sending, and the answer might never be seen: so the answer is sent whole, and the connection closed when the
 * caller did, at the latest after a moment.
 */
export function lingerUntilRead(req: Request, res: Response, text: string): void {
  req.pause();
  res.set('Connection', 'close').set('Content-Length', String(Buffer.byteLength(text)));
  res.write(text);
  const timer = setTimeout(() => res.end(), LINGER_MS);
  res.once('close', () => clearTimeout(timer));
}
