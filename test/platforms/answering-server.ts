import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';

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

const closers: (() => Promise<void>)[] = [];

/** Done when the tests of a file are. */
export const whenOver = (close: () => Promise<void>): void => void closers.push(close);

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
