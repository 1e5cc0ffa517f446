import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from 'vitest';
import { TurnupError } from '../../src/errors/index.ts';
import { startRedis, useRedis, waitFor } from '../setup/redis.ts';
import { call, sampleOrder, startTestApi, storedKeys, TOKENS, type TestApi, type TestApiOptions } from './harness.ts';

const redis = useRedis();
const running: TestApi[] = [];

async function start(options: Partial<TestApiOptions> = {}): Promise<TestApi> {
  const api = await startTestApi({ redis, ...options });
  running.push(api);
  return api;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((api) => api.close()));
});

function open(api: TestApi): Socket {
  const { hostname, port } = new URL(api.url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  return socket;
}

describe('Redis stopped', () => {
  test('I1 an order is answered 503 and not kept; when Redis is back the same order is new', async () => {
    const server = await startRedis({ aof: true });
    try {
      const api = await start({ redis: server });
      const order = sampleOrder();
      await server.kill();
      const answers = await Promise.all([1, 2, 3].map(() => call(api, '/v1/orders', { body: order })));
      for (const answer of answers) {
        expect(answer).toMatchObject({ status: 503, body: { code: 'TURNUP_STORE_UNAVAILABLE' } });
        expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      }
      expect(await call(api, '/readyz', { token: null })).toMatchObject({ status: 503 });
      expect(await call(api, '/healthz', { token: null })).toMatchObject({ status: 200 });
      expect((await call(api, '/v1/orders')).status).toBe(503);
      expect((await call(api, '/v1/targets')).status).toBe(503);
      expect((await call(api, '/metrics', { token: null })).body).toContain('turnup_store_up 0');
      await server.restart();
      await waitFor(async () => (await call(api, '/v1/orders')).status === 200, { what: 'the API has Redis again' });
      expect(await storedKeys(server)).toEqual([]);
      expect((await call(api, '/v1/orders', { body: order })).status).toBe(202);
    } finally {
      await Promise.all(running.splice(0).map((api) => api.close()));
      await server.stop();
    }
  });
});

describe('the server', () => {
  test('listens on loopback by default and says which port it took', async () => {
    const api = await start();
    expect(api.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(api.url).not.toContain(':0');
  });

  test('a port that is taken is told, not thrown about', async () => {
    const api = await start();
    const { port } = new URL(api.url);
    const failure = await startTestApi({ redis, port: Number(port) }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TurnupError);
    expect(failure).toMatchObject({ code: 'TURNUP_CONFIG_INVALID', detail: expect.stringContaining(port) });
  });

  test('lets go of a caller that sends its head a byte at a time', async () => {
    const api = await start({ timeouts: { headersMs: 200, requestMs: 60_000 } });
    const socket = open(api);
    const answer = text(socket);
    const drip = setInterval(() => socket.write('a'), 50);
    socket.write('GET /healthz HTTP/1.1\r\nX-');
    expect(await answer).toContain('408');
    clearInterval(drip);
  });

  test('lets go of a caller that sends its body a byte at a time', async () => {
    const api = await start({ timeouts: { headersMs: 200, requestMs: 400 } });
    const socket = open(api);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.resume();
    socket.write(
      `POST /v1/orders HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${TOKENS.crm}\r\n` +
        'Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n',
    );
    const drip = setInterval(() => socket.write(' '), 50);
    await closed;
    clearInterval(drip);
    expect((await call(api, '/healthz')).status).toBe(200);
  });

  test('refuses heads beyond its limit', async () => {
    const api = await start();
    const answer = await call(api, '/healthz', { headers: { 'x-long': 'x'.repeat(20_000) } });
    expect(answer.status).toBe(431);
  });

  test('a close ends what is in hand, then takes no more', async () => {
    const api = await start({ timeouts: { closeMs: 60_000 } });
    const { hostname } = new URL(api.url);
    const body = JSON.stringify(sampleOrder());
    const socket = open(api);
    const answer = text(socket);
    socket.write(
      `POST /v1/orders HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${TOKENS.crm}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 10)}`,
    );
    await waitFor(() => api.logged.length > 0);
    await call(api, '/healthz');
    running.splice(0);
    const closed = api.close();
    await expect(fetch(`${api.url}/healthz`)).rejects.toThrow('fetch failed');
    socket.write(body.slice(10));
    expect(await answer).toMatch(/^HTTP\/1.1 202 /);
    await closed;
    expect(await redis.client().exists(`{turnup}:t:live`)).toBe(1);
  });
});
