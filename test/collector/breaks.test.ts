import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createProxy, type Proxy } from '../setup/proxy.ts';
import { useRedis, waitFor } from '../setup/redis.ts';
import { freePort } from '../setup/redis-server.ts';
import { lookForSshd, startSshd, type TestSshd } from '../setup/sshd.ts';
import { clearOffers, createBench, offer, useSftpUser, type BenchOptions } from './support.ts';

const MIB = 2 ** 20;
const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

describe.skipIf(!lookForSshd())('a source that breaks off', () => {
  const user = useSftpUser();
  const redis = useRedis();
  let server: TestSshd;
  let proxy: Proxy;

  beforeAll(async () => {
    server = await startSshd(user);
    proxy = await createProxy({ port: await freePort(), to: server.port });
  });
  afterAll(async () => {
    proxy?.down();
    await server?.stop();
  });
  beforeEach(() => clearOffers(user));

  const bench = (options: BenchOptions = {}) =>
    createBench(user, { ...server, port: proxy.port }, redis.client(), {
      ...options,
      tuning: { syncBytes: 256 * 1024, ...options.tuning },
    });

  it('is taken up where the connection was cut, within the same run', async () => {
    const { run, local, into, records } = bench();
    const content = randomBytes(8 * MIB);
    offer(user, 'a.bin', content);
    const cut = proxy.freezeAfterBytes(3 * MIB).then(async () => {
      proxy.down();
      await proxy.up();
    });
    const summary = await run();
    await cut;
    expect(summary).toMatchObject({ outcome: 'done', counts: { fetched: 1, handedOver: 1 } });
    // What came twice is less than what is made safe at once.
    expect(server.log().match(/Accepted password/g)).toHaveLength(2);
    expect(summary.counts.bytes).toBeGreaterThanOrEqual(content.length);
    expect(summary.counts.bytes).toBeLessThan(content.length + MIB);
    expect(local('files')).toEqual(['a.bin']);
    expect(sha256(readFileSync(join(into, 'files/a.bin')))).toBe(sha256(content));
    expect((await records())[0]).toMatchObject({ state: 'handedOver', sha256: sha256(content) });
  });

  it('is taken up by a later run, with only what is known to be on the disk', async () => {
    const { collect, run, local, into, records } = bench();
    const content = randomBytes(4 * MIB);
    offer(user, 'a.bin', content);
    const stop = new AbortController();
    void proxy.freezeAfterBytes(2 * MIB).then(() => stop.abort());
    expect(await collect({}, stop.signal)).toMatchObject({ kind: 'ended', summary: { outcome: 'stopped' } });
    proxy.down();
    await proxy.up();
    expect(local('files')).toEqual([]);
    expect(local('parts')).toEqual(['a.bin.part']);
    // As after a power failure: the length is there, the bytes are not.
    const part = join(into, 'parts/a.bin.part');
    const { synced } = (await records())[0]!;
    expect(synced).toBeGreaterThan(MIB);
    truncateSync(part, synced);
    truncateSync(part, synced + MIB);
    const summary = await run();
    expect(summary).toMatchObject({ outcome: 'done', counts: { fetched: 1 } });
    expect(summary.counts.bytes).toBe(content.length - synced);
    expect(sha256(readFileSync(join(into, 'files/a.bin')))).toBe(sha256(content));
  });

  it('is begun anew when the file changed in the meantime, without a mix of both', async () => {
    const { collect, run, local, into, records } = bench();
    offer(user, 'a.bin', randomBytes(4 * MIB), 1_790_000_000);
    const stop = new AbortController();
    void proxy.freezeAfterBytes(2 * MIB).then(() => stop.abort());
    await collect({}, stop.signal);
    proxy.down();
    await proxy.up();
    const content = randomBytes(4 * MIB);
    offer(user, 'a.bin', content, 1_790_000_100);
    expect(await run()).toMatchObject({ outcome: 'done', counts: { fetched: 1, gone: 1 } });
    expect(local('files')).toEqual(['a.bin']);
    expect(local('parts')).toEqual([]);
    expect(sha256(readFileSync(join(into, 'files/a.bin')))).toBe(sha256(content));
    expect((await records()).map(({ state }) => state)).toEqual(['gone', 'handedOver']);
  });

  it('is an outage when it stays away: tried again, and not held', async () => {
    const { run, told } = bench();
    offer(user, 'a.bin', 'content');
    proxy.down();
    expect(await run()).toMatchObject({
      outcome: 'failed',
      error: { code: 'TURNUP_SOURCE_UNREACHABLE', class: 'outage', detail: 'ECONNREFUSED' },
    });
    await proxy.up();
    expect(await run()).toMatchObject({ outcome: 'done', counts: { fetched: 1 } });
    expect(told.filter((what) => what.startsWith('run'))).toEqual(['run failed', 'run done']);
  });

  it('is collected from by one at a time, and by another once the first has gone', async () => {
    const { collect, run, redis: client, keys } = bench({ tuning: { leaseMs: 5_000 } });
    offer(user, 'a.bin', randomBytes(MIB));
    const stop = new AbortController();
    const frozen = proxy.freezeAfterBytes(MIB / 2);
    const first = collect({}, stop.signal);
    await frozen;
    expect(await collect()).toMatchObject({ kind: 'busy', ms: expect.any(Number) });
    const leases = keys.collectionLeases(`127.0.0.1:${proxy.port}`);
    const endsAt = async (): Promise<number> => Number((await client.zrange(leases, '0', '0', 'WITHSCORES'))[1]);
    const before = await endsAt();
    await waitFor(async () => (await endsAt()) > before, { what: 'the lease is renewed' });
    expect(await collect()).toMatchObject({ kind: 'busy' });
    // As when it slept so long that another came.
    await client.del(leases);
    expect(await first).toEqual({ kind: 'lost' });
    proxy.down();
    await proxy.up();
    expect(await run()).toMatchObject({ outcome: 'done', counts: { fetched: 1 } });
    await waitFor(async () => (await client.zcard(leases)) === 0, { what: 'the lease is given back' });
  });
});

describe.skipIf(!lookForSshd())('a source that refuses us', () => {
  const user = useSftpUser();
  const redis = useRedis();
  let server: TestSshd;

  beforeAll(async () => {
    server = await startSshd(user);
  });
  afterAll(() => server?.stop());

  it('is held at the first refusal, and no run of the schedule tries again', async () => {
    const { run, collect, source } = createBench(user, server, redis.client(), {
      more: { password: 'wrong-password' },
    });
    offer(user, 'a.csv', 'content');
    const error = { code: 'TURNUP_SOURCE_LOGIN_REFUSED', class: 'auth' };
    expect(await run()).toMatchObject({ outcome: 'failed', error });
    const tries = (): number => server.log().match(/Failed password/g)?.length ?? 0;
    expect(tries()).toBe(1);
    expect(await collect()).toEqual({ kind: 'held' });
    expect(await collect()).toEqual({ kind: 'held' });
    expect(tries()).toBe(1);

    // A person who starts a run by hand has one more try, and no more.
    expect(await run({ byHand: true })).toMatchObject({ outcome: 'failed', error });
    expect(tries()).toBe(2);
    expect(await collect()).toEqual({ kind: 'held' });
    Object.assign(source, { password: user.password });
    expect(await run({ byHand: true })).toMatchObject({ outcome: 'done', counts: { fetched: 1 } });
    expect(await collect()).toMatchObject({ kind: 'ended', summary: { outcome: 'done' } });
  });

  it.for([
    ['TURNUP_SOURCE_NOT_TRUSTED', { hostKeys: [`SHA256:${'A'.repeat(43)}`] }],
    ['TURNUP_SOURCE_ADDRESS', { sourceAddresses: ['192.0.2.1'] }],
    ['TURNUP_SOURCE_TOO_WEAK', { algorithms: { macs: ['hmac-sha2-512-etm@openssh.com'], ciphers: ['aes256-ctr'] } }],
  ] as const)('is held for %s, without another connection', async ([code, more]) => {
    const weak = await startSshd(user, { settings: { Ciphers: 'aes256-ctr', MACs: 'hmac-sha2-256-etm@openssh.com' } });
    try {
      const { run, collect } = createBench(user, weak, redis.client(), { more });
      expect(await run()).toMatchObject({ outcome: 'failed', error: { code } });
      const connections = (): number => weak.log().match(/Connection from/g)?.length ?? 0;
      const before = connections();
      expect(await collect()).toEqual({ kind: 'held' });
      expect(connections()).toBe(before);
    } finally {
      await weak.stop();
    }
  });
});
