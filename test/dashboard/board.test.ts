import { appRoutes, buildHistoryRoutes } from '@bull-board/api/dist/routes.js';
import { Queue } from 'bullmq';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { permissionOf } from '../../src/api/dashboard/policy.ts';
import { TurnupError } from '../../src/errors/index.ts';
import type { OrderView } from '../../src/orders/record.ts';
import type { Engine } from '../../workers/engine.ts';
import { call, sampleOrder, startTestApi, type TestApi } from '../api/harness.ts';
import { testEngine } from '../engine/harness.ts';
import { createWorld, toyPlatform } from '../engine/toy.ts';
import { useRedis, waitFor } from '../setup/redis.ts';
import { createVisitor, formToken, logIn } from './login-helper.ts';

const redis = useRedis();
const world = createWorld();
const platform = toyPlatform(world);
let api: TestApi;
let engine: Engine | undefined;

beforeAll(async () => {
  api = await startTestApi({ redis, platform });
});
beforeEach(() => {
  world.things.clear();
  world.trouble = () => {};
});
afterEach(async () => {
  await engine?.close();
  engine = undefined;
});
afterAll(async () => {
  await api?.close();
});

interface Route {
  method: string;
  route: string;
}

/** Every route the board can have, with everything it can be configured to offer. */
const provider = { getHistory: () => Promise.resolve([]) };
const routes: Route[] = [
  ...appRoutes.api,
  ...buildHistoryRoutes(provider, { hasUsage: true, canPurge: true, hasLatency: true }),
].flatMap(({ method, route }) =>
  [method].flat().flatMap((verb) => [route].flat().map((path) => ({ method: verb as string, route: path }))),
);

const RETRIES = ['put /api/queues/:queueName/:jobId/retry', 'put /api/queues/:queueName/retry/:queueStatus'];
const PAUSES = ['put /api/queues/:queueName/pause', 'put /api/queues/:queueName/resume'];

describe('what the board offers', () => {
  test('is decided for every route it has', () => {
    expect(routes.length).toBeGreaterThan(30);
    for (const { method, route } of routes) expect(permissionOf(method, route), `${method} ${route}`).not.toBeNull();
  });

  test('is reading, retrying and pausing, and nothing else', () => {
    const named = (role: string) =>
      routes
        .filter(({ method, route }) => permissionOf(method, route) === role)
        .map(({ method, route }) => `${method} ${route}`);
    expect(named('operator').toSorted()).toEqual(RETRIES.toSorted());
    expect(named('admin').toSorted()).toEqual(PAUSES.toSorted());
    expect(named('viewer').every((name) => name.startsWith('get '))).toBe(true);
  });

  test('a route nobody decided about is refused', () => {
    expect(permissionOf('put', '/api/queues/:queueName/explode')).toBeNull();
    expect(permissionOf('get', 'constructor')).toBeNull();
  });
});

const fill = (route: string, job: string, status = 'failed') =>
  `/board${route
    .replace(':queueName', 'orders')
    .replace(':jobId', job)
    .replace(':queueStatus', status)
    .replace(':schedulerId', 's1')}`;

async function holdOrder(): Promise<OrderView> {
  world.trouble = ({ thing, at }) => {
    if (thing.startsWith('subscriber') && at === 'before')
      throw new TurnupError('TURNUP_TARGET_REJECTED', { detail: 'no' });
  };
  engine ??= testEngine({ redis: redis.client(), platform });
  await engine.start();
  const placed = await call(api, '/v1/orders', { body: sampleOrder() });
  return untilState(placed.body.id, 'held');
}

async function untilState(id: string, state: string): Promise<OrderView> {
  return waitFor(
    async () => {
      const { body } = await call(api, `/v1/orders/${id}`);
      return body.state === state && (body as OrderView);
    },
    { what: `order ${id} is ${state}`, timeoutMs: 15_000 },
  );
}

const failedJob = (order: OrderView) => `${order.id}.1.f.s1.subscriber`;

/** The board names a target's queue as BullMQ does. */
async function targetQueueName(): Promise<string> {
  const visitor = await logIn(api, 'vera');
  const { queues } = (await (await visitor.get('/board/api/queues', { accept: 'application/json' })).json()) as {
    queues: { name: string }[];
  };
  return queues.map(({ name }) => name).find((name) => name.includes('lab'))!;
}

describe('over HTTP', () => {
  test('every route that is denied answers 403, to an admin too, and changes nothing', async () => {
    const placed = await call(api, '/v1/orders', { body: sampleOrder() });
    const admin = await logIn(api, 'adam');
    const before = await everything();
    const denied = routes.filter(
      ({ method, route }) => permissionOf(method, route) === 'nobody' && !route.includes('/metrics/'),
    );
    expect(denied.length).toBeGreaterThan(15);
    for (const { method, route } of denied) {
      const path = fill(route, placed.body.id, 'wait');
      const response = await admin.send(method.toUpperCase(), path, { name: 'x', data: {}, concurrency: 1, max: 1 });
      expect(response.status, `${method} ${path}`).toBe(403);
    }
    expect(await everything()).toEqual(before);
  });

  async function everything(): Promise<Record<string, string>> {
    const client = redis.client();
    const keys = (await client.keys('*')).filter((key) => !key.includes('http-limit'));
    const entries = keys
      .toSorted()
      .map(async (key) => [key, (await client.dumpBuffer(key)).toString('base64')] as const);
    return Object.fromEntries(await Promise.all(entries));
  }

  test('roles: a viewer changes nothing, an operator retries, an admin pauses', async () => {
    const order = await holdOrder();
    const queue = await targetQueueName();
    const retry = `/board/api/queues/${queue}/${failedJob(order)}/retry`;
    const pause = '/board/api/queues/orders/pause';
    const viewer = await logIn(api, 'vera');
    expect((await viewer.send('PUT', retry)).status).toBe(403);
    expect((await viewer.send('PUT', `/board/api/queues/${queue}/retry/failed`)).status).toBe(403);
    expect((await viewer.send('PUT', pause)).status).toBe(403);
    const operator = await logIn(api, 'olga');
    expect((await operator.send('PUT', pause)).status).toBe(403);
    expect((await untilState(order.id, 'held')).steps[1]?.state).toBe('failed');
    const admin = await logIn(api, 'adam');
    expect((await admin.send('PUT', pause)).status).toBe(200);
    const paused = await redis.client().hget('{turnup}:orders:meta', 'paused');
    expect(paused).toBe('1');
    expect((await admin.send('PUT', '/board/api/queues/orders/resume')).status).toBe(200);
    expect(await redis.client().hget('{turnup}:orders:meta', 'paused')).toBeNull();
    expect(api.logged.join('')).toContain('operator:adam');
  });

  test('a viewer is shown no buttons, an operator is', async () => {
    for (const [name, readOnlyMode] of [
      ['vera', true],
      ['olga', false],
    ] as const) {
      const visitor = await logIn(api, name);
      const response = await visitor.get('/board/api/queues', { accept: 'application/json' });
      const { queues } = (await response.json()) as { queues: Record<string, unknown>[] };
      expect(queues.map((queue) => queue['name'])).toEqual([
        'orders',
        'target-lab',
        'target-other',
        'upkeep',
        'audits',
      ]);
      for (const queue of queues) {
        expect(queue).toMatchObject({ readOnlyMode, allowRetries: !readOnlyMode, supportsGlobalRateLimit: false });
      }
    }
  });
});

describe('I9 a retry on the board', () => {
  test('goes through the record: fresh attempts, journaled with who did it', async () => {
    const order = await holdOrder();
    const visitor = await logIn(api, 'olga');
    world.trouble = () => {};
    const path = `/board/api/queues/${await targetQueueName()}/${failedJob(order)}/retry`;
    expect((await visitor.send('PUT', path)).status).toBe(204);
    const done = await untilState(order.id, 'completed');
    expect(done.steps[1]).toMatchObject({ state: 'done', attempts: 1 });
    const journal = await call(api, `/v1/orders/${order.id}/journal`);
    expect(journal.body.items).toContainEqual(expect.objectContaining({ type: 'retried', by: 'operator:olga' }));
  });

  test('of all failed jobs does the same for each, and says how many', async () => {
    const orders = [await holdOrder(), await holdOrder(), await holdOrder()];
    const visitor = await logIn(api, 'adam');
    world.trouble = () => {};
    const queue = await targetQueueName();
    expect((await visitor.send('PUT', `/board/api/queues/${queue}/retry/completed`)).status).toBe(403);
    const response = await visitor.send('PUT', `/board/api/queues/${queue}/retry/failed`);
    expect(await response.json()).toEqual({ retried: 3, skipped: 0 });
    for (const order of orders) {
      await untilState(order.id, 'completed');
      const journal = await call(api, `/v1/orders/${order.id}/journal`);
      expect(journal.body.items).toContainEqual(expect.objectContaining({ type: 'retried', by: 'operator:adam' }));
    }
  });

  test('of all failed jobs passes over one that the record refuses, and counts it as skipped', async () => {
    const order = await holdOrder();
    const queue = new Queue(await targetQueueName(), { connection: redis.client(), prefix: '{turnup}' });
    const stray = await queue.add('stray', {}, { jobId: '018f6d2e-0000-7000-8000-000000000000.1.f.s1.subscriber' });
    await waitFor(() => stray.isFailed(), { what: 'the stray job has failed', timeoutMs: 15_000 });
    const visitor = await logIn(api, 'olga');
    world.trouble = () => {};
    const response = await visitor.send('PUT', `/board/api/queues/${queue.name}/retry/failed`);
    expect(await response.json()).toEqual({ retried: 1, skipped: 1 });
    expect(await stray.isFailed()).toBe(true);
    await untilState(order.id, 'completed');
    await queue.close();
  });

  test('of a completed job is refused, and the job stays completed', async () => {
    engine = testEngine({ redis: redis.client(), platform });
    await engine.start();
    const placed = await call(api, '/v1/orders', { body: sampleOrder() });
    const order = await untilState(placed.body.id, 'completed');
    const job = await waitFor(async () => {
      const found = await engine!.motor.queues.target('lab').getJob(failedJob(order));
      return (await found?.isCompleted()) && found;
    });
    const visitor = await logIn(api, 'adam');
    const response = await visitor.send('PUT', `/board/api/queues/${await targetQueueName()}/${job.id}/retry`);
    expect(response.status).toBe(409);
    expect(await job.isCompleted()).toBe(true);
    const journal = await call(api, `/v1/orders/${order.id}/journal`);
    expect(journal.body.items.filter((entry: { type: string }) => entry.type === 'retried')).toEqual([]);
  });
});

describe('the pages', () => {
  test('of an order tells state, steps and journal, every text escaped', async () => {
    const evil = '<img src=x onerror=alert(1)>';
    const order = await holdOrder();
    await redis.client().hset(`{turnup}:t:order:${order.id}`, 'customer', evil);
    const visitor = await logIn(api, 'vera');
    const response = await visitor.get(`/board/orders/${order.id}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-security-policy')).not.toContain('script-src');
    expect(response.headers.get('cache-control')).toBe('no-store');
    const page = await response.text();
    expect(page).not.toContain(evil);
    expect(page).toContain('&lt;img src=x');
    expect(page).not.toContain('<script');
    for (const text of [
      order.externalId,
      order.id,
      'held',
      's1.subscriber',
      'TURNUP_TARGET_REJECTED',
      'accepted',
      'lab-test',
    ]) {
      expect(page, text).toContain(text);
    }
    for (const id of ['nothing', '018f6d2e-0000-7000-8000-000000000000', encodeURIComponent('<script>')]) {
      const missing = await visitor.get(`/board/orders/${id}`);
      expect(missing.status).toBe(404);
      expect(missing.headers.get('content-type')).toContain('text/html');
    }
  });

  test('of a held order has a retry button for who may, which is the one retry (I9)', async () => {
    const order = await holdOrder();
    const path = `/board/orders/${order.id}`;
    const viewer = await logIn(api, 'vera');
    expect(await (await viewer.get(path)).text()).not.toContain('Retry</button>');
    expect((await viewer.send('POST', `${path}/retry`, new URLSearchParams({ csrf: 'x' }))).status).toBe(403);
    const visitor = await logIn(api, 'olga');
    const csrf = await formToken(await visitor.get(path));
    expect((await visitor.send('POST', `${path}/retry`, new URLSearchParams({ csrf: 'x' }))).status).toBe(403);
    world.trouble = () => {};
    const response = await visitor.send('POST', `${path}/retry`, new URLSearchParams({ csrf }));
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe(`${path}?done=retry`);
    await untilState(order.id, 'completed');
    const journal = await call(api, `/v1/orders/${order.id}/journal`);
    expect(journal.body.items).toContainEqual(expect.objectContaining({ type: 'retried', by: 'operator:olga' }));
    expect((await visitor.send('POST', `${path}/retry`, new URLSearchParams({ csrf }))).status).toBe(409);
    expect(await (await visitor.get(path)).text()).not.toContain('Retry</button>');
  });

  test('a job leads to its order', async () => {
    const order = await holdOrder();
    const visitor = await logIn(api, 'vera');
    const path = `/board/api/queues/${await targetQueueName()}/${failedJob(order)}`;
    const { job } = (await (await visitor.get(path, { accept: 'application/json' })).json()) as {
      job: { externalUrl: { href: string } };
    };
    expect(job.externalUrl.href).toBe(`/board/orders/${order.id}`);
    expect((await visitor.get(job.externalUrl.href)).status).toBe(200);
  });

  test('the queue of a target that is parked says who parked it, why, and until when', async () => {
    const visitor = await logIn(api, 'vera');
    async function described(): Promise<Record<string, string | undefined>> {
      const response = await visitor.get('/board/api/queues', { accept: 'application/json' });
      const { queues } = (await response.json()) as { queues: { name: string; description?: string }[] };
      return Object.fromEntries(queues.map(({ name, description }) => [name, description]));
    }
    const set = (state: string) =>
      call(api, '/v1/targets/lab/breaker', { body: { state, reason: 'maintenance until noon' }, token: 'olga' });
    expect(Object.values(await described())).toEqual([undefined, undefined, undefined, undefined, undefined]);
    await set('open');
    const parked = await described();
    expect(parked['target-lab']).toMatch(
      /^Parked since \S+ \S+ UTC by operator:olga: .*maintenance until noon.*until a person/,
    );
    expect(parked['target-other']).toBeUndefined();
    await set('closed');
    expect((await described())['target-lab']).toBeUndefined();
  });

  test('the flow of an order is seen over its queues', async () => {
    const order = await holdOrder();
    const visitor = await logIn(api, 'vera');
    const response = await visitor.get(`/board/api/queues/orders/${order.id}/flow`, { accept: 'application/json' });
    const text = await response.text();
    expect(response.status).toBe(200);
    for (const step of ['customer', 's1.subscriber', 's1.preferences'])
      expect(text).toContain(`${order.id}.1.f.${step}`);
  });

  test('of the board loads nothing from elsewhere and names the installation', async () => {
    const visitor = await logIn(api, 'vera');
    const response = await visitor.get('/board');
    const page = await response.text();
    expect(page).not.toMatch(/(?:src|href)="https?:/);
    expect(page).toContain('<title>Turnup</title>');
    expect(page).toContain('"label":"lab-test"');
    expect(response.headers.get('content-security-policy')).toContain("script-src 'self';");
    expect(response.headers.get('x-powered-by')).toBeNull();
    const script = /src="(static[^"]+)"/.exec(page)?.[1];
    expect((await visitor.get(`/board/${script}`)).status).toBe(200);
    expect((await createVisitor(api).get(`/board/${script}`, { accept: '*/*' })).status).toBe(401);
  });

  test('are gone when the dashboard is switched off', async () => {
    const off = await startTestApi({ redis, more: 'dashboard: { enabled: false }' });
    try {
      expect((await call(off, '/board/login', { token: null })).status).toBe(404);
    } finally {
      await off.close();
    }
  });
});
