import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORDS, startTestApi, type TestApi } from '../api/harness.ts';
import { startRedis, useRedis } from '../setup/redis.ts';
import { createVisitor, formToken, logIn, tryLogin } from './login-helper.ts';

const redis = useRedis();
let api: TestApi;

beforeAll(async () => {
  api = await startTestApi({ redis });
});
afterAll(async () => {
  await api?.close();
});

describe('the door of the dashboard', () => {
  test.each(['/board', '/board/', '/board/queue/orders', '/board/orders/018f6d2e-0000-7000-8000-000000000000'])(
    '%s leads a stranger to the login and back',
    async (path) => {
      const response = await createVisitor(api).get(path);
      expect(response.status).toBe(303);
      expect(response.headers.get('location')).toBe(`/board/login?next=${encodeURIComponent(path)}`);
    },
  );

  test.each(['/board/api/queues', '/board/static/js/nothing.js', '/board/api/redis/stats'])(
    '%s is a 401 for a stranger, whatever token it has',
    async (path) => {
      const headers = { accept: 'application/json', authorization: 'Bearer adam-token-0123456789' };
      const response = await createVisitor(api).get(path, headers);
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ code: 'TURNUP_UNAUTHENTICATED' });
    },
  );

  test('sets a cookie no script can read and no other site can use, and shows the board', async () => {
    const visitor = createVisitor(api);
    const response = await tryLogin(visitor, 'olga', PASSWORDS.olga, '/board/queue/orders');
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/board/queue/orders');
    const cookie = response.headers.getSetCookie().join();
    expect(cookie).toMatch(/^turnup_session=/);
    for (const flag of ['HttpOnly', 'SameSite=Strict', 'Path=/board']) expect(cookie).toContain(flag);
    expect(cookie).not.toContain('Secure');
    expect(cookie).not.toContain('olga');
    expect((await visitor.get('/board')).status).toBe(200);
  });

  test('sets a Secure cookie where the outside is HTTPS', async () => {
    const secure = await startTestApi({ redis, publicUrl: 'https://turnup.example.com' });
    try {
      const response = await createVisitor(secure).get('/board/login');
      expect(response.headers.getSetCookie().join()).toContain('Secure');
    } finally {
      await secure.close();
    }
  });

  test('refuses a wrong password and an unknown name alike, without the password in the page', async () => {
    const pages = [];
    for (const [name, password] of [
      ['olga', 'wrong-password'],
      ['nobody', PASSWORDS.olga],
      ['olga', PASSWORDS.adam],
    ] as const) {
      const response = await tryLogin(createVisitor(api), name, password);
      expect(response.status).toBe(401);
      const page = await response.text();
      expect(page).not.toContain(password);
      pages.push(page.replaceAll(/value="[^"]*"/g, ''));
    }
    expect(new Set(pages).size).toBe(1);
  });

  test('what a stranger types is shown as text only', async () => {
    const response = await tryLogin(createVisitor(api), '"><script>alert(1)</script>', 'x');
    const page = await response.text();
    expect(page).not.toContain('<script');
    expect(page).toContain('&quot;&gt;&lt;script&gt;');
  });

  test.each([
    'https://evil.example.com',
    '//evil.example.com',
    '/board//evil',
    '/boarding',
    '/board\\evil',
    '/v1/orders',
  ])('does not send anybody to %s after login', async (next) => {
    const response = await tryLogin(createVisitor(api), 'olga', PASSWORDS.olga, next);
    expect(response.headers.get('location')).toBe('/board');
  });

  test('a name is tried ten times, then it waits, also from elsewhere and with the right password', async () => {
    const visitor = createVisitor(api);
    for (let at = 0; at < 10; at += 1) expect((await tryLogin(visitor, 'vera', 'wrong')).status).toBe(401);
    const refused = await tryLogin(createVisitor(api), 'vera', PASSWORDS.vera);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await tryLogin(createVisitor(api), 'olga', PASSWORDS.olga)).status).toBe(303);
    const keys = await redis.client().keys('*login*');
    expect(keys.length).toBeGreaterThan(0);
    expect(keys.join()).not.toContain('vera');
  });

  test('tries are counted also while Redis is away, and nobody is let in then', async () => {
    const server = await startRedis();
    const alone = await startTestApi({ redis: server });
    try {
      await server.kill();
      const visitor = createVisitor(alone);
      for (let at = 0; at < 10; at += 1) expect((await tryLogin(visitor, 'vera', 'wrong')).status).toBe(401);
      expect((await tryLogin(visitor, 'vera', PASSWORDS.vera)).status).toBe(429);
      const other = createVisitor(alone);
      expect((await tryLogin(other, 'olga', PASSWORDS.olga)).status).toBe(303);
      expect((await other.get('/board')).status).toBe(503);
    } finally {
      await alone.close();
      await server.stop();
    }
  });

  test('an address is tried fifty times, whatever names it uses, also all at once', async () => {
    const visitor = createVisitor(api);
    const csrf = await formToken(await visitor.get('/board/login'));
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, at) =>
        visitor.send('POST', '/board/login', new URLSearchParams({ csrf, name: `n${at}`, password: 'x' })),
      ),
    );
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(50);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(10);
  });
});

describe('forged requests', () => {
  const login = async (headers: Record<string, string>) => {
    const visitor = createVisitor(api);
    const csrf = await formToken(await visitor.get('/board/login'));
    const form = new URLSearchParams({ csrf, name: 'olga', password: PASSWORDS.olga });
    return visitor.send('POST', '/board/login', form, headers);
  };

  test.each([
    ['of another site', { 'sec-fetch-site': 'cross-site' }],
    ['of a sibling site', { 'sec-fetch-site': 'same-site' }],
    ['of a bookmark', { 'sec-fetch-site': 'none' }],
    ['with another origin', { origin: 'https://evil.example.com' }],
    ['with an origin that is none', { origin: 'null' }],
  ])('a login %s is refused', async (_name, headers) => {
    expect((await login(headers)).status).toBe(403);
  });

  test('a login without the token of its page is refused', async () => {
    const visitor = createVisitor(api);
    await visitor.get('/board/login');
    for (const csrf of ['', 'x'.repeat(32)]) {
      const form = new URLSearchParams({ csrf, name: 'olga', password: PASSWORDS.olga });
      expect((await visitor.send('POST', '/board/login', form)).status).toBe(403);
    }
    const stranger = createVisitor(api);
    const csrf = await formToken(await visitor.get('/board/login'));
    const form = new URLSearchParams({ csrf, name: 'olga', password: PASSWORDS.olga });
    expect((await stranger.send('POST', '/board/login', form)).status).toBe(403);
  });

  test('what changes something needs the right origin also with a session', async () => {
    const visitor = await logIn(api, 'adam');
    const path = '/board/api/queues/orders/pause';
    const forged: Record<string, string>[] = [{ 'sec-fetch-site': 'cross-site' }, { origin: 'http://127.0.0.1:1' }];
    for (const headers of forged) {
      const response = await visitor.send('PUT', path, undefined, headers);
      expect(response.status).toBe(403);
    }
    const bare = await fetch(api.url + path, { method: 'PUT', headers: { cookie: visitor.cookie } });
    expect(bare.status).toBe(403);
    expect(await redis.client().hget('{turnup}:orders:meta', 'paused')).toBeNull();
  });
});

describe('a session', () => {
  test('ends with a logout, also for who kept a copy of the cookie', async () => {
    const visitor = await logIn(api, 'olga');
    const copy = visitor.cookie;
    const csrf = await formToken(await visitor.get('/board/logout'));
    expect((await visitor.send('POST', '/board/logout', new URLSearchParams({ csrf: 'no' }))).status).toBe(403);
    const response = await visitor.send('POST', '/board/logout', new URLSearchParams({ csrf }));
    expect(response.status).toBe(303);
    expect(response.headers.getSetCookie().join()).toContain('Max-Age=0');
    visitor.cookie = copy;
    expect((await visitor.get('/board')).status).toBe(303);
  });

  test('gets a new token at login', async () => {
    const visitor = createVisitor(api);
    const before = await formToken(await visitor.get('/board/login'));
    await visitor.send(
      'POST',
      '/board/login',
      new URLSearchParams({ csrf: before, name: 'olga', password: PASSWORDS.olga }),
    );
    const after = await formToken(await visitor.get('/board/logout'));
    expect(after).not.toBe('');
    expect(after).not.toBe(before);
  });

  test('that was altered is none', async () => {
    const visitor = await logIn(api, 'olga');
    visitor.cookie = visitor.cookie.replace(/.{8}$/, 'AAAAAAAA');
    expect((await visitor.get('/board')).status).toBe(303);
  });

  test.each([
    ['password', (text: string) => text.replace('olga-password', 'another-password')],
    ['role', (text: string) => text.replace('role: operator', 'role: viewer')],
    ['name', (text: string) => text.replace('name: olga', 'name: olivia')],
  ])('ends when the %s is changed, and not otherwise', async (_name, edit) => {
    const visitor = await logIn(api, 'olga');
    const same = await startTestApi({ redis });
    const changed = await startTestApi({ redis, edit });
    try {
      const again = createVisitor(same);
      again.cookie = visitor.cookie;
      expect((await again.get('/board')).status).toBe(200);
      const later = createVisitor(changed);
      later.cookie = visitor.cookie;
      expect((await later.get('/board')).status).toBe(303);
    } finally {
      await Promise.all([same.close(), changed.close()]);
    }
  });
});
