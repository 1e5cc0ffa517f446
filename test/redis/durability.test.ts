import { describe, expect, it } from 'vitest';
import { createDurability, shared } from '../../src/redis/durability.ts';
import { checkRedis } from '../../src/redis/fitness.ts';
import { createKeys } from '../../src/redis/keys.ts';
import { waitFor } from '../setup/wait-for.ts';
import { startRedis } from '../setup/redis-server.ts';

describe('I1 durability before the answer', () => {
  it('callers share one write-out, but never one that began before them', async () => {
    const begun: PromiseWithResolvers<void>[] = [];
    const settle = shared(() => {
      const one = Promise.withResolvers<void>();
      begun.push(one);
      return one.promise;
    });
    const first = settle();
    const others = [settle(), settle(), settle()];
    expect(begun).toHaveLength(1);
    begun[0]!.resolve();
    await first;
    await waitFor(() => begun.length === 2);
    begun[1]!.resolve();
    await Promise.all(others);
    expect(begun).toHaveLength(2);
  });

  it('a write-out that fails fails its callers only', async () => {
    const begun: PromiseWithResolvers<void>[] = [];
    const settle = shared(() => {
      const one = Promise.withResolvers<void>();
      begun.push(one);
      return one.promise;
    });
    const first = settle();
    const second = settle();
    begun[0]!.reject(new Error('disk full'));
    await expect(first).rejects.toThrow('disk full');
    await waitFor(() => begun.length === 2);
    begun[1]!.resolve();
    await expect(second).resolves.toBeUndefined();
  });

  it('needs nothing more where every write is on disk already', async () => {
    const server = await startRedis({ aof: true });
    try {
      const redis = server.client();
      const options = { redis, keys: createKeys(), mode: 'auto', saveBeforeAccept: true } as const;
      const durability = await createDurability({ ...options, fitness: await checkRedis(redis) });
      await redis.set('order', 'accepted');
      await durability.settle();
      await server.kill();
      await server.restart();
      expect(await redis.get('order')).toBe('accepted');
    } finally {
      await server.stop();
    }
  });
});

describe('I1 durability on replicas', () => {
  it('is reached when as many replicas as are wanted have the write, and refused when not', async () => {
    const primary = await startRedis({ aof: true, settings: { 'repl-diskless-sync-delay': '0' } });
    const replica = await startRedis({ aof: true });
    try {
      const redis = primary.client();
      const copy = replica.client();
      await copy.replicaof(primary.host, primary.port);
      await waitFor(async () => (await copy.info('replication')).includes('master_link_status:up'));
      const fitness = await checkRedis(redis);
      const options = { redis, keys: createKeys(), fitness, mode: 'auto', saveBeforeAccept: true } as const;
      const one = await createDurability({ ...options, replicas: 1 });
      const two = await createDurability({ ...options, replicas: 2 });
      await redis.set('order', 'accepted');
      await one.settle();
      expect(await copy.get('order')).toBe('accepted');
      const refusal = { code: 'TURNUP_STORE_UNAVAILABLE' };
      await expect(two.settle()).rejects.toMatchObject({
        ...refusal,
        detail: expect.stringMatching(/^1 of 2 replicas/),
      });
      await replica.kill();
      await expect(one.settle()).rejects.toMatchObject(refusal);
      one.close();
      two.close();
    } finally {
      await Promise.all([primary.stop(), replica.stop()]);
    }
  });
});
