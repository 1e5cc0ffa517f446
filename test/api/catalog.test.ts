import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { TurnupError } from '../../src/errors/index.ts';
import { createKeys } from '../../src/redis/keys.ts';
import { createWorld, toyPlatform, type World } from '../engine/toy.ts';
import { useRedis, waitFor } from '../setup/redis.ts';
import { call, startTestApi, type TestApi, type TestApiOptions } from './harness.ts';

const redis = useRedis();
let api: TestApi;
let world: World;

async function start(more: Partial<TestApiOptions> = {}): Promise<void> {
  world = createWorld();
  world.things.set(
    'blue',
    ['ann', 'bob', 'cyd'].map((owner) => ({ owner, value: null })),
  );
  api = await startTestApi({ redis, platform: toyPlatform(world), ...more });
}

afterEach(() => api.close());

const THINGS = '/v1/targets/lab/catalog/things';
const fail = (error: TurnupError) => {
  world.trouble = () => {
    throw error;
  };
};
const parked = async () => (await call(api, '/v1/targets/lab')).body.breaker.state as string;

describe('the catalogue of a target', () => {
  it('says what can be read, and how', async () => {
    await start();
    const answer = await call(api, '/v1/targets/lab/catalog');
    expect(answer).toMatchObject({ status: 200, body: { next: null } });
    expect(answer.body.items).toMatchObject([
      {
        name: 'things',
        title: 'Things of one name',
        params: { type: 'object', required: ['name'], properties: { limit: { default: 2 } } },
      },
      { name: 'writing' },
    ]);
    expect((await call(api, '/v1/targets/lab')).body.capabilities).toMatchObject({
      operations: ['ToyWS.make'],
      catalog: ['things', 'writing'],
    });
  });

  it('reads a page, with the defaults of the platform', async () => {
    await start();
    expect(await call(api, `${THINGS}?name=blue`)).toMatchObject({ status: 200, body: { things: ['ann', 'bob'] } });
    expect((await call(api, `${THINGS}?name=blue&limit=1`)).body).toEqual({ things: ['ann'] });
    expect((await call(api, `${THINGS}?name=none`, { token: 'vera' })).body).toEqual({ things: [] });
  });

  it('names every fault of the query', async () => {
    await start();
    const answer = await call(api, `${THINGS}?limit=10&more=1&name=`);
    expect(answer).toMatchObject({ status: 422, body: { code: 'TURNUP_INVALID_REQUEST' } });
    const paths = answer.body.errors.map(({ path }: { path: string }) => path);
    expect(paths.toSorted()).toEqual(['limit', 'more', 'name']);
    expect((await call(api, `${THINGS}?name=a&name=b`)).body.errors).toMatchObject([{ path: 'name' }]);
    expect(world.calls).toEqual([]);
  });

  it('has nothing that is not in it', async () => {
    await start();
    for (const what of ['other', 'constructor', '__proto__']) {
      const answer = await call(api, `/v1/targets/lab/catalog/${what}`);
      expect(answer).toMatchObject({ status: 404, body: { detail: 'of this target can be read: things, writing' } });
    }
  });

  it('is not for the clients of other targets', async () => {
    await start();
    for (const path of [THINGS, '/v1/targets/lab/catalog', '/v1/targets/nowhere/catalog/things']) {
      expect(await call(api, `${path}?name=a`, { token: 'shop' })).toMatchObject({ status: 404 });
      expect(await call(api, path, { token: null })).toMatchObject({ status: 401 });
    }
    expect(world.calls).toEqual([]);
  });

  it('tells who called whom to nobody who may not read call records', async () => {
    world = createWorld();
    const platform = toyPlatform(world);
    const traces = { title: 'Traces', params: z.object({}), aboutCalls: true as const, read: async () => ['INVITE'] };
    await start({
      platform: { ...platform, catalog: { ...platform.catalog, traces } },
      edit: (text) => text.replace('targets: [other] }', 'targets: [other, lab], calls: true }'),
    });
    const path = '/v1/targets/lab/catalog/traces';
    for (const token of ['crm', 'vera'] as const) {
      expect(await call(api, path, { token })).toMatchObject({ status: 403, body: { code: 'TURNUP_FORBIDDEN' } });
    }
    for (const token of ['shop', 'olga'] as const) {
      expect(await call(api, path, { token })).toMatchObject({ status: 200, body: ['INVITE'] });
    }
    expect(await call(api, `${THINGS}?name=blue`)).toMatchObject({ status: 200 });
    const told = api.logged.filter((line) => line.includes('call records read'));
    expect(told).toHaveLength(2);
    expect(told[0]).toContain('client:shop');
  });

  it('is read for the one who asks', async () => {
    await start();
    for (const token of ['crm', 'olga'] as const) await call(api, `${THINGS}?name=blue`, { token });
    expect(world.clients).toEqual(['crm', 'operator:olga']);
  });

  it('never writes', async () => {
    await start();
    expect(await call(api, '/v1/targets/lab/catalog/writing')).toMatchObject({ status: 500 });
    expect(world.calls).toEqual([]);
  });

  it.each([
    ['TURNUP_REFERENCE_UNKNOWN', 422],
    ['TURNUP_TARGET_FAILED', 502],
    ['TURNUP_TARGET_UNEXPECTED', 502],
  ] as const)('answers %s with %i, and no order has to suffer', async (code, status) => {
    await start();
    fail(new TurnupError(code, { detail: 'no such domain' }));
    for (let time = 0; time < 9; time += 1) {
      const answer = await call(api, `${THINGS}?name=a`);
      expect(answer).toMatchObject({ status, body: { code, detail: 'no such domain' } });
    }
    expect(await parked()).toBe('closed');
  });

  it.each([
    ['TURNUP_TARGET_UNREACHABLE', 503],
    ['TURNUP_TARGET_LOGIN_REFUSED', 502],
  ] as const)('I6 %s opens the breaker, and nobody asks further', async (code, status) => {
    await start();
    fail(new TurnupError(code));
    expect(await call(api, `${THINGS}?name=a`)).toMatchObject({ status, body: { code } });
    const calls = world.calls.length;
    const refused = await call(api, `${THINGS}?name=a`);
    expect(refused).toMatchObject({ status: 503, body: { code: 'TURNUP_TARGET_PARKED' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(world.calls).toHaveLength(calls);
  });

  it('closes the breaker again when the target answers', async () => {
    await start();
    fail(new TurnupError('TURNUP_TARGET_UNREACHABLE'));
    await call(api, `${THINGS}?name=a`);
    await waitFor(async () => (await parked()) === 'halfOpen', { what: 'the pause is over' });
    world.trouble = () => {};
    expect(await call(api, `${THINGS}?name=a`)).toMatchObject({ status: 200 });
    expect(await parked()).toBe('closed');
  });

  it('waits as long as a target wants that asks for fewer calls', async () => {
    await start();
    fail(new TurnupError('TURNUP_TARGET_THROTTLED', { retryAfterMs: 7_000 }));
    const first = await call(api, `${THINGS}?name=a`);
    expect(first).toMatchObject({ status: 503, body: { code: 'TURNUP_TARGET_THROTTLED' } });
    expect(first.headers.get('retry-after')).toBe('7');
    expect(await call(api, `${THINGS}?name=a`)).toMatchObject({ status: 503, body: { code: 'TURNUP_TARGET_PARKED' } });
  });

  it('counts against the rate of the target', async () => {
    await start({
      edit: (text) => text.replaceAll('password: target-password }', 'password: target-password }, rate: { max: 5 }'),
    });
    await call(api, `${THINGS}?name=a`);
    expect(await redis.client().llen(createKeys().bucket('lab'))).toBe(1);
  });
});

describe('a target that does not answer', () => {
  it('is not waited for for ever', async () => {
    await start();
    const { withinLimit } = await import('../../src/api/target-answer.ts');
    let aborted = false;
    const never = withinLimit(
      (signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            aborted = true;
            reject(new Error('too late'));
          });
        }),
      20,
    );
    await expect(never).rejects.toMatchObject({ code: 'TURNUP_TARGET_FAILED', detail: 'no answer within 20 ms' });
    expect(aborted).toBe(true);
  });
});
