import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect } from 'vitest';
import { TurnupError } from '../../../src/errors/index.ts';
import type { CallHooks, CallRecord, TargetSettings } from '../../../src/platforms/port.ts';
import { sippulse } from '../../../src/platforms/sippulse/index.ts';
import type { SippulseSettings } from '../../../src/platforms/sippulse/settings.ts';
import type { SippulseClient } from '../../../src/platforms/sippulse/types.ts';
import { settings } from './fixture.ts';

export interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  readonly body: string;
}

export interface Answer {
  readonly status?: number;
  readonly body: string;
  readonly type?: string;
  readonly headers?: { readonly [name: string]: string };
}

const NAMESPACE = 'http://service.ws.sippulse.voffice.com.br/';

export const envelope = (inside: string): string =>
  `<?xml version='1.0' encoding='UTF-8'?><S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body>${inside}</S:Body></S:Envelope>`;

export const response = (operation: string, inside = ''): Answer => ({
  body: envelope(`<ns2:${operation}Response xmlns:ns2="${NAMESPACE}">${inside}</ns2:${operation}Response>`),
});

/** As JAX-WS writes a fault of these services (sippulse.md, "Wire facts"). */
export const fault = (text: string, code = 'S:Server', status = 500): Answer => ({
  status,
  body: envelope(
    `<S:Fault xmlns:ns4="http://www.w3.org/2003/05/soap-envelope"><faultcode>${code}</faultcode><faultstring>${text}</faultstring>` +
      `<detail><ns2:WSException xmlns:ns2="${NAMESPACE}"><faultMessage>${text}</faultMessage></ns2:WSException></detail></S:Fault>`,
  ),
});

const closers: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closers.toReversed()) await close();
});

/** A server that keeps what it was sent and answers as it is told. */
export async function createServerOf(answer: (sent: Sent) => Answer | Promise<Answer>) {
  const sent: Sent[] = [];
  const server = createServer((request, reply) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const one = { method, url, headers, body: Buffer.concat(chunks).toString('utf8') };
      sent.push(one);
      void Promise.resolve(answer(one)).then(
        ({ status = 200, body, type = 'text/xml;charset=utf-8', headers: more }) => {
          reply.writeHead(status, { 'content-type': type, ...more });
          reply.end(body);
        },
      );
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closers.push(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
  return { sent, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

export const operationOf = ({ body }: Sent): string => /Body>\s*<(?:\w+:)?(\w+)/.exec(body)?.[1] ?? '';

/** The fault of a runtime that broke down: it has no `WSException`. */
export const breakdown: Answer = {
  status: 500,
  body: envelope('<S:Fault><faultcode>S:Server</faultcode><faultstring>Internal error</faultstring></S:Fault>'),
};

/** What another server answers to the same. */
export async function forwarded(url: string, { method, url: path, body }: Sent): Promise<Answer> {
  const reply = await fetch(`${url}${path}`, {
    method,
    ...(method === 'POST' && { body, headers: { 'content-type': 'text/xml;charset=utf-8', soapaction: '""' } }),
  });
  return { status: reply.status, body: await reply.text(), type: reply.headers.get('content-type') ?? 'text/xml' };
}

/** A server that stands in front of another, and answers some calls itself. */
export const createFrontOf = (url: string, own: (sent: Sent) => Answer | Promise<Answer> | null) =>
  createServerOf((sent) => own(sent) ?? forwarded(url, sent));

export interface Bound {
  readonly client: SippulseClient;
  readonly calls: CallRecord[];
}

/** A client as a step gets it. */
export function bound(url: string, more: Partial<TargetSettings<SippulseSettings>> = {}, hooks = {}): Bound {
  const connection = sippulse.connect(
    { ...settings(url), ...more },
    {
      get: async () => null,
      forget: async () => {},
    },
  );
  closers.push(() => connection.close());
  const calls: CallRecord[] = [];
  const all: CallHooks = {
    signal: new AbortController().signal,
    beforeCall: async () => {},
    afterCall: (call) => calls.push(call),
    ...hooks,
  };
  return { client: connection.bind(all), calls };
}

export async function failure(work: Promise<unknown>): Promise<TurnupError> {
  const error: unknown = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(TurnupError);
  return error as TurnupError;
}
