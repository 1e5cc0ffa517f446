import { describe, expect, test } from 'vitest';
import type { Definitions, Platform } from '../../src/platforms/port.ts';
import { createKeys } from '../../src/redis/keys.ts';
import { createDefinitions } from '../../src/targets/definitions.ts';
import { useRedis } from '../setup/redis.ts';
import { createWorld, toyPlatform } from '../engine/toy.ts';
import { useLab } from './harness.ts';

const server = useRedis();
const lab = useLab(server);
const keys = createKeys();
const KEY = keys.definitions('lab');

function platform(load: (client: unknown) => Promise<Definitions>): Platform {
  return { ...toyPlatform(createWorld()), loadDefinitions: load };
}

/** What one process has of a target whose platform counts how often it is asked. */
function counted(answer: () => Definitions | Promise<Definitions> = () => ({ block_in_clir: { type: 'boolean' } })) {
  const clients: unknown[] = [];
  const load = async (client: unknown) => {
    clients.push(client);
    return answer();
  };
  return { clients, process: () => createDefinitions(server.client(), keys, 'lab', platform(load)) };
}

describe('the definitions of a target', () => {
  test('are not there until somebody who may call has asked', async () => {
    const { clients, process } = counted();
    expect(await process().cached()).toBeNull();
    expect(clients).toEqual([]);
  });

  test('are loaded with the client of who asks, and kept', async () => {
    const { clients, process } = counted();
    const definitions = process();
    const first = await definitions.get('the client');
    expect(first).toEqual({ block_in_clir: { type: 'boolean' } });
    expect(await definitions.get('another')).toEqual(first);
    expect(await definitions.cached()).toEqual(first);
    expect(clients).toEqual(['the client']);
  });

  test('however many ask at the same time, once', async () => {
    const { clients, process } = counted(() => new Promise((resolve) => setTimeout(resolve, 20, { a: 1 })));
    const definitions = process();
    const all = await Promise.all(Array.from({ length: 20 }, (_, at) => definitions.get(at)));
    expect(new Set(all.map((one) => JSON.stringify(one)))).toEqual(new Set(['{"a":1}']));
    expect(clients).toEqual([0]);
  });

  test('are shared by all processes through Redis', async () => {
    const { clients, process } = counted();
    const [one, two, three] = [process(), process(), process()];
    const loaded = await one.get('c');
    expect(await two.get('c')).toEqual(loaded);
    expect(await three.cached()).toEqual(loaded);
    expect(clients).toHaveLength(1);
  });

  test('are in Redis for a day from when they were loaded, not from when they were last looked at', async () => {
    const { process } = counted();
    await process().get('c');
    expect(await server.client().ttl(KEY)).toBeGreaterThan(86_000);
    await server.client().expire(KEY, 100);
    expect(await process().cached()).not.toBeNull();
    expect(await server.client().ttl(KEY)).toBeLessThanOrEqual(100);
  });

  test('of an hour ago are asked for anew by who may call; while nobody answers they count', async () => {
    let version = 1;
    const { clients, process } = counted(() => {
      if (version === 2) throw new Error('down');
      return { version };
    });
    await process().get('c');
    await server.client().expire(KEY, 23 * 3600 + 10);
    expect(await process().get('c')).toEqual({ version: 1 });
    expect(clients).toHaveLength(1);
    await server.client().expire(KEY, 23 * 3600 - 10);
    version = 2;
    expect(await process().get('c')).toEqual({ version: 1 });
    version = 3;
    expect(await process().get('c')).toEqual({ version: 3 });
    expect(await server.client().ttl(KEY)).toBeGreaterThan(86_000);
  });

  test('that cannot be loaded are asked for again', async () => {
    let down = true;
    const { clients, process } = counted(() => {
      if (down) throw new Error('down');
      return { a: 1 };
    });
    const definitions = process();
    await expect(definitions.get('c')).rejects.toThrow('down');
    expect(await server.client().exists(KEY)).toBe(0);
    down = false;
    expect(await definitions.get('c')).toEqual({ a: 1 });
    expect(clients).toHaveLength(2);
  });

  test('that are forgotten are loaded anew', async () => {
    let version = 1;
    const { process } = counted(() => ({ version }));
    const [one, two] = [process(), process()];
    await one.get('c');
    version = 2;
    await one.forget();
    expect(await one.cached()).toBeNull();
    expect(await two.get('c')).toEqual({ version: 2 });
    expect(await one.get('c')).toEqual({ version: 2 });
  });

  test('of one target are not those of another', async () => {
    const { targets } = lab({ platform: platform(async () => ({ a: 1 })) });
    await targets.get('lab')!.definitions.get('c');
    expect(await targets.get('vienna')!.definitions.cached()).toBeNull();
  });
});

describe('a target', () => {
  test('has one connection, made at first use, and closed in the end', async () => {
    let made = 0;
    let closed = 0;
    const toy = toyPlatform(createWorld());
    const connect: Platform['connect'] = (settings, cache) => {
      made += 1;
      return { ...toy.connect(settings, cache), close: async () => void (closed += 1) };
    };
    const { targets } = lab({ platform: { ...toy, connect } });
    expect(targets.names()).toEqual(['lab', 'vienna']);
    expect(targets.get('nowhere')).toBeUndefined();
    expect(made).toBe(0);
    expect(targets.get('lab')!.connection()).toBe(targets.get('lab')!.connection());
    expect(made).toBe(1);
    await targets.close();
    // Nobody used the other one.
    expect(closed).toBe(1);
  });
});
