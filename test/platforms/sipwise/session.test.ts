import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { TurnupError } from '../../../src/errors/index.ts';
import type { Connection, TargetSettings } from '../../../src/platforms/port.ts';
import { connect, type SipwiseClient } from '../../../src/platforms/sipwise/client.ts';
import { createSession } from '../../../src/platforms/sipwise/session.ts';
import type { SipwiseSettings } from '../../../src/platforms/sipwise/settings.ts';
import { createHttpClient } from '../../../src/http-client/index.ts';
import { createHooks } from '../http-client/hooks.ts';

type Answer = { status: number; body?: unknown };

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean();
});

interface Platform {
  readonly connection: Connection<SipwiseClient>;
  readonly url: string;
  /** `METHOD path authorization` of each request. */
  readonly seen: string[];
  readonly logins: () => number;
}

async function platform(
  answer: (request: IncomingMessage, body: string) => Answer | Promise<Answer>,
  more: Partial<TargetSettings<SipwiseSettings>> = {},
): Promise<Platform> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      seen.push(`${request.method} ${request.url?.split('?')[0]} ${request.headers.authorization ?? '-'}`);
      void Promise.resolve(answer(request, body)).then(({ status, body: reply = '' }) =>
        response.writeHead(status).end(typeof reply === 'string' ? reply : JSON.stringify(reply)),
      );
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connection = connect(
    {
      name: 'vienna',
      url,
      auth: { username: 'administrator', password: 'sécret:1' },
      tls: { verify: true },
      concurrency: 8,
      timeouts: { connectMs: 1000, readMs: 2000, writeMs: 2000 },
      areaCodes: [],
      native: { resellerId: 1, authScheme: 'token' },
      ...more,
    },
    { get: async () => null, forget: async () => {} },
  );
  cleanups.push(
    () => server.close(),
    () => connection.close(),
  );
  return { connection, url, seen, logins: () => seen.filter((line) => line.startsWith('POST /login_jwt')).length };
}

const isLogin = (request: IncomingMessage): boolean => request.url === '/login_jwt';
const OK: Answer = { status: 200, body: { total_count: 0 } };
const INVALID_USER: Answer = { status: 403, body: { code: 403, message: 'Invalid user' } };
const BASIC = `Basic ${Buffer.from('administrator:sécret:1').toString('base64')}`;

const get = (target: Platform, hooks = createHooks()) => target.connection.bind(hooks).get('/api/customers/');

async function code(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => new Error('no error'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof TurnupError)) throw error;
  return error.code;
}

describe('token login', () => {
  it('happens once for all calls, and is rated and told', async () => {
    const bodies: string[] = [];
    const target = await platform((request, body) => {
      if (isLogin(request)) bodies.push(body);
      return isLogin(request) ? { status: 200, body: { jwt: 'a.b.c', id: 1 } } : OK;
    });
    const hooks = createHooks();
    await Promise.all([1, 2, 3, 4].map(() => get(target, hooks)));
    expect(target.logins()).toBe(1);
    expect(bodies.map((body) => JSON.parse(body) as unknown)).toEqual([
      { username: 'administrator', password: 'sécret:1' },
    ]);
    expect(target.seen.slice(1)).toEqual(Array.from({ length: 4 }, () => 'GET /api/customers/ Bearer a.b.c'));
    expect(hooks.calls[0]).toMatchObject({ method: 'POST', object: '/login_jwt', status: 200 });
    expect(hooks.asked).toHaveLength(5);
  });

  it('with a wrong password is tried once, however many calls wait for it', async () => {
    const target = await platform((request) =>
      isLogin(request) ? { status: 403, body: { code: 403, message: 'User not found' } } : OK,
    );
    const codes = await Promise.all([1, 2, 3, 4].map(() => code(get(target))));
    expect(new Set(codes)).toEqual(new Set(['TURNUP_TARGET_LOGIN_REFUSED']));
    expect(await code(get(target))).toBe('TURNUP_TARGET_LOGIN_REFUSED');
    expect(target.seen).toHaveLength(1);
  });

  it('is renewed once when the token is no longer taken', async () => {
    let issued = 0;
    const target = await platform((request) => {
      if (isLogin(request)) return { status: 200, body: { jwt: `token${++issued}`, id: 1 } };
      return issued === 1 ? INVALID_USER : OK;
    });
    await get(target);
    expect(target.seen.map((line) => line.split(' ').slice(1).join(' '))).toEqual([
      '/login_jwt -',
      '/api/customers/ Bearer token1',
      '/login_jwt -',
      '/api/customers/ Bearer token2',
    ]);
  });

  it('is renewed once for all calls that met the old token', async () => {
    let issued = 0;
    const target = await platform((request) => {
      if (isLogin(request)) return { status: 200, body: { jwt: `token${++issued}`, id: 1 } };
      return request.headers.authorization === 'Bearer token1' ? INVALID_USER : OK;
    });
    await Promise.all([1, 2, 3, 4].map(() => get(target)));
    expect(target.logins()).toBe(2);
  });

  it('that does not help means that the role may not', async () => {
    const target = await platform((request) =>
      isLogin(request) ? { status: 200, body: { jwt: 'a.b.c', id: 1 } } : INVALID_USER,
    );
    expect(await code(get(target))).toBe('TURNUP_TARGET_FORBIDDEN_BY_ROLE');
    expect(target.logins()).toBe(2);
  });

  it('that is refused when renewed is about the login', async () => {
    let issued = 0;
    const target = await platform((request) => {
      if (!isLogin(request)) return INVALID_USER;
      return issued++ === 0
        ? { status: 200, body: { jwt: 'a.b.c', id: 1 } }
        : { status: 403, body: { code: 403, message: 'Banned' } };
    });
    expect(await code(get(target))).toBe('TURNUP_TARGET_LOGIN_REFUSED');
  });

  it('is not lost to the others when the attempt that began it is stopped', async () => {
    const target = await platform((request) =>
      isLogin(request) ? { status: 200, body: { jwt: 'a.b.c', id: 1 } } : OK,
    );
    const stopped = new TurnupError('TURNUP_SUPERSEDED');
    const first = get(
      target,
      createHooks(() => new Promise((_resolve, reject) => setTimeout(() => reject(stopped), 20))),
    ).catch((error: unknown) => error);
    const second = get(target);
    expect(await first).toBe(stopped);
    expect(await second).toEqual({ total_count: 0 });
  });

  it('goes on for the others when the attempt that began it is aborted', async () => {
    const hooks = createHooks();
    const target = await platform(async (request) => {
      if (!isLogin(request)) return OK;
      hooks.abort(new Error('lock lost'));
      return { status: 200, body: { jwt: 'a.b.c', id: 1 } };
    });
    const first = code(get(target, hooks));
    const second = get(target);
    expect(await first).toBe('TURNUP_LEASE_LOST');
    expect(await second).toEqual({ total_count: 0 });
    expect(target.logins()).toBe(1);
  });

  it('that fails for another reason is no refusal', async () => {
    const answers: Answer[] = [
      { status: 503 },
      { status: 500, body: '<html>' },
      { status: 200, body: { id: 1 } },
      { status: 200, body: { jwt: 'a.b.c' } },
    ];
    const target = await platform((request) => (isLogin(request) ? answers.shift()! : OK));
    expect(await code(get(target))).toBe('TURNUP_TARGET_UNAVAILABLE');
    expect(await code(get(target))).toBe('TURNUP_TARGET_FAILED');
    expect(await code(get(target))).toBe('TURNUP_TARGET_UNEXPECTED');
    expect(await get(target)).toEqual({ total_count: 0 });
  });

  it('is tried again some time after a refusal', async () => {
    const target = await platform(() => ({ status: 403, body: { code: 403, message: 'Banned' } }));
    const http = createHttpClient({
      url: target.url,
      tls: { verify: true },
      concurrency: 1,
      timeouts: { connectMs: 1000, readMs: 1000, writeMs: 1000 },
    });
    cleanups.push(() => http.close());
    const session = createSession({ http, scheme: 'token', username: 'a', password: 'b', refusalMs: 1 });
    expect(await code(session.authorization(createHooks()))).toBe('TURNUP_TARGET_LOGIN_REFUSED');
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await code(session.authorization(createHooks()))).toBe('TURNUP_TARGET_LOGIN_REFUSED');
    expect(target.logins()).toBe(2);
  });
});

describe('basic authentication', () => {
  it.each<[string, Answer]>([
    ['has no token login', { status: 404, body: { code: 404, message: 'Path not found' } }],
    ['has no key for tokens', { status: 500, body: { code: 500, message: 'No JWT key has been configured' } }],
  ])('is used when the target %s', async (_title, refusal) => {
    const target = await platform((request) => (isLogin(request) ? refusal : OK));
    await Promise.all([get(target), get(target)]);
    expect(target.seen).toEqual([
      'POST /login_jwt -',
      `OPTIONS /api/customers/ ${BASIC}`,
      `GET /api/customers/ ${BASIC}`,
      `GET /api/customers/ ${BASIC}`,
    ]);
  });

  it('is used when the settings say so; a wrong password is sent once', async () => {
    const target = await platform(() => ({ status: 401, body: 'Authorization required.' }), {
      native: { resellerId: 1, authScheme: 'basic' },
    });
    const codes = await Promise.all([1, 2, 3, 4].map(() => code(get(target))));
    expect(new Set(codes)).toEqual(new Set(['TURNUP_TARGET_LOGIN_REFUSED']));
    expect(target.seen).toEqual([`OPTIONS /api/customers/ ${BASIC}`]);
  });

  it('that is refused later stops all calls', async () => {
    const target = await platform(
      (request) => (request.method === 'GET' ? { status: 401, body: 'Authorization required.' } : OK),
      {
        native: { resellerId: 1, authScheme: 'basic' },
      },
    );
    expect(await code(get(target))).toBe('TURNUP_TARGET_LOGIN_REFUSED');
    expect(await code(get(target))).toBe('TURNUP_TARGET_LOGIN_REFUSED');
    expect(target.seen).toHaveLength(2);
  });
});

describe('a client certificate', () => {
  it('takes the place of any login', async () => {
    const pem = '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n';
    const target = await platform(() => OK, { tls: { cert: pem, verify: true } });
    await get(target);
    expect(target.seen).toEqual(['GET /api/customers/ -']);
  });
});

describe('answers', () => {
  it('give the id of Location, relative or absolute; without one the outcome is unknown', async () => {
    const locations = ['/api/customers/12', 'https://ngcp.example.com:1443/api/customers/13', ''];
    const server = createServer((request, response) => {
      const location = isLogin(request) ? '' : locations.shift()!;
      response.writeHead(isLogin(request) ? 200 : 201, location ? { location } : {}).end('{"jwt":"a.b.c"}');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    cleanups.push(() => server.close());
    const target = await platform(() => OK, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
    const client = target.connection.bind(createHooks());
    expect(await client.create('customers', {})).toBe(12);
    expect(await client.create('customers', {})).toBe(13);
    expect(await code(client.create('customers', {}))).toBe('TURNUP_OUTCOME_UNKNOWN');
  });

  it('that are no JSON object are not quoted', async () => {
    const target = await platform((request) =>
      isLogin(request) ? { status: 200, body: { jwt: 'a.b.c' } } : { status: 200, body: '["s3cret"' },
    );
    const error = await get(target).then(
      () => null,
      (thrown: unknown) => thrown as Error,
    );
    expect(error).toMatchObject({ code: 'TURNUP_TARGET_UNEXPECTED' });
    expect(error?.message).not.toContain('s3cret');
  });
});
