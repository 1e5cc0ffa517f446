import { TurnupError, type ErrorClass } from '../errors/index.ts';

/** How long a caller waits for a target, in ms: less than proxies and people do. */
const LIMIT_MS = 20_000;

/** What a caller who asked for the call itself makes of its failure; other classes as the catalogue says. */
const STATUS: Partial<Record<ErrorClass, number>> = { outage: 503, throttled: 503, rejected: 422, conflict: 422 };

/** The failure of a call that a caller of the API asked for, as the answer it gets. */
export function asAnswer(error: TurnupError): TurnupError {
  const status = STATUS[error.class];
  if (status === undefined || error.status < 500) return error;
  return new TurnupError(error.code, {
    status,
    ...(status === 422 && { faults: [{ path: [], message: error.detail ?? error.title }] }),
    class: error.class,
    hint: error.hint,
    cause: error,
    ...(error.detail !== undefined && { detail: error.detail }),
    ...(error.retryAfterMs !== undefined && { retryAfterMs: error.retryAfterMs }),
  });
}

/**
 * What the target answers, within the time that a caller waits.
 *
 * @throws TurnupError `TURNUP_TARGET_FAILED` when it takes longer; what `work` throws
 */
export async function withinLimit<T>(work: (signal: AbortSignal) => Promise<T>, limitMs = LIMIT_MS): Promise<T> {
  const limit = new AbortController();
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const detail = `no answer within ${limitMs} ms`;
    reject(new TurnupError('TURNUP_TARGET_FAILED', { detail }));
    limit.abort();
  }, limitMs);
  try {
    return await Promise.race([work(limit.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}
