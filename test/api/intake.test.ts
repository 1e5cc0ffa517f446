import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Redis } from 'ioredis';
import { createWorld, toyPlatform } from '../engine/toy.ts';
import { useRedis, waitFor } from '../setup/redis.ts';
import { call, sampleOrder, startTestApi, storedKeys, TOKENS, type TestApi } from './harness.ts';

const redis = useRedis();
let api: TestApi;
let store: Redis;

beforeAll(async () => {
  api = await startTestApi({ redis });
  store = redis.client();
});
afterAll(async () => {
  await api?.close();
});

const PROBLEM = 'application/problem+json';

describe('POST /v1/orders', () => {
  test('answers 202 with the order and where it is', async () => {
    const order = sampleOrder();
    const answer = await call(api, '/v1/orders', { body: order });
    expect(answer.status).toBe(202);
    expect(answer.headers.get('location')).toBe(`/v1/orders/${answer.body.id}`);
    expect(answer.body).toMatchObject({
      externalId: order['externalId'],
      client: 'crm',
      target: 'lab',
      platform: 'toy',
      action: 'provision',
      onFailure: 'hold',
      run: 1,
      direction: 'forward',
    });
    expect(answer.body.steps.map((step: { id: string }) => step.id)).toEqual([
      'customer',
      's1.subscriber',
      's1.preferences',
    ]);
    const read = await call(api, `/v1/orders/${answer.body.id}`);
    expect(read.status).toBe(200);
    expect(read.body.id).toBe(answer.body.id);
  });

  test('adds the jobs of an order that is first of its customer, and not those of the second', async () => {
    const first = await call(api, '/v1/orders', { body: sampleOrder({ customer: { externalId: 'C-same' } }) });
    const second = await call(api, '/v1/orders', { body: sampleOrder({ customer: { externalId: 'C-same' } }) });
    expect(second.body).toMatchObject({ state: 'pending', blockedBy: { kind: 'order', id: first.body.id } });
    expect(await store.exists(`{turnup}:orders:${first.body.id}`)).toBe(1);
    expect(await store.exists(`{turnup}:orders:${second.body.id}`)).toBe(0);
  });

  test('an order repeated with the same content is answered 200 as it is, whatever the order of its members', async () => {
    const order = sampleOrder();
    const first = await call(api, '/v1/orders', { body: order });
    const again = await call(api, '/v1/orders', { body: Object.fromEntries(Object.entries(order).toReversed()) });
    expect([first.status, again.status]).toEqual([202, 200]);
    expect(again.body.id).toBe(first.body.id);
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
  });

  test('I1 an order repeated after its deadline is answered 200 all the same, one that was never accepted is not', async () => {
    const order = sampleOrder({ deadline: new Date(Date.now() + 1_500).toISOString() });
    const first = await call(api, '/v1/orders', { body: order });
    expect(first.status).toBe(202);
    await waitFor(() => Date.now() > Date.parse(String(order['deadline'])), { what: 'the deadline is over' });
    const again = await call(api, '/v1/orders', { body: order });
    expect([again.status, again.body.id]).toEqual([200, first.body.id]);
    for (const other of [
      { ...order, externalId: 'CRM-never' },
      { ...order, onFailure: 'undo' },
    ]) {
      const refused = await call(api, '/v1/orders', { body: other });
      expect(refused).toMatchObject({ status: 422, body: { errors: [{ path: 'deadline' }] } });
    }
  });

  test('an order without a password is the same when it is repeated, although one was generated', async () => {
    const order = sampleOrder({ subscribers: [{ username: 'gen', domain: 'sip.example.com' }] });
    const first = await call(api, '/v1/orders', { body: order });
    const again = await call(api, '/v1/orders', { body: order });
    expect([first.status, again.status]).toEqual([202, 200]);
  });

  test('the same externalId with other content is refused, also when only a secret differs', async () => {
    const order = sampleOrder();
    await call(api, '/v1/orders', { body: order });
    const [subscriber] = order['subscribers'] as Record<string, unknown>[];
    const other = { ...order, subscribers: [{ ...subscriber, password: 'another-Secret-18' }] };
    const answer = await call(api, '/v1/orders', { body: other });
    expect(answer.status).toBe(422);
    expect(answer.body.code).toBe('TURNUP_DUPLICATE_ORDER');
    expect(answer.body.errors).toHaveLength(1);
  });

  test('an Idempotency-Key is worth an externalId', async () => {
    const headers = { 'idempotency-key': 'key-1' };
    const order = sampleOrder();
    const first = await call(api, '/v1/orders', { body: order, headers });
    expect((await call(api, '/v1/orders', { body: order, headers })).status).toBe(200);
    const other = await call(api, '/v1/orders', { body: sampleOrder(), headers });
    expect(first.status).toBe(202);
    expect(other).toMatchObject({ status: 422, body: { code: 'TURNUP_DUPLICATE_ORDER' } });
  });

  test('two clients may use the same externalId', async () => {
    const order = sampleOrder();
    const mine = await call(api, '/v1/orders', { body: order });
    const theirs = await call(api, '/v1/orders', { body: { ...order, target: 'other' }, token: 'shop' });
    expect([mine.status, theirs.status]).toEqual([202, 202]);
    expect(mine.body.id).not.toBe(theirs.body.id);
  });

  test('twenty equal posts at once make one order', async () => {
    const order = sampleOrder();
    const answers = await Promise.all(Array.from({ length: 20 }, () => call(api, '/v1/orders', { body: order })));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(19);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(await store.zcard('{turnup}:t:ix:all:')).toBe(1);
  });

  test('an operator who may act places orders too, under a name no client can have; a viewer does not', async () => {
    const answer = await call(api, '/v1/orders', { body: sampleOrder(), token: 'olga' });
    expect(answer).toMatchObject({ status: 202, body: { client: 'operator:olga' } });
    expect(await call(api, '/v1/orders', { body: sampleOrder(), token: 'vera' })).toMatchObject({ status: 403 });
  });
});

const bad = (change: Record<string, unknown>) => JSON.stringify(sampleOrder(change));
const subscriber = (change: Record<string, unknown>) => [
  { username: 'john', domain: 'sip.example.com', password: 'a-Secret-17', ...change },
];
const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;

interface Hostile {
  body: string | Uint8Array;
  status: number;
  code: string;
  path?: string;
  headers?: Record<string, string>;
}

const HOSTILE: Record<string, Hostile> = {
  'not JSON': { body: '{"externalId": ', status: 400, code: 'TURNUP_MALFORMED_REQUEST' },
  'nothing at all': { body: '', status: 400, code: 'TURNUP_MALFORMED_REQUEST' },
  'a list': { body: '[]', status: 400, code: 'TURNUP_MALFORMED_REQUEST' },
  'a number': { body: '1e999', status: 400, code: 'TURNUP_MALFORMED_REQUEST' },
  'broken UTF-8': {
    body: new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]),
    status: 400,
    code: 'TURNUP_MALFORMED_REQUEST',
  },
  'duplicate members': {
    body: '{"externalId":"a","externalId":"b"}',
    status: 400,
    code: 'TURNUP_MALFORMED_REQUEST',
  },
  'a hundred thousand levels': { body: deep, status: 400, code: 'TURNUP_MALFORMED_REQUEST' },
  'an empty object': { body: '{}', status: 422, code: 'TURNUP_INVALID_ORDER', path: 'externalId' },
  'a wrong type': { body: bad({ externalId: 7 }), status: 422, code: 'TURNUP_INVALID_ORDER', path: 'externalId' },
  'an unknown member': { body: bad({ extra: 1 }), status: 422, code: 'TURNUP_INVALID_ORDER', path: 'extra' },
  'a member that would be a prototype': {
    body: bad({}).replace('{', '{"__proto__":{"admin":true},'),
    status: 422,
    code: 'TURNUP_INVALID_ORDER',
    path: '__proto__',
  },
  'a lone surrogate': {
    body: bad({}).replace('"CRM-', String.raw`"\ud800CRM-`),
    status: 422,
    code: 'TURNUP_INVALID_ORDER',
    path: 'externalId',
  },
  'a NUL': {
    body: bad({ subscribers: subscriber({ username: 'jo\0hn' }) }),
    status: 422,
    code: 'TURNUP_INVALID_ORDER',
    path: 'subscribers.0.username',
  },
  'letters for a number': {
    body: bad({ subscribers: subscriber({ number: '+43abc' }) }),
    status: 422,
    code: 'TURNUP_INVALID_ORDER',
    path: 'subscribers.0.number',
  },
  'a name of 10,000 characters': {
    body: bad({ subscribers: subscriber({ username: 'x'.repeat(10_000) }) }),
    status: 422,
    code: 'TURNUP_INVALID_ORDER',
    path: 'subscribers.0.username',
  },
  'a member name of 10,000 characters': {
    body: bad({ ['y'.repeat(10_000)]: 1 }),
    status: 422,
    code: 'TURNUP_INVALID_ORDER',
  },
  'an unknown target': { body: bad({ target: 'nowhere' }), status: 422, code: 'TURNUP_INVALID_ORDER', path: 'target' },
  'an unknown action': { body: bad({ action: 'explode' }), status: 422, code: 'TURNUP_INVALID_ORDER', path: 'action' },
  'an action the platform lacks': {
    body: bad({ action: 'suspend' }),
    status: 422,
    code: 'TURNUP_INVALID_ORDER',
    path: 'action',
  },
  'operations the platform lacks': {
    body: bad({ operations: [{ id: 'o1', service: 'a', operation: 'b', args: {} }] }),
    status: 422,
    code: 'TURNUP_INVALID_ORDER',
    path: 'operations.0.operation',
  },
  'an Idempotency-Key of 10,000 characters': {
    body: bad({}),
    headers: { 'idempotency-key': 'k'.repeat(10_000) },
    status: 422,
    code: 'TURNUP_INVALID_ORDER',
    path: 'Idempotency-Key',
  },
  'a target of another client': { body: bad({ target: 'other' }), status: 403, code: 'TURNUP_TARGET_FORBIDDEN' },
  'no JSON type': {
    body: bad({}),
    headers: { 'content-type': 'text/plain' },
    status: 415,
    code: 'TURNUP_UNSUPPORTED_MEDIA_TYPE',
  },
  'another charset': {
    body: bad({}),
    headers: { 'content-type': 'application/json; charset=iso-8859-1' },
    status: 415,
    code: 'TURNUP_UNSUPPORTED_MEDIA_TYPE',
  },
  'a compressed body': {
    body: bad({}),
    headers: { 'content-encoding': 'gzip' },
    status: 415,
    code: 'TURNUP_UNSUPPORTED_MEDIA_TYPE',
  },
  'ten megabytes': {
    body: ' '.repeat(10 * 1024 * 1024),
    status: 413,
    code: 'TURNUP_TOO_LARGE',
  },
};

describe('I12 bad input is refused at the door, with nothing stored', () => {
  beforeEach(() => {
    api.logged.length = 0;
  });

  test.each(Object.entries(HOSTILE))('%s', async (_name, { body, status, code, path, headers }) => {
    const answer = await call(api, '/v1/orders', { body, ...(headers && { headers }) });
    expect(answer.body).toMatchObject({ status, code });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain(PROBLEM);
    const faults: string[] = (answer.body.errors ?? []).map((fault: { path: string }) => fault.path);
    expect(Array.isArray(answer.body.errors)).toBe(status === 422 || code === 'TURNUP_TARGET_FORBIDDEN');
    expect(faults).toEqual(expect.arrayContaining(path === undefined ? [] : [path]));
    expect(JSON.stringify(answer.body)).not.toContain('    at ');
    expect(JSON.stringify(answer.body).length).toBeLessThan(4000);
    expect(await storedKeys(redis)).toEqual([]);
    expect(await call(api, '/healthz', { token: null })).toMatchObject({ status: 200 });
    expect(api.logged.join('')).not.toContain('a-Secret-17');
  });

  test('names all faults at once: shape, across members, platform, headers', async () => {
    const answer = await call(api, '/v1/orders', {
      body: sampleOrder({
        action: 'suspend',
        deadline: '2020-01-01T00:00:00Z',
        extra: true,
        subscribers: [
          { username: 'a', domain: 'sip.example.com', number: '+43987610001' },
          { username: 'A', domain: 'SIP.example.com', number: '+43987610001' },
        ],
      }),
      headers: { 'idempotency-key': 'two words' },
    });
    const paths = answer.body.errors.map((fault: { path: string }) => fault.path);
    expect(paths).toEqual(expect.arrayContaining(['extra', 'deadline', 'Idempotency-Key', 'action']));
    expect(paths.some((path: string) => path.startsWith('subscribers.1'))).toBe(true);
  });

  function openPost(length: string): Socket {
    const { hostname, port } = new URL(api.url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    socket.write(
      `POST /v1/orders HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${TOKENS.crm}\r\n` +
        `Content-Type: application/json\r\n${length}\r\n\r\n`,
    );
    return socket;
  }

  test('a body that announces itself as too large is refused before a byte of it came', async () => {
    const socket = openPost(`Content-Length: ${10 * 1024 * 1024}`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(String(answer)).toMatch(/^HTTP\/1.1 413 [^]*TURNUP_TOO_LARGE/);
    socket.destroy();
  });

  test('a body that grows too large is refused while it is coming, and the rest of it never read', async () => {
    const socket = openPost('Transfer-Encoding: chunked');
    const piece = `10000\r\n${' '.repeat(65_536)}\r\n`;
    const total = 64 * 1024 * 1024;
    let sent = 0;
    const fill = () => {
      while (!socket.destroyed && sent < total && socket.write(piece)) sent += 65_536;
    };
    socket.on('drain', fill);
    // The server resets the connection in the end, and `once` would take that for a failure.
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const answer = once(socket, 'data');
    fill();
    expect(String((await answer)[0])).toMatch(/^HTTP\/1.1 413 [^]*TURNUP_TOO_LARGE/);
    await closed;
    // What the kernel holds on the way counts as sent; the server itself reads little more than its limit.
    expect(sent).toBeLessThan(24 * 1024 * 1024);
  });
});

test('I8 no secret of an order reaches Redis, the log or an answer in clear', async () => {
  const secrets = ['Pass-Word-Uno-1', 'Web-Word-Due-2', '998877'];
  const order = sampleOrder({
    subscribers: [
      {
        username: 'secret',
        domain: 'sip.example.com',
        password: secrets[0],
        webUsername: 'web',
        webPassword: secrets[1],
        voicemail: { pin: secrets[2] },
      },
    ],
  });
  api.logged.length = 0;
  const answers = [await call(api, '/v1/orders', { body: order }), await call(api, '/v1/orders', { body: order })];
  expect(answers.map(({ status }) => status)).toEqual([202, 200]);
  const { id } = answers[0]!.body;
  answers.push(await call(api, `/v1/orders/${id}`), await call(api, `/v1/orders/${id}/journal`));
  const kept: string[] = [];
  for (const key of await store.keys('*')) {
    kept.push(key, (await store.dumpBuffer(key)).toString('latin1'));
    const type = await store.type(key);
    if (type === 'hash') kept.push(JSON.stringify(await store.hgetall(key)));
    if (type === 'string') kept.push((await store.get(key)) ?? '');
    if (type === 'stream') kept.push(JSON.stringify(await store.xrange(key, '-', '+')));
  }
  const everything = [...kept, ...api.logged, JSON.stringify(answers)].join('\n');
  expect(everything).toContain('secret');
  for (const secret of secrets) expect(everything.includes(secret), secret).toBe(false);
});

test('a platform whose checks break on a faulty order does not break the answer', async () => {
  const platform = {
    ...toyPlatform(createWorld()),
    check: () => {
      throw new TypeError('cannot read properties of undefined');
    },
  };
  const other = await startTestApi({ redis, platform });
  try {
    const answer = await call(other, '/v1/orders', { body: sampleOrder({ extra: 1 }) });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: 'extra' }] } });
    const broken = await call(other, '/v1/orders', { body: sampleOrder() });
    expect(broken).toMatchObject({ status: 500, body: { code: 'TURNUP_INTERNAL' } });
    expect(JSON.stringify(broken.body)).not.toContain('undefined');
  } finally {
    await other.close();
  }
});
