import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { generate } from 'selfsigned';
import { afterEach, describe, expect, it } from 'vitest';
import { TurnupError } from '../../../src/errors/index.ts';
import { createHttpClient, type HttpClient, type HttpSettings } from '../../../src/http-client/index.ts';
import { createHooks } from './hooks.ts';

const SECRET = 'Zx9-kq!vB72mm';

const cleanups: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean();
});

async function listen(server: Server | HttpServer): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => {
    if ('closeAllConnections' in server) server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A server that does with each connection what it is told, once bytes have arrived. */
async function tcp(onData: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', () => onData(socket));
  });
  cleanups.push(() => sockets.forEach((socket) => socket.destroy()));
  return listen(server);
}

function client(url: string, more: Partial<HttpSettings> = {}, maxResponseBytes?: number): HttpClient {
  const made = createHttpClient(
    {
      url,
      tls: { verify: true },
      concurrency: 2,
      timeouts: { connectMs: 1000, readMs: 2000, writeMs: 2000 },
      ...more,
    },
    maxResponseBytes === undefined ? {} : { maxResponseBytes },
  );
  cleanups.push(() => made.close());
  return made;
}

const write = {
  method: 'POST',
  path: '/api/things/?email=a%40b.cc',
  headers: {},
  body: `{"password":"${SECRET}"}`,
  write: true,
};
const read = {
  method: 'GET',
  path: '/api/things/?email=a%40b.cc',
  headers: { authorization: `Bearer ${SECRET}` },
  write: false,
};

async function failure(promise: Promise<unknown>): Promise<TurnupError> {
  const error: unknown = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(TurnupError);
  const known = error as TurnupError;
  // I8: what an error says is journaled and shown.
  expect(`${known.message} ${known.stack} ${String(known.cause)} ${JSON.stringify(known)}`).not.toContain(SECRET);
  return known;
}

describe('an answer', () => {
  it('comes with status, headers and text, and is recorded without its query', async () => {
    const seen: { agent: string | undefined; body: string }[] = [];
    const port = await listen(
      createServer((request, response) => {
        let body = '';
        request.on('data', (chunk) => (body += String(chunk)));
        request.on('end', () => {
          seen.push({ agent: request.headers['user-agent'], body });
          response.writeHead(201, { location: '/api/things/7' }).end('grüß');
        });
      }),
    );
    const hooks = createHooks();
    const answer = await client(`http://127.0.0.1:${port}`).request({ ...write, hooks });
    expect(answer).toMatchObject({ status: 201, text: 'grüß', headers: { location: '/api/things/7' } });
    expect(seen).toEqual([{ agent: expect.stringMatching(/^turnup\/\d/), body: write.body }]);
    expect(hooks.asked).toEqual([true]);
    expect(hooks.calls).toEqual([
      { method: 'POST', object: '/api/things/', status: 201, outcome: 'ok', durationMs: expect.any(Number) },
    ]);
  });

  it('of the base path of the target is asked beneath it', async () => {
    const paths: (string | undefined)[] = [];
    const port = await listen(
      createServer((request, response) => {
        paths.push(request.url);
        response.end();
      }),
    );
    await client(`http://127.0.0.1:${port}/ngcp/`).request({ ...read, hooks: createHooks() });
    expect(paths).toEqual(['/ngcp/api/things/?email=a%40b.cc']);
  });

  it('that redirects is handed back, not followed', async () => {
    const paths: (string | undefined)[] = [];
    const port = await listen(
      createServer((request, response) => {
        paths.push(request.url);
        response.writeHead(301, { location: '/elsewhere/' }).end('<html></html>');
      }),
    );
    const hooks = createHooks();
    const answer = await client(`http://127.0.0.1:${port}`).request({ ...read, hooks });
    expect(answer.status).toBe(301);
    expect(paths).toHaveLength(1);
    expect(hooks.calls[0]?.outcome).toBe('refused');
  });

  it('comes over a connection of the pool', async () => {
    const server = createServer((_request, response) => response.end('{}'));
    let connections = 0;
    server.on('connection', () => connections++);
    const http = client(`http://127.0.0.1:${await listen(server)}`);
    for (let i = 0; i < 10; i++) await http.request({ ...read, hooks: createHooks() });
    expect(connections).toBeLessThanOrEqual(2);
  });

  it('larger than the limit is given up', async () => {
    const port = await listen(createServer((_request, response) => response.end('x'.repeat(100_000))));
    const http = client(`http://127.0.0.1:${port}`, {}, 10_000);
    expect(await failure(http.request({ ...read, hooks: createHooks() }))).toMatchObject({
      code: 'TURNUP_TARGET_FAILED',
      detail: expect.stringContaining('larger than the limit'),
    });
    expect(await failure(http.request({ ...write, hooks: createHooks() }))).toMatchObject({
      code: 'TURNUP_OUTCOME_UNKNOWN',
    });
  });
});

describe('no answer', () => {
  it('from a closed port is an outage', async () => {
    const server = createTcpServer();
    const port = await listen(server);
    server.close();
    const hooks = createHooks();
    const error = await failure(client(`http://127.0.0.1:${port}`).request({ ...write, hooks }));
    expect(error).toMatchObject({ code: 'TURNUP_TARGET_UNREACHABLE', class: 'outage' });
    expect(error.detail).toContain('connection refused');
    expect(error.detail).not.toContain('a%40b.cc');
    expect(hooks.calls).toMatchObject([{ status: null, outcome: 'failed' }]);
  });

  it('from an unknown host name is an outage', async () => {
    const error = await failure(client('http://nowhere.invalid').request({ ...read, hooks: createHooks() }));
    expect(error.code).toBe('TURNUP_TARGET_UNREACHABLE');
  });

  it('after a reset is unknown for a write and transient for a read', async () => {
    const port = await tcp((socket) => socket.resetAndDestroy());
    const hooks = createHooks();
    const http = client(`http://127.0.0.1:${port}`);
    expect(await failure(http.request({ ...write, hooks }))).toMatchObject({
      code: 'TURNUP_OUTCOME_UNKNOWN',
      class: 'ambiguous',
    });
    expect(await failure(http.request({ ...read, hooks }))).toMatchObject({
      code: 'TURNUP_TARGET_FAILED',
      class: 'transient',
    });
    expect(hooks.calls.map(({ outcome }) => outcome)).toEqual(['unknown', 'failed']);
  });

  it('because the connection closes in the middle of one is unknown for a write', async () => {
    const port = await tcp((socket) => socket.end('HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n{"id"'));
    const error = await failure(client(`http://127.0.0.1:${port}`).request({ ...write, hooks: createHooks() }));
    expect(error.code).toBe('TURNUP_OUTCOME_UNKNOWN');
  });

  it('in time is unknown for a write and transient for a read', async () => {
    const port = await tcp(() => {});
    const http = client(`http://127.0.0.1:${port}`, { timeouts: { connectMs: 1000, readMs: 60, writeMs: 120 } });
    const hooks = createHooks();
    expect(await failure(http.request({ ...write, hooks }))).toMatchObject({ code: 'TURNUP_OUTCOME_UNKNOWN' });
    expect(await failure(http.request({ ...read, hooks }))).toMatchObject({ code: 'TURNUP_TARGET_FAILED' });
    expect(hooks.calls[0]?.durationMs).toBeGreaterThan(100);
  });

  it('also when bytes keep trickling in', async () => {
    const port = await tcp((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n');
      const timer = setInterval(() => socket.write('x'), 10);
      socket.on('close', () => clearInterval(timer));
    });
    const http = client(`http://127.0.0.1:${port}`, { timeouts: { connectMs: 1000, readMs: 100, writeMs: 100 } });
    expect(await failure(http.request({ ...write, hooks: createHooks() }))).toMatchObject({
      code: 'TURNUP_OUTCOME_UNKNOWN',
    });
  });

  it('while it waits for a free connection is known not to have been sent', async () => {
    let requests = 0;
    const port = await tcp(() => requests++);
    const http = client(`http://127.0.0.1:${port}`, {
      concurrency: 1,
      timeouts: { connectMs: 1000, readMs: 300, writeMs: 100 },
    });
    const first = failure(http.request({ ...read, hooks: createHooks() }));
    const hooks = createHooks();
    const error = await failure(http.request({ ...write, hooks }));
    expect(error).toMatchObject({ code: 'TURNUP_TARGET_FAILED', class: 'transient' });
    expect(error.detail).toContain('was not sent');
    expect(hooks.calls).toMatchObject([{ outcome: 'failed' }]);
    await first;
    expect(requests).toBe(1);
  });
});

describe('hooks', () => {
  it('decide before anything is sent', async () => {
    let requests = 0;
    const port = await listen(
      createServer((_request, response) => {
        requests++;
        response.end();
      }),
    );
    const refusal = new TurnupError('TURNUP_SUPERSEDED');
    const hooks = createHooks(() => Promise.reject(refusal));
    await expect(client(`http://127.0.0.1:${port}`).request({ ...write, hooks })).rejects.toBe(refusal);
    expect(requests).toBe(0);
    expect(hooks.calls).toEqual([]);
  });

  it('I7 an aborted attempt ends its call', async () => {
    const hooks = createHooks();
    const port = await tcp(() => hooks.abort(new Error('lock lost')));
    const error = await failure(client(`http://127.0.0.1:${port}`).request({ ...write, hooks }));
    expect(error.code).toBe('TURNUP_LEASE_LOST');
    expect(hooks.calls).toMatchObject([{ outcome: 'unknown' }]);
  });

  it('I7 an attempt that is aborted already sends nothing', async () => {
    let requests = 0;
    const port = await listen(
      createServer((_request, response) => {
        requests++;
        response.end();
      }),
    );
    const hooks = createHooks();
    hooks.abort(new Error('lock lost'));
    expect(await failure(client(`http://127.0.0.1:${port}`).request({ ...write, hooks }))).toMatchObject({
      code: 'TURNUP_LEASE_LOST',
    });
    expect(requests).toBe(0);
  });
});

describe('TLS', () => {
  async function https(options: { requestCert?: boolean; ca?: string } = {}) {
    const pems = await generate([{ name: 'commonName', value: 'localhost' }], {
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
    });
    const server = createHttpsServer(
      { key: pems.private, cert: pems.cert, rejectUnauthorized: false, ...options },
      (request, response) => {
        const { subject } = (request.socket as TLSSocket).getPeerCertificate();
        response.end(String(subject?.CN ?? 'nobody'));
      },
    );
    return { port: await listen(server), cert: pems.cert };
  }

  it('refuses a certificate nobody vouches for, as an outage', async () => {
    const { port } = await https();
    const error = await failure(client(`https://localhost:${port}`).request({ ...write, hooks: createHooks() }));
    expect(error).toMatchObject({ code: 'TURNUP_TARGET_UNREACHABLE', class: 'outage' });
    expect(error.detail).toContain('self-signed');
  });

  it('takes it with its CA as text or file, or when told not to look', async () => {
    const { port, cert } = await https();
    const folder = await mkdtemp(join(tmpdir(), 'turnup-tls-'));
    cleanups.push(() => rm(folder, { recursive: true }));
    const file = join(folder, 'ca.pem');
    await writeFile(file, cert);
    for (const tls of [{ ca: cert, verify: true }, { ca: file, verify: true }, { verify: false }]) {
      const answer = await client(`https://localhost:${port}`, { tls }).request({ ...read, hooks: createHooks() });
      expect(answer.status).toBe(200);
    }
  });

  it('shows the client certificate', async () => {
    const mine = await generate([{ name: 'commonName', value: 'turnup' }]);
    const { port } = await https({ requestCert: true });
    const tls = { cert: mine.cert, key: mine.private, verify: false };
    const answer = await client(`https://localhost:${port}`, { tls }).request({ ...read, hooks: createHooks() });
    expect(answer.text).toBe('turnup');
  });

  it('names a file that cannot be read', () => {
    expect(() => client('https://localhost:1', { tls: { ca: '/nowhere/ca.pem', verify: true } })).toThrow(
      /tls\.ca: .*ENOENT/,
    );
  });
});
