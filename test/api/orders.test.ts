import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { TurnupError } from '../../src/errors/index.ts';
import type { Engine } from '../../workers/engine.ts';
import { testEngine } from '../engine/harness.ts';
import { createWorld, toyPlatform, type World } from '../engine/toy.ts';
import { useRedis, waitFor } from '../setup/redis.ts';
import { call, sampleOrder, startTestApi, type Answer, type TestApi } from './harness.ts';

const redis = useRedis();
const world: World = createWorld();
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

async function startEngine(): Promise<void> {
  engine = testEngine({ redis: redis.client(), platform });
  await engine.start();
}

async function place(change: Record<string, unknown> = {}): Promise<string> {
  const answer = await call(api, '/v1/orders', { body: sampleOrder(change) });
  expect(answer.status).toBe(202);
  return answer.body.id as string;
}

async function untilState(id: string, state: string): Promise<Answer> {
  return waitFor(
    async () => {
      const answer = await call(api, `/v1/orders/${id}`);
      return answer.body.state === state && answer;
    },
    { what: `order ${id} is ${state}`, timeoutMs: 15_000 },
  );
}

const withoutPassword = { subscribers: [{ username: 'gen', domain: 'sip.example.com', webUsername: 'gen-web' }] };

describe('reading orders', () => {
  test("a client sees its own, an operator all; another's is not there", async () => {
    const id = await place();
    expect((await call(api, `/v1/orders/${id}`)).status).toBe(200);
    expect((await call(api, `/v1/orders/${id}`, { token: 'vera' })).status).toBe(200);
    for (const path of ['', '/journal', '/credentials']) {
      const answer = await call(api, `/v1/orders/${id}${path}`, { token: 'shop' });
      expect(answer, path).toMatchObject({ status: 404, body: { code: 'TURNUP_NOT_FOUND' } });
    }
    const retry = await call(api, `/v1/orders/${id}/retry`, { token: 'shop', method: 'POST' });
    expect(retry.status).toBe(404);
    const missing = await call(api, '/v1/orders/018f6d2e-0000-7000-8000-000000000000', { token: 'shop' });
    const theirs = await call(api, `/v1/orders/${id}`, { token: 'shop' });
    expect({ ...theirs.body, instance: '', requestId: '' }).toEqual({ ...missing.body, instance: '', requestId: '' });
  });

  test.each(['nothing', '*', 'a'.repeat(300), '..%2f..', '{turnup}:t:order:x'])(
    'an id that is none (%s) is a 404',
    async (id) => {
      expect((await call(api, `/v1/orders/${encodeURIComponent(id)}`)).status).toBe(404);
    },
  );

  test('lists newest first, by filter, in pages', async () => {
    const ids = [];
    for (let at = 0; at < 5; at += 1) ids.push(await place({ customer: { externalId: at < 3 ? 'C-a' : 'C-b' } }));
    const first = await call(api, '/v1/orders?limit=2');
    expect(first.body.items.map((order: { id: string }) => order.id)).toEqual([ids[4], ids[3]]);
    const second = await call(api, `/v1/orders?limit=2&cursor=${first.body.next}`);
    const third = await call(api, `/v1/orders?limit=2&cursor=${second.body.next}`);
    expect([...second.body.items, ...third.body.items].map((order: { id: string }) => order.id)).toEqual([
      ids[2],
      ids[1],
      ids[0],
    ]);
    expect(third.body.next).toBeNull();
    const byCustomer = await call(api, '/v1/orders?customer=C-b&target=lab');
    expect(byCustomer.body.items).toHaveLength(2);
    const byState = await call(api, '/v1/orders?state=acknowledged');
    expect(byState.body.items).toHaveLength(2);
    const { externalId } = first.body.items[0];
    const byName = await call(api, `/v1/orders?externalId=${externalId}`);
    expect(byName.body.items.map((order: { id: string }) => order.id)).toEqual([ids[4]]);
    expect((await call(api, '/v1/orders', { token: 'shop' })).body).toEqual({ items: [], next: null });
    expect((await call(api, '/v1/orders', { token: 'vera' })).body.items).toHaveLength(5);
  });

  test.each([
    ['state=gone', 'state'],
    ['limit=0', 'limit'],
    ['limit=many', 'limit'],
    ['limit=1000', 'limit'],
    ['cursor=zzz', 'cursor'],
    ['nothing=1', 'nothing'],
    ['target=a&target=b', 'target'],
    [`customer=${'x'.repeat(500)}`, 'customer'],
  ])('a list by %s is refused with its path', async (query, path) => {
    const answer = await call(api, `/v1/orders?${query}`);
    expect(answer).toMatchObject({ status: 422, body: { code: 'TURNUP_INVALID_REQUEST', errors: [{ path }] } });
  });

  test('the journal is told oldest first, in pages', async () => {
    await startEngine();
    const id = await place();
    await untilState(id, 'completed');
    const all = await call(api, `/v1/orders/${id}/journal`);
    expect(all.body.items[0]).toMatchObject({ type: 'accepted', by: 'client:crm', step: null });
    expect(all.body.next).toBeNull();
    const paged = [];
    let cursor = '';
    do {
      const page = await call(api, `/v1/orders/${id}/journal?limit=3${cursor && `&cursor=${cursor}`}`);
      paged.push(...page.body.items);
      cursor = page.body.next;
    } while (cursor);
    expect(paged).toEqual(all.body.items);
    const bad = await call(api, `/v1/orders/${id}/journal?cursor=x&limit=a`);
    expect(bad).toMatchObject({ status: 422, body: { errors: [{ path: 'limit' }] } });
  });
});

describe('retry', () => {
  test('lets a held order go on (202); anything else is a 409; a viewer may not', async () => {
    world.trouble = ({ thing, at }) => {
      if (thing.startsWith('subscriber') && at === 'before')
        throw new TurnupError('TURNUP_TARGET_REJECTED', { detail: 'no' });
    };
    await startEngine();
    const id = await place();
    const held = await untilState(id, 'held');
    expect(held.body.error).toMatchObject({ code: 'TURNUP_TARGET_REJECTED', step: 's1.subscriber' });
    expect((await call(api, `/v1/orders/${id}/retry`, { method: 'POST', token: 'vera' })).status).toBe(403);
    world.trouble = () => {};
    const retried = await call(api, `/v1/orders/${id}/retry`, { method: 'POST' });
    expect(retried).toMatchObject({ status: 202, body: { id } });
    await untilState(id, 'completed');
    const again = await call(api, `/v1/orders/${id}/retry`, { method: 'POST', token: 'olga' });
    expect(again).toMatchObject({ status: 409, body: { code: 'TURNUP_STATE_CONFLICT' } });
    const journal = await call(api, `/v1/orders/${id}/journal`);
    expect(journal.body.items).toContainEqual(expect.objectContaining({ type: 'retried', by: 'client:crm' }));
  });
});

describe('generated credentials', () => {
  test('are read by the client that placed the order, when the subscriber is there, and by nobody else', async () => {
    const id = await place(withoutPassword);
    const early = await call(api, `/v1/orders/${id}/credentials`);
    expect(early).toMatchObject({ status: 409, body: { code: 'TURNUP_CREDENTIALS_NOT_READY' } });
    await startEngine();
    await untilState(id, 'completed');
    const answer = await call(api, `/v1/orders/${id}/credentials`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const [made] = answer.body.subscribers;
    expect(answer.body).toEqual({
      orderId: id,
      expiresAt: expect.stringMatching(/Z$/),
      subscribers: [
        {
          id: 's1',
          username: 'gen',
          domain: 'sip.example.com',
          webUsername: 'gen-web',
          password: expect.stringMatching(/^\w{24}$/),
        },
      ],
    });
    expect(world.things.get('subscriber gen')?.[0]?.value).toEqual({ password: made.password });
    expect((await call(api, `/v1/orders/${id}/credentials`)).body).toEqual(answer.body);
    for (const token of ['vera', 'olga', 'adam'] as const) {
      const refused = await call(api, `/v1/orders/${id}/credentials`, { token });
      expect(refused).toMatchObject({ status: 403, body: { code: 'TURNUP_FORBIDDEN' } });
    }
    await redis.client().hset(`{turnup}:t:order:${id}`, 's:s1.subscriber:c', Date.now() - 11 * 60_000);
    const late = await call(api, `/v1/orders/${id}/credentials`);
    expect(late).toMatchObject({ status: 410, body: { code: 'TURNUP_CREDENTIALS_GONE' } });
    expect(api.logged.join('')).not.toContain(made.password);
  });

  test('of an order that brought its own passwords there are none', async () => {
    const id = await place();
    expect((await call(api, `/v1/orders/${id}/credentials`)).status).toBe(404);
  });
});

describe('targets', () => {
  test('a client sees its own, an operator all, with breaker and queue', async () => {
    await place();
    const mine = await call(api, '/v1/targets');
    expect(mine.body.items).toMatchObject([
      {
        name: 'lab',
        platform: 'toy',
        capabilities: { actions: ['provision'], callForwardTypes: [] },
        breaker: { state: 'closed', until: null },
        queue: { waiting: 1 },
      },
    ]);
    const all = await call(api, '/v1/targets', { token: 'vera' });
    expect(all.body.items.map((target: { name: string }) => target.name)).toEqual(['lab', 'other']);
    expect((await call(api, '/v1/targets/lab')).body).toEqual(mine.body.items[0]);
    for (const name of ['other', 'nowhere', '__proto__']) {
      expect((await call(api, `/v1/targets/${name}`)).status, name).toBe(404);
    }
    expect(JSON.stringify(all.body)).not.toContain('password');
  });

  test('an operator opens and closes a breaker, and says why; others may not', async () => {
    const body = { state: 'open', reason: 'maintenance until noon' };
    expect((await call(api, '/v1/targets/lab/breaker', { body })).status).toBe(403);
    expect((await call(api, '/v1/targets/lab/breaker', { body, token: 'vera' })).status).toBe(403);
    const opened = await call(api, '/v1/targets/lab/breaker', { body, token: 'olga' });
    expect(opened).toMatchObject({
      status: 200,
      body: {
        breaker: { state: 'open', until: null, by: 'operator:olga', reason: { detail: 'maintenance until noon' } },
      },
    });
    const closed = await call(api, '/v1/targets/lab/breaker', { body: { ...body, state: 'closed' }, token: 'olga' });
    expect(closed).toMatchObject({
      status: 200,
      body: {
        breaker: { state: 'closed' },
        breakerChanges: [
          { state: 'closed', by: 'operator:olga', reason: { detail: 'maintenance until noon' } },
          { state: 'open', by: 'operator:olga', reason: { detail: 'maintenance until noon' } },
        ],
      },
    });
  });

  test.each([
    ['an empty object', {}, 422, ['state', 'reason']],
    ['an unknown state', { state: 'ajar', reason: 'x', more: 1 }, 422, ['state', 'more']],
    ['a reason of 10,000 characters', { state: 'open', reason: 'x'.repeat(10_000) }, 422, ['reason']],
    ['no JSON', '{', 400, []],
    ['a megabyte', ' '.repeat(1_048_577), 413, []],
  ])('%s is no breaker order', async (_name, body, status, paths) => {
    const answer = await call(api, '/v1/targets/lab/breaker', { body, token: 'olga' });
    expect(answer.status).toBe(status);
    expect((answer.body.errors ?? []).map((fault: { path: string }) => fault.path)).toEqual(paths);
  });
});
