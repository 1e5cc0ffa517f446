import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Redis } from 'ioredis';
import { checkRedis, hasWaitAof, requireFit } from '../../src/redis/fitness.ts';
import { startRedis, type TestRedis } from '../setup/redis-server.ts';

let server: TestRedis;
let redis: Redis;
beforeAll(async () => {
  server = await startRedis({ aof: true });
  redis = server.client();
});
afterAll(() => server.stop());
beforeEach(async () => {
  await redis.config('SET', 'appendonly', 'yes');
  await redis.config('SET', 'appendfsync', 'always');
  await redis.config('SET', 'maxmemory-policy', 'noeviction');
});

describe('I1 what a Redis guarantees', () => {
  it('is everything with an append-only file that is always written', async () => {
    const fitness = await checkRedis(redis);
    expect(fitness).toMatchObject({ ok: true, faults: [], notGuaranteed: [], appendFsync: 'always', cluster: false });
    expect(fitness.product).toMatch(/^(Redis|Valkey) \d+\.\d+/);
    expect(() => requireFit(fitness)).not.toThrow();
  });

  it('is less without one', async () => {
    await redis.config('SET', 'appendonly', 'no');
    const fitness = await checkRedis(redis);
    expect(fitness).toMatchObject({ ok: true, appendFsync: 'off', waitAof: false });
    expect(fitness.notGuaranteed).toEqual([expect.stringContaining('no append-only file')]);
  });

  it('is less when it is written every second and cannot be waited for', async () => {
    await redis.config('SET', 'appendfsync', 'everysec');
    const fitness = await checkRedis(redis);
    expect(fitness.waitAof).toBe(await hasWaitAof(redis));
    expect(fitness.notGuaranteed.join(' ').includes('power loss')).toBe(!fitness.waitAof);
  });

  it('I2 is nothing when it drops keys: then it is refused', async () => {
    await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
    const fitness = await checkRedis(redis);
    expect(fitness).toMatchObject({ ok: false, faults: [expect.stringContaining('allkeys-lru')] });
    expect(() => requireFit(fitness)).toThrow(/maxmemory-policy is allkeys-lru/);
  });

  it('is told from what it says, also when it keeps its settings to itself', async () => {
    await redis.call('ACL', 'SETUSER', 'guest', 'on', '>guest-password', '~*', '+@all', '-config');
    const guest = server.client().duplicate({ username: 'guest', password: 'guest-password' });
    try {
      const fitness = await checkRedis(guest);
      expect(fitness).toMatchObject({ ok: true, appendFsync: null });
      expect(fitness.notGuaranteed).toHaveLength(2);
    } finally {
      guest.disconnect();
    }
  });
});
