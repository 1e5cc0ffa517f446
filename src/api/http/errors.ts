import type { ErrorRequestHandler, RequestHandler } from 'express';
import { TurnupError } from '../../errors/index.ts';
import type { Logger } from '../../observability/index.ts';
import { isRedisUnable } from '../../redis/unable.ts';
import { sendProblem } from './problem.ts';
import { requestIdOf } from './request-id.ts';

interface ParserError {
  readonly type?: unknown;
  readonly status?: unknown;
}

const PARSER_ERRORS: Readonly<Record<string, () => TurnupError>> = {
  'entity.too.large': () => new TurnupError('TURNUP_TOO_LARGE'),
  'encoding.unsupported': () =>
    new TurnupError('TURNUP_UNSUPPORTED_MEDIA_TYPE', { detail: 'a Content-Encoding is not accepted' }),
  'charset.unsupported': () => new TurnupError('TURNUP_UNSUPPORTED_MEDIA_TYPE', { detail: 'only UTF-8 is accepted' }),
};

/** Whatever was thrown, as one of ours. What is not known becomes an internal error, which tells a caller nothing. */
export function toTurnupError(error: unknown): TurnupError {
  if (error instanceof TurnupError) return error;
  const { type, status } = (typeof error === 'object' && error !== null ? error : {}) as ParserError;
  const known = typeof type === 'string' ? PARSER_ERRORS[type] : undefined;
  if (known) return known();
  // Express and its parsers mark what the caller did wrong with a 4xx; their messages may quote the input.
  if (typeof status === 'number' && status >= 400 && status < 500) return new TurnupError('TURNUP_MALFORMED_REQUEST');
  if (isRedisUnable(error)) return new TurnupError('TURNUP_STORE_UNAVAILABLE', { cause: error });
  return new TurnupError('TURNUP_INTERNAL', { cause: error });
}

/** Only the log sees what lies behind a 5xx. */
export function logIfOurs(log: Logger, error: TurnupError, requestId: string): void {
  if (error.status < 500) return;
  log.error({ err: error.cause ?? error, code: error.code, requestId }, 'a request failed');
}

export function createErrorHandler(log: Logger): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (thrown, req, res, _next) => {
    const error = toTurnupError(thrown);
    logIfOurs(log, error, requestIdOf(res));
    if (res.headersSent) {
      res.destroy();
      return;
    }
    sendProblem(error, req, res);
  };
}

export const refuseUnknownPath: RequestHandler = () => {
  throw new TurnupError('TURNUP_NOT_FOUND', { detail: 'there is nothing at this path' });
};
