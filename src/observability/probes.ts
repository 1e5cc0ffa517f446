import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from './metrics.ts';

export interface Readiness {
  readonly ready: boolean;
  /** What is looked at and whether it is well: `{ redis: true }`. Never a secret or an address. */
  readonly checks: Readonly<Record<string, boolean>>;
}

export interface ProbesOptions {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  readonly metrics: Pick<Metrics, 'render' | 'contentType'>;
  readonly ready: () => Promise<Readiness>;
  /** Whether this `Authorization` header may read the metrics. Default: everybody may. */
  readonly mayReadMetrics?: (authorization: string | undefined) => boolean;
}

function send(response: ServerResponse, status: number, body: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, {
    'content-type': type,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
}

/**
 * `/healthz`, `/readyz` and `/metrics` of a process that has no API: a worker. As plain as can be, so that a probe says
 * what the process is like and not what a framework is like.
 */
export async function serveProbes(options: ProbesOptions): Promise<{ port: number; close(): Promise<void> }> {
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'GET' && request.method !== 'HEAD') return send(response, 405, 'method not allowed\n');
    switch (request.url?.split('?')[0]) {
      case '/healthz':
        return send(response, 200, 'ok\n');
      case '/readyz': {
        const { ready, checks } = await options.ready();
        return send(response, ready ? 200 : 503, JSON.stringify({ ready, checks }), 'application/json');
      }
      case '/metrics': {
        if (options.mayReadMetrics?.(request.headers.authorization) === false) {
          response.setHeader('www-authenticate', 'Bearer');
          return send(response, 401, 'a token is needed\n');
        }
        return send(response, 200, await options.metrics.render(), options.metrics.contentType);
      }
      default:
        return send(response, 404, 'not found\n');
    }
  }

  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000 }, (request, response) => {
    answer(request, response).catch(() => {
      if (!response.headersSent) send(response, 500, 'failed\n');
    });
  });
  server.listen(options.port, options.host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
