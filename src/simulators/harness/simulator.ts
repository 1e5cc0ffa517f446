import { randomBytes } from 'node:crypto';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Server as NetServer, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { readBody } from './body.ts';
import { createCallLog, type Call, type CallEntry } from './call-log.ts';
import { loopbackCertificate } from './certificate.ts';
import { handleControl, isControlPath, type Controls } from './control.ts';
import { createFaultInjector } from './fault-injector.ts';
import { parseFaultPlan, type FaultPlan } from './fault-plan.ts';
import { openKeptRequests } from './kept-requests.ts';
import type { SimulatedAnswer, SimulatedPlatform, SimulatedPlatformFactory, SimulatedRequest } from './platform.ts';

/** Newest calls kept for `GET /__calls`. */
const CALLS_KEPT = 200_000;
/** Bytes; far above what any platform is sent in earnest. */
const BODY_LIMIT = 8 * 1024 * 1024;
/** Longer than any client keeps an idle connection, so that the client is the one who closes it. */
const KEEP_ALIVE_MS = 120_000;
const NO_FAULTS: FaultPlan = { rules: [] };

export interface SimulatorOptions {
  /** 0 (default) takes a free port. */
  readonly port?: number;
  /** Loopback by default. */
  readonly host?: string;
  /** HTTPS with a self-signed certificate. */
  readonly tls?: boolean;
  readonly faults?: FaultPlan;
  /** A file that keeps what it holds over its end, however it ends. Left out: memory only. */
  readonly data?: string;
  /** Told of every fault of the stand-in itself, which the caller sees as the platform's 500. */
  readonly onError?: (error: unknown) => void;
}

/** A running stand-in. */
export interface Simulator {
  /** `http://127.0.0.1:4711`, no slash at the end. */
  readonly url: string;
  readonly port: number;
  /** PEM of the certificate to trust; null without TLS. */
  readonly certificate: string | null;
  close(): Promise<void>;
  /** Everything the platform holds. */
  state(): unknown;
  /** Oldest first; at most the newest 200,000. */
  calls(): Call[];
  /** Back to the start: fresh data, no calls, the fault plan of the start. */
  reset(): void;
  /** Replaces the fault plan. @throws FaultPlanError */
  setFaults(plan: FaultPlan): void;
}

function requestOf(message: IncomingMessage, body: Buffer, scheme: string): SimulatedRequest {
  const target = message.url ?? '/';
  const mark = target.indexOf('?');
  return {
    method: message.method ?? 'GET',
    path: mark < 0 ? target : target.slice(0, mark),
    query: mark < 0 ? '' : target.slice(mark + 1),
    headers: message.headers,
    body,
    origin: `${scheme}://${message.headers.host ?? 'localhost'}`,
    at: Date.now(),
  };
}

function send(response: ServerResponse, what: SimulatedAnswer): void {
  const headers: string[] = [];
  let hasLength = what.status === 204 || what.status === 304;
  for (const [name, value] of Object.entries(what.headers)) {
    if (name === 'content-length') hasLength = true;
    headers.push(name, value);
  }
  if (!hasLength) headers.push('content-length', String(Buffer.byteLength(what.body)));
  response.writeHead(what.status, headers);
  response.end(what.body);
}

function mayChange(platform: SimulatedPlatform, request: SimulatedRequest, done: SimulatedAnswer): boolean {
  return platform.changes?.(request, done) ?? (request.method !== 'GET' && done.status < 300);
}

/** Unless the client is gone. */
function answer(response: ServerResponse, entry: CallEntry, what: SimulatedAnswer): void {
  if (response.destroyed) return;
  entry.status = what.status;
  send(response, what);
}

/**
 * Starts a stand-in on its own port with fresh data.
 * @throws FaultPlanError when `faults` is not valid; the error of `listen` when the port is taken.
 */
export async function runSimulator(
  createPlatform: SimulatedPlatformFactory,
  options: SimulatorOptions = {},
): Promise<Simulator> {
  const startPlan = options.faults === undefined ? NO_FAULTS : parseFaultPlan(options.faults);
  const kept = options.data === undefined ? null : openKeptRequests(options.data);
  const platform = createPlatform(kept?.secret ?? randomBytes(32));
  for (const request of kept?.requests ?? []) await platform.handle(request);
  const calls = createCallLog(CALLS_KEPT);
  const scheme = options.tls ? 'https' : 'http';
  const closing = new AbortController();
  // A TLS socket cannot be reset; the raw one beneath it can, and its remote port tells which one that is.
  const rawSockets = new Map<number, Socket>();
  let injector = createFaultInjector(startPlan);

  const controls: Controls = {
    state: () => platform.state(),
    calls: () => calls.list(),
    setFaults: (plan) => {
      injector = createFaultInjector(plan);
    },
    reset: () => {
      platform.reset();
      kept?.clear();
      calls.clear();
      injector = createFaultInjector(startPlan);
    },
  };

  async function work(request: SimulatedRequest): Promise<SimulatedAnswer> {
    try {
      const done = await platform.handle(request);
      if (kept && mayChange(platform, request, done)) kept.keep(request);
      return done;
    } catch (error) {
      options.onError?.(error);
      return platform.refusal(500);
    }
  }

  async function pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: closing.signal }).catch(() => undefined);
  }

  async function serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const { socket } = message;
    const reading = await readBody(message, BODY_LIMIT);
    if (reading === 'cutOff') return;
    const request = requestOf(message, reading === 'tooLarge' ? Buffer.alloc(0) : reading.body, scheme);
    if (isControlPath(request.path) && reading !== 'tooLarge') {
      send(response, handleControl(request, controls));
      return;
    }
    const operation = platform.operation(request);
    const entry = calls.begin(request.method, request.path, operation);
    if (reading === 'tooLarge') {
      const refusal = platform.refusal(413);
      answer(response, entry, { ...refusal, headers: { ...refusal.headers, connection: 'close' } });
      return;
    }
    const rule = injector.decide({ method: request.method, path: request.path, operation });
    switch (rule?.fault) {
      case undefined:
        answer(response, entry, await work(request));
        return;
      case 'slow':
        await pause(rule.ms ?? 0);
        answer(response, entry, await work(request));
        return;
      case 'status':
        answer(response, entry, platform.refusal(rule.status ?? 500));
        return;
      case 'dropReply':
        await work(request);
        socket.destroy();
        return;
      case 'dropRequest':
        socket.destroy();
        return;
      case 'stall':
        await pause(rule.ms ?? 0);
        socket.destroy();
        return;
      case 'reset':
        rawSockets.get(socket.remotePort ?? 0)?.resetAndDestroy();
        return;
    }
  }

  const listener = (message: IncomingMessage, response: ServerResponse): void => {
    serve(message, response).catch((error: unknown) => {
      options.onError?.(error);
      message.socket.destroy();
    });
  };
  const certificate = options.tls ? await loopbackCertificate() : null;
  const settings = { keepAliveTimeout: KEEP_ALIVE_MS };
  const server = certificate
    ? createHttpsServer({ ...settings, ...certificate }, listener)
    : createHttpServer(settings, listener);
  (server as NetServer).on('connection', (socket) => {
    const { remotePort } = socket;
    if (remotePort === undefined) return;
    rawSockets.set(remotePort, socket);
    socket.once('close', () => {
      if (rawSockets.get(remotePort) === socket) rawSockets.delete(remotePort);
    });
  });

  const host = options.host ?? '127.0.0.1';
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;
  const shownHost = host.includes(':') ? `[${host}]` : host;

  return {
    url: `${scheme}://${shownHost}:${port}`,
    port,
    certificate: certificate?.cert ?? null,
    state: controls.state,
    calls: () => calls.list(),
    reset: controls.reset,
    setFaults: (plan) => {
      controls.setFaults(parseFaultPlan(plan));
    },
    close: () =>
      new Promise<void>((resolve) => {
        closing.abort();
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
