import { performance } from 'node:perf_hooks';
import { Pool } from 'undici';
import manifest from '../../package.json' with { type: 'json' };
import { exchange } from './exchange.ts';
import { translateFailure } from './failures.ts';
import { readTls } from './tls.ts';
import type { CallRecord, HttpClient, HttpRequest, HttpResponse, HttpSettings } from './types.ts';

/** No answer of a provisioning API is near this; a larger one would only fill the memory of all targets' worker. */
const MAX_RESPONSE_BYTES = 8 * 1024 * 1024;

const USER_AGENT = `turnup/${manifest.version}`;

export interface HttpClientOptions {
  readonly maxResponseBytes?: number;
}

/** One pool of keep-alive connections to one target. */
export function createHttpClient(settings: HttpSettings, options: HttpClientOptions = {}): HttpClient {
  const base = new URL(settings.url);
  const prefix = base.pathname.replace(/\/+$/, '');
  const maxBytes = options.maxResponseBytes ?? MAX_RESPONSE_BYTES;
  const pool = new Pool(base.origin, {
    connections: settings.concurrency,
    pipelining: 1,
    // One call per connection is what makes "was it sent?" answerable and a time-out hit only its own call.
    allowH2: false,
    connect: { timeout: settings.timeouts.connectMs, ...readTls(settings.tls) },
    // The exchange has one limit of its own over the whole call.
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  async function request(call: HttpRequest): Promise<HttpResponse> {
    const { path, write, hooks } = call;
    await hooks.beforeCall(write);
    const query = path.indexOf('?');
    const { method, object } = call.as ?? { method: call.method, object: query < 0 ? path : path.slice(0, query) };
    if (hooks.signal.aborted) {
      throw translateFailure(hooks.signal.reason, { method, object, write, sent: false }, hooks.signal);
    }
    const begun = performance.now();
    let sent = false;
    const record = (status: number | null, outcome: CallRecord['outcome']): void =>
      hooks.afterCall({ method, object, status, outcome, durationMs: performance.now() - begun });
    try {
      const response = await exchange(
        pool,
        {
          method: call.method,
          path: prefix + path,
          headers: { 'user-agent': USER_AGENT, ...call.headers },
          body: call.body ?? null,
        },
        {
          timeoutMs: write ? settings.timeouts.writeMs : settings.timeouts.readMs,
          maxBytes,
          signal: hooks.signal,
          onSent: () => {
            sent = true;
          },
        },
      );
      record(response.status, call.outcomeOf?.(response) ?? outcomeOf(response.status));
      return response;
    } catch (error) {
      record(null, sent && write ? 'unknown' : 'failed');
      throw translateFailure(error, { method, object, write, sent }, hooks.signal);
    }
  }

  let closing: Promise<void> | null = null;
  return {
    request,
    close: () => (closing ??= pool.close()),
  };
}

function outcomeOf(status: number): CallRecord['outcome'] {
  if (status < 300) return 'ok';
  return status < 500 ? 'refused' : 'failed';
}
