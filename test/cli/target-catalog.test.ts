import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestApi, TOKENS, type TestApi } from '../api/harness.ts';
import { createWorld, toyPlatform } from '../engine/toy.ts';
import { useRedis } from '../setup/redis.ts';
import { turnup } from './support.ts';

const redis = useRedis({ flush: 'never' });
let api: TestApi;

beforeAll(async () => {
  const world = createWorld();
  world.things.set('blue', [{ owner: 'ann', value: null }]);
  api = await startTestApi({ redis, platform: toyPlatform(world) });
});
afterAll(() => api.close());

const catalog = (...args: string[]) => turnup(['target', 'catalog', ...args, '--url', api.url, '--token', TOKENS.crm]);

it('says what can be read', async () => {
  const { code, stdout } = await catalog('lab');
  expect(code).toBe(0);
  expect(stdout).toContain('things name= [limit=]\n    Things of one name');
  expect(JSON.parse((await catalog('lab', '--json')).stdout)).toMatchObject({ items: [{ name: 'things' }, {}] });
});

it('reads it, and names every fault of the query', async () => {
  const read = await catalog('lab', 'things', 'name=blue', 'limit=1');
  expect(read.code).toBe(0);
  expect(JSON.parse(read.stdout)).toEqual({ things: ['ann'] });
  const wrong = await catalog('lab', 'things', 'limit=77', 'more=1');
  expect(wrong.code).toBe(1);
  for (const name of ['limit', 'more', 'name']) expect(wrong.stderr).toContain(`${name}:`);
});

it('takes name=value only', async () => {
  const { code, stderr } = await catalog('lab', 'things', 'blue');
  expect(code).toBe(2);
  expect(stderr).toContain('"blue" is not of the form name=value');
});
