import type { Dispatcher, Pool } from 'undici';
import { LimitError } from './failures.ts';
import type { HttpResponse } from './types.ts';

export interface ExchangeOptions {
  readonly timeoutMs: number;
  /** Bytes of the answer's body. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  /** Called just before the first byte is written; not called = certainly not sent. */
  onSent(): void;
}

/**
 * One request and its whole answer over undici's dispatch interface, which, unlike `pool.request`, tells when a request
 * begins to leave the process, and spares a stream per call. The time limit covers everything, waiting for a
 * connection included: the engine relies on no call lasting longer than its time-out (DESIGN §5.6).
 */
export function exchange(
  pool: Pool,
  request: Dispatcher.DispatchOptions,
  options: ExchangeOptions,
): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const { signal } = options;
    let controller: Dispatcher.DispatchController | null = null;
    let stopped: Error | null = null;
    let status = 0;
    let headers: HttpResponse['headers'] = {};
    let chunks: Buffer[] = [];
    let size = 0;

    const release = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };
    const stop = (reason: Error): void => {
      if (stopped) return;
      stopped = reason;
      release();
      chunks = [];
      controller?.abort(reason);
      reject(reason);
    };
    const onAbort = (): void => stop(signal.reason as Error);
    const timer = setTimeout(() => stop(new LimitError('TIMEOUT', 'no answer in time')), options.timeoutMs);
    signal.addEventListener('abort', onAbort, { once: true });

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(started) {
        controller = started;
        if (stopped) started.abort(stopped);
        else options.onSent();
      },
      onResponseStart(_controller, statusCode, received) {
        status = statusCode;
        headers = received;
      },
      onResponseData(_controller, chunk) {
        size += chunk.length;
        if (size > options.maxBytes) stop(new LimitError('TOO_LARGE', 'the answer is too large'));
        else chunks.push(chunk);
      },
      onResponseEnd() {
        if (stopped) return;
        release();
        const [first] = chunks;
        const whole = chunks.length === 1 && first ? first : Buffer.concat(chunks, size);
        resolve({ status, headers, text: whole.toString('utf8') });
      },
      onResponseError(_controller, error) {
        release();
        reject(error);
      },
    };
    try {
      pool.dispatch(request, handler);
    } catch (error) {
      release();
      reject(error);
    }
  });
}
