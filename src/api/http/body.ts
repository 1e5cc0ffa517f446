import type { Request, RequestHandler } from 'express';
import { TurnupError } from '../../errors/index.ts';

/** Media types of JSON that calls take. */
type JsonType = 'application/json' | 'application/merge-patch+json';

/** Of that type, and of the charset JSON has. The body is bytes until the strict parser has seen it. */
function isOfType(header: string | undefined, wanted: JsonType): boolean {
  if (header === undefined) return false;
  const [type = '', ...parameters] = header.split(';').map((part) => part.trim().toLowerCase());
  return type === wanted && parameters.every((part) => part === '' || /^charset="?utf-8"?$/.test(part));
}

function checkHeaders(req: Request, limitBytes: number, type: JsonType): void {
  const unsupported = (detail: string) => new TurnupError('TURNUP_UNSUPPORTED_MEDIA_TYPE', { detail });
  if (!isOfType(req.get('Content-Type'), type)) throw unsupported(`send ${type} in UTF-8`);
  // A small body could inflate to a huge one.
  if ((req.get('Content-Encoding') ?? 'identity').toLowerCase() !== 'identity') {
    throw unsupported('send the body as it is, without a Content-Encoding');
  }
  if (Number(req.get('Content-Length') ?? 0) > limitBytes) throw new TurnupError('TURNUP_TOO_LARGE');
}

/** Stops at the limit and leaves the rest unread, where the parsers of Express read it all before they refuse it. */
function readBytes(req: Request, limitBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (finish: () => void) => {
      req.off('data', onData).off('end', onEnd).off('close', onClose);
      finish();
    };
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size <= limitBytes) return;
      req.pause();
      settle(() => reject(new TurnupError('TURNUP_TOO_LARGE')));
    };
    const onEnd = () => settle(() => resolve(Buffer.concat(chunks)));
    const onClose = () =>
      settle(() => reject(new TurnupError('TURNUP_MALFORMED_REQUEST', { detail: 'the request was not sent whole' })));
    req.on('data', onData).on('end', onEnd).on('close', onClose);
  });
}

const bodies = new WeakMap<Request, Buffer>();

/** Refuses other types (415) and what is too large (413), the latter without reading it. */
export function readJsonBytes(limitBytes: number, type: JsonType = 'application/json'): RequestHandler {
  return async (req, res, next) => {
    // RFC 5789 §3.1: what a PATCH of this resource may be.
    if (req.method === 'PATCH') res.set('Accept-Patch', type);
    checkHeaders(req, limitBytes, type);
    bodies.set(req, await readBytes(req, limitBytes));
    next();
  };
}

/** What {@link readJsonBytes} has read; empty when the request had no body. */
export function bytesOf(req: Request): Uint8Array {
  return bodies.get(req) ?? new Uint8Array();
}
