import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connectRedis } from '../../src/redis/connect.ts';
import { createKeys } from '../../src/redis/keys.ts';
import { lastLoss, watchStore } from '../../src/redis/marker.ts';
import { useRedis, waitFor } from '../setup/redis.ts';

const server = useRedis({ aof: true, settings: { 'auto-aof-rewrite-percentage': '0' } });
const keys = createKeys();
let dataDir: string;
const open: (() => void)[] = [];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'turnup-marker-'));
});
afterEach(() => {
  for (const close of open.splice(0)) close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** A process that watches; gives what it says. */
async function start(more: { dataDir?: string; url?: string; everyMs?: number } = {}): Promise<object[]> {
  const { url = server.url, everyMs = 600_000, ...config } = more;
  const redis = await connectRedis(url, { role: 'worker' });
  const said: object[] = [];
  const log = { error: (members: object, message: string) => said.push({ ...members, message }) };
  const marker = await watchStore({
    redis,
    keys,
    config: { dataDir, ...config, redis: { url, prefix: keys.prefix } },
    log,
    everyMs,
  });
  open.push(() => {
    marker.close();
    redis.disconnect();
  });
  return said;
}

function stopAll(): void {
  for (const close of open.splice(0)) close();
}

const loss = () => lastLoss(server.client(), keys);
const EMPTY = {
  lost: 'empty',
  message: expect.stringMatching(/^Redis is empty although it was not; .* post them again$/),
};

describe('a store', () => {
  test('that is new, or is there again after a restart, is no cause for alarm', async () => {
    const said = await start();
    await server.kill();
    await server.restart();
    await waitFor(async () => Number(await server.client().hget(keys.marker(), 'looks')) >= 2, {
      what: 'a second look',
    });
    stopAll();
    expect([...said, ...(await start())]).toEqual([]);
    expect(await loss()).toBeNull();
  });

  test('that is empty at a start is said, once, with the age of what was there', async () => {
    await start();
    const since = Number(await server.client().hget(keys.marker(), 'since'));
    stopAll();
    await server.client().flushall();
    expect(await start()).toEqual([{ ...EMPTY, since: new Date(since).toISOString() }]);
    expect(await loss()).toMatchObject({ kind: 'empty' });
    stopAll();
    expect(await start()).toEqual([]);
  });

  test('that is empty after it was away is said by those that knew it', async () => {
    const said = await start({ dataDir: '/nonexistent' });
    const redis = server.client();
    await redis.flushall();
    await redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await waitFor(() => said.length > 0, { what: 'the loss is said' });
    expect(said).toMatchObject([EMPTY]);
  });

  test('that is emptied under an open connection is said', async () => {
    const said = await start({ everyMs: 20 });
    await server.client().flushall();
    await waitFor(() => said.length > 0, { what: 'the loss is said' });
    expect(said).toMatchObject([EMPTY]);
  });

  test('that somebody else found empty first is said by those that knew it', async () => {
    await start();
    stopAll();
    await server.client().flushall();
    expect(await start({ dataDir: '/nonexistent' })).toEqual([]);
    expect(await loss()).toBeNull();
    expect(await start()).toMatchObject([{ lost: 'other' }]);
    expect(await loss()).toMatchObject({ kind: 'other' });
  });

  test('that lacks its last writes is said', async () => {
    const said = await start({ everyMs: 20 });
    const redis = server.client();
    await waitFor(async () => Number(await redis.hget(keys.marker(), 'looks')) > 5, { what: 'some looks' });
    await redis.hset(keys.marker(), 'looks', 2);
    await waitFor(() => said.length > 0, { what: 'the loss is said' });
    expect(said).toMatchObject([{ lost: 'older', message: expect.stringContaining('back in time') }]);
    await waitFor(async () => Number(await redis.hget(keys.marker(), 'looks')) > 8, { what: 'more looks' });
    expect(said).toHaveLength(1);
  });

  test('is told apart from one at another place', async () => {
    await start();
    stopAll();
    await server.client().flushall();
    expect(await start({ url: server.url.replace('/0', '/1') })).toEqual([]);
    stopAll();
    expect(await start()).toMatchObject([EMPTY]);
  });
});
