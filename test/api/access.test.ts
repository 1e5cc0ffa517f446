import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { useRedis } from '../setup/redis.ts';
import { call, sampleOrder, startTestApi, storedKeys, TOKENS, type TestApi } from './harness.ts';

const redis = useRedis();
let api: TestApi;

beforeAll(async () => {
  api = await startTestApi({ redis, more: 'metrics: { token: metrics-token-0123456789 }' });
});
afterAll(async () => {
  await api?.close();
});

describe('who may call', () => {
  test.each([
    ['none', {}],
    ['an unknown token', { authorization: 'Bearer nobody-token-0123456789' }],
    ['a token that is cut short', { authorization: `Bearer ${TOKENS.crm.slice(0, -1)}` }],
    ['another scheme', { authorization: `Basic ${TOKENS.crm}` }],
    ['an empty token', { authorization: 'Bearer ' }],
    ['a huge token', { authorization: `Bearer ${'x'.repeat(5000)}` }],
  ])('%s: 401, and nothing is stored', async (_name, headers) => {
    for (const options of [{ headers }, { headers, body: sampleOrder() }]) {
      const answer = await call(api, '/v1/orders', { token: null, ...options });
      expect(answer).toMatchObject({ status: 401, body: { code: 'TURNUP_UNAUTHENTICATED', status: 401 } });
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
    }
    expect(await storedKeys(redis)).toEqual([]);
  });

  test('an operator is known by its token too, and a password is no token', async () => {
    expect((await call(api, '/v1/orders', { token: 'vera' })).status).toBe(200);
    const answer = await call(api, '/v1/orders', { token: null, headers: { authorization: 'Bearer vera-password' } });
    expect(answer.status).toBe(401);
  });

  test('a client that asks too often is told to wait, and the others are not', async () => {
    const slow = await startTestApi({ redis, more: 'limits: { requestsPerMinute: 3 }' });
    try {
      const answers = [];
      for (let at = 0; at < 4; at += 1) answers.push(await call(slow, '/v1/orders'));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
      expect(answers[3]?.body.code).toBe('TURNUP_RATE_LIMITED');
      expect(Number(answers[3]?.headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await call(slow, '/v1/orders', { token: 'shop' })).status).toBe(200);
    } finally {
      await slow.close();
    }
  });
});

describe('every answer', () => {
  test('an unknown path is a 404 problem with all its members', async () => {
    const answer = await call(api, '/v1/nothing?secret=1', { headers: { 'x-request-id': 'abc-1' } });
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body).toEqual({
      type: 'urn:turnup:problem:TURNUP_NOT_FOUND',
      title: expect.any(String),
      status: 404,
      code: 'TURNUP_NOT_FOUND',
      detail: expect.any(String),
      hint: expect.any(String),
      instance: '/v1/nothing',
      requestId: 'abc-1',
    });
  });

  test.each([
    ['DELETE', '/v1/orders', 'GET, HEAD, OPTIONS, POST'],
    ['PUT', '/v1/orders/018f6d2e-0000-7000-8000-000000000000', 'GET, HEAD, OPTIONS, PATCH'],
    ['POST', '/healthz', 'GET, HEAD, OPTIONS'],
    ['GET', '/v1/orders/018f6d2e-0000-7000-8000-000000000000/retry', 'OPTIONS, POST'],
  ])('%s %s is a 405 that says what is allowed', async (method, path, allow) => {
    const answer = await call(api, path, { method });
    expect(answer).toMatchObject({ status: 405, body: { code: 'TURNUP_METHOD_NOT_ALLOWED' } });
    expect(answer.headers.get('allow')).toBe(allow);
  });

  test('a path that cannot be decoded is a 400, not a crash', async () => {
    const answer = await call(api, '/v1/orders/%E0%A4%A');
    expect(answer).toMatchObject({ status: 400, body: { code: 'TURNUP_MALFORMED_REQUEST' } });
  });

  test('carries a request id of its own unless the caller gave a harmless one', async () => {
    const own = await call(api, '/healthz', { headers: { 'x-request-id': 'bad id <script>' } });
    expect(own.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    const given = await call(api, '/healthz', { headers: { 'x-request-id': 'mine.1' } });
    expect(given.headers.get('x-request-id')).toBe('mine.1');
  });

  test('forbids a browser everything and does not name its maker', async () => {
    const { headers } = await call(api, '/v1/orders');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  test('leaves a line in the log, without its query or token', async () => {
    api.logged.length = 0;
    await call(api, '/v1/orders?customer=C-private');
    await expect.poll(() => api.logged.length).toBeGreaterThan(0);
    const line = JSON.parse(api.logged.find((text) => text.includes('/v1/orders')) ?? '{}');
    expect(line).toMatchObject({ method: 'GET', path: '/v1/orders', status: 200, by: 'client:crm', msg: 'request' });
    expect(api.logged.join('')).not.toContain('C-private');
    expect(api.logged.join('')).not.toContain(TOKENS.crm);
  });
});

describe('health, metrics and documentation', () => {
  test('is alive, and ready only with a worker', async () => {
    expect(await call(api, '/healthz', { token: null })).toMatchObject({ status: 200, body: { status: 'ok' } });
    const without = await call(api, '/readyz', { token: null });
    expect(without).toMatchObject({ status: 503, body: { status: 'notReady' } });
    await redis.client().zadd('{turnup}:t:workers', Date.now(), 'w1');
    const ready = await call(api, '/readyz', { token: null });
    expect(ready).toMatchObject({ status: 200, body: { status: 'ready' } });
    const targets = (answer: typeof ready) =>
      (answer.body as { checks: { name: string }[] }).checks.find(({ name }) => name === 'targets');
    expect(targets(ready)).toEqual({ name: 'targets', ok: true, detail: 'all breakers are closed' });
    await call(api, '/v1/targets/lab/breaker', { body: { state: 'open', reason: 'maintenance' }, token: 'olga' });
    const parked = await call(api, '/readyz', { token: null });
    expect(parked.status).toBe(200);
    expect(targets(parked)).toEqual({ name: 'targets', ok: true, detail: 'the breakers of 1 of 2 are not closed' });
    await call(api, '/v1/targets/lab/breaker', { body: { state: 'closed', reason: 'all is well' }, token: 'olga' });
    await redis.client().zadd('{turnup}:t:workers', Date.now() - 3_600_000, 'w1');
    expect((await call(api, '/readyz', { token: null })).status).toBe(503);
  });

  test('shows metrics to who has the token, with what the store holds', async () => {
    await call(api, '/v1/orders', { body: sampleOrder() });
    expect((await call(api, '/metrics', { token: null })).status).toBe(401);
    expect((await call(api, '/metrics')).status).toBe(401);
    const headers = { authorization: 'Bearer metrics-token-0123456789' };
    const page = await call(api, '/metrics', { token: null, headers });
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toContain('text/plain');
    expect(page.body).toContain('turnup_orders{target="lab",state="acknowledged"} 1');
    expect(page.body).toContain('turnup_intake_total{client="crm",result="accepted"} 1');
    expect(page.body).toContain('turnup_store_up 1');
    expect(page.body).toMatch(/turnup_queue_jobs\{queue="orders",state="waiting-children"\} 1/);
    expect(page.body).toMatch(
      /turnup_http_request_duration_seconds_count\{method="POST",route="\/v1\/orders",status="2xx"\} 1/,
    );
  });

  test('serves its description and the page that draws it, all from here', async () => {
    const description = await call(api, '/openapi.json', { token: null });
    expect(description).toMatchObject({ status: 200, body: { openapi: expect.stringMatching(/^3\.1/) } });
    const page = await call(api, '/docs', { token: null });
    expect(page.status).toBe(200);
    const links = [...String(page.body).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link!);
    expect(links.filter((link) => !link.startsWith('/') && link !== 'data:,')).toEqual([]);
    for (const link of links.filter((one) => one.startsWith('/docs'))) {
      expect((await call(api, link, { token: null })).status, link).toBe(200);
    }
  });
});
