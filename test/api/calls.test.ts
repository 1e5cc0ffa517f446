import { afterEach, describe, expect, it } from 'vitest';
import { TurnupError } from '../../src/errors/index.ts';
import type { CallsQuery, JsonObject } from '../../src/platforms/port.ts';
import { createKeys } from '../../src/redis/keys.ts';
import { createWorld, toyPlatform, type World } from '../engine/toy.ts';
import { useRedis } from '../setup/redis.ts';
import { call, startTestApi, type TestApi, type TestApiOptions } from './harness.ts';

const redis = useRedis();
let api: TestApi | undefined;
let world: World;

const LOGIN = 'password: target-password }';

/** Call records of target lab, which client crm may read and client shop not. */
async function start(calls = true): Promise<TestApi> {
  world = createWorld();
  api = await startTestApi({
    redis,
    platform: toyPlatform(world),
    edit: (text) =>
      text
        .replace('targets: [lab] }', 'targets: [lab], calls: true }')
        .replace('targets: [other] }', 'targets: [other, lab] }')
        .replace(LOGIN, calls ? `${LOGIN}, calls: { url: 'mysql://reader:database-password@db/x' }` : LOGIN),
  });
  return api;
}

afterEach(async () => {
  await api?.close();
  api = undefined;
});

const HOUR_MS = 3_600_000;
const CALLS = '/v1/targets/lab/calls';

describe('call records', () => {
  it('are those of the last day, a hundred at most, unless it says otherwise', async () => {
    const on = await start();
    world.records.read = () => [{ source: 'rated', duration: 12 }];
    const before = Date.now();
    const answer = await call(on, `${CALLS}?username=john&domain=sip.example.com`);
    expect(answer).toMatchObject({ status: 200, body: { items: [{ source: 'rated', duration: 12 }] } });
    const [query] = world.records.queries;
    expect(query).toMatchObject({ username: 'john', domain: 'sip.example.com', limit: 100 });
    expect(query!.to.getTime()).toBeGreaterThanOrEqual(before);
    expect(query!.to.getTime() - query!.from.getTime()).toBe(24 * HOUR_MS);
    expect(answer.body).toMatchObject({ from: query!.from.toISOString(), to: query!.to.toISOString() });
  });

  it('may be of any time, with any offset', async () => {
    const on = await start();
    const query = 'from=2026-11-01T00:00:00%2B02:00&to=2026-11-02T00:00:00Z&limit=1000';
    expect(await call(on, `${CALLS}?${query}`)).toMatchObject({ status: 200 });
    expect(world.records.queries).toEqual([
      { from: new Date('2026-10-31T22:00:00Z'), to: new Date('2026-11-02T00:00:00Z'), limit: 1000 },
    ]);
  });

  it.each([
    ['limit=0&from=yesterday&more=1&username=', ['from', 'limit', 'more', 'username']],
    ['limit=1001', ['limit']],
    ['from=2026-11-01T00:00:00&to=2026-11-02T00:00:00Z', ['from']],
    ['from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z', ['from']],
    ['from=2026-10-01T00:00:00Z&to=2026-11-02T00:00:00Z', ['from']],
  ])('refuses %s', async (query, paths) => {
    const on = await start();
    const answer = await call(on, `${CALLS}?${query}`);
    expect(answer).toMatchObject({ status: 422, body: { code: 'TURNUP_INVALID_REQUEST' } });
    expect(answer.body.errors.map(({ path }: { path: string }) => path).toSorted()).toEqual(paths);
    expect(world.records.queries).toEqual([]);
  });

  it('are told to nobody who need not know them', async () => {
    const on = await start();
    for (const token of ['crm', 'olga', 'adam'] as const)
      expect(await call(on, CALLS, { token })).toMatchObject({ status: 200 });
    for (const token of ['shop', 'vera'] as const) {
      expect(await call(on, CALLS, { token })).toMatchObject({ status: 403, body: { code: 'TURNUP_FORBIDDEN' } });
    }
    expect(await call(on, '/v1/targets/other/calls')).toMatchObject({ status: 404 });
    expect(world.records.queries).toHaveLength(3);
    const told = on.logged.filter((line) => line.includes('call records read'));
    expect(told).toHaveLength(3);
    expect(told[0]).toContain('client:crm');
  });

  it('say where they are switched on', async () => {
    const on = await start(false);
    expect(await call(on, CALLS)).toMatchObject({
      status: 404,
      body: { detail: 'call records are not switched on: see "targets.lab.calls" of the configuration' },
    });
  });

  it('that cannot be read are a failure of the target', async () => {
    const on = await start();
    world.records.read = () => {
      throw new TurnupError('TURNUP_TARGET_UNREACHABLE', { detail: 'the database' });
    };
    const answer = await call(on, CALLS);
    expect(answer).toMatchObject({ status: 503, body: { code: 'TURNUP_TARGET_UNREACHABLE', detail: 'the database' } });
    expect(answer.headers.get('retry-after')).not.toBeNull();
  });

  it('are read by one reader, which is closed with the API', async () => {
    const on = await start();
    await call(on, CALLS);
    await call(on, CALLS);
    await on.close();
    api = undefined;
    expect(world.records.closed).toBe(1);
  });

  it('I8 the login of the database is shown to nobody', async () => {
    const { inspect } = await import('node:util');
    const on = await start();
    await call(on, CALLS);
    expect(on.logged.join('\n')).not.toContain('database-password');
    expect(inspect(on.config, { depth: 9 }) + JSON.stringify([...on.config.targets])).not.toContain(
      'database-password',
    );
  });
});

describe("call records by the platform's own service", () => {
  const queries: CallsQuery[] = [];
  const answer = async (query: CallsQuery): Promise<JsonObject[]> => {
    queries.push(query);
    if (query.username === undefined) {
      throw new TurnupError('TURNUP_INVALID_REQUEST', { faults: [{ path: ['username'], message: 'is required' }] });
    }
    return [{ source: 'placed' }];
  };

  /** Neither settings nor a reader of its own. */
  async function startWithService(more: Partial<TestApiOptions> = {}): Promise<TestApi> {
    queries.length = 0;
    world = createWorld();
    const toy = toyPlatform(world);
    const platform: typeof toy = {
      ...toy,
      async readCalls(client, query) {
        await client.look('calls');
        return answer(query);
      },
    };
    api = await startTestApi({
      redis,
      platform,
      edit: (text) => text.replace('targets: [lab] }', 'targets: [lab], calls: true }'),
      ...more,
    });
    return api;
  }

  it('need no settings', async () => {
    const on = await startWithService();
    expect(await call(on, `${CALLS}?username=john&domain=a.example`)).toMatchObject({
      status: 200,
      body: { items: [{ source: 'placed' }] },
    });
    expect(queries).toMatchObject([{ username: 'john', domain: 'a.example', limit: 100 }]);
    expect(world.records.queries).toEqual([]);
    expect(on.logged.filter((line) => line.includes('call records read'))).toHaveLength(1);
  });

  it('are told to nobody who need not know them', async () => {
    const on = await startWithService();
    expect(await call(on, CALLS, { token: 'vera' })).toMatchObject({ status: 403 });
    expect(queries).toEqual([]);
  });

  it('may need more of the query', async () => {
    const on = await startWithService();
    expect(await call(on, CALLS)).toMatchObject({ status: 422, body: { errors: [{ path: 'username' }] } });
  });

  it('I6 are not asked for while the target is away, and count against its rate', async () => {
    const on = await startWithService({
      edit: (text) =>
        text
          .replace('targets: [lab] }', 'targets: [lab], calls: true }')
          .replaceAll('password: target-password }', 'password: target-password }, rate: { max: 5 }'),
    });
    await call(on, `${CALLS}?username=john`);
    expect(await redis.client().llen(createKeys().bucket('lab'))).toBe(1);
    world.trouble = () => {
      throw new TurnupError('TURNUP_TARGET_UNREACHABLE');
    };
    expect(await call(on, `${CALLS}?username=john`)).toMatchObject({ status: 503 });
    world.trouble = () => {};
    expect(await call(on, `${CALLS}?username=john`)).toMatchObject({
      status: 503,
      body: { code: 'TURNUP_TARGET_PARKED' },
    });
    expect(queries).toHaveLength(1);
  });
});
