import { createHash, randomBytes } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { useRedis } from '../setup/redis.ts';
import { lookForSshd, startSshd, type TestSshd } from '../setup/sshd.ts';
import { clearOffers, createBench, offer, useSftpUser, type BenchOptions } from './support.ts';

const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');

describe.skipIf(!lookForSshd())('collecting from a real OpenSSH', () => {
  const user = useSftpUser();
  const redis = useRedis();
  let server: TestSshd;

  beforeAll(async () => {
    server = await startSshd(user);
  });
  afterAll(() => server?.stop());
  beforeEach(() => clearOffers(user));

  const bench = (options: BenchOptions = {}) => createBench(user, server, redis.client(), options);

  it('fetches each file once, to a folder that nobody else can read', async () => {
    const { run, records, local, into, told } = bench();
    const content = randomBytes(300_000);
    offer(user, 'a.csv', content, 1_790_000_002);
    offer(user, 'b.csv', '', 1_790_000_001);
    const summary = await run();
    expect(summary).toMatchObject({
      outcome: 'done',
      error: null,
      counts: { fetched: 2, handedOver: 2, bytes: 300_000 },
    });
    expect(summary.connection).toMatchObject({ localAddress: '127.0.0.1', factors: ['publickey', 'password'] });
    expect(local('files')).toEqual(['a.csv', 'b.csv']);
    expect(local('parts')).toEqual([]);
    expect(sha256(readFileSync(join(into, 'files/a.csv')))).toBe(sha256(content));
    expect(statSync(into).mode & 0o777).toBe(0o700);
    expect(statSync(join(into, 'files')).mode & 0o777).toBe(0o700);
    expect(statSync(join(into, 'files/a.csv')).mode & 0o777).toBe(0o600);
    const [first, second] = await records();
    expect([first, second].map((record) => record!.state)).toEqual(['handedOver', 'handedOver']);
    expect(await records()).toContainEqual(
      expect.objectContaining({
        path: 'a.csv',
        local: 'a.csv',
        sha256: sha256(content),
        size: 300_000,
        mtime: 1_790_000_002,
      }),
    );
    expect(told).toEqual(['fetched', 'handedOver', 'fetched', 'handedOver', 'run done']);

    expect(await run()).toMatchObject({ outcome: 'done', counts: { fetched: 0, bytes: 0 } });
    expect(await records()).toHaveLength(2);
  });

  it('leaves alone a file whose size changes between two listings', async () => {
    const { run, local, records } = bench({ more: { settleSeconds: 1 } });
    offer(user, 'whole.csv', 'whole');
    offer(user, 'growing.csv', 'begun', 1_790_000_000);
    let size = 0;
    const grow = setInterval(() => {
      size += 1;
      appendFileSync(join(user.files, 'growing.csv'), 'x');
    }, 100);
    const summary = await run().finally(() => clearInterval(grow));
    expect(size).toBeGreaterThan(0);
    expect(summary).toMatchObject({ outcome: 'done', counts: { fetched: 1, waiting: 1 } });
    expect(local('files')).toEqual(['whole.csv']);
    expect(await records()).toHaveLength(1);
    await expect(run()).resolves.toMatchObject({ counts: { fetched: 1, waiting: 0 } });
    expect(local('files')).toEqual(['growing.csv', 'whole.csv']);
  });

  it('keeps both when a file changed at the source, and one when only its time did', async () => {
    const { run, local, records, into } = bench();
    offer(user, 'day.csv', 'morning', 1_790_000_000);
    await run();
    offer(user, 'day.csv', 'morning', 1_790_000_100);
    expect(await run()).toMatchObject({ counts: { fetched: 1, handedOver: 0 } });
    expect(local('files')).toEqual(['day.csv']);
    const [first, touched] = await records();
    expect(touched).toMatchObject({ state: 'handedOver', sameAs: first!.id, local: null });

    offer(user, 'day.csv', 'morning and evening', 1_790_000_200);
    expect(await run()).toMatchObject({ counts: { fetched: 1, handedOver: 1 } });
    expect(local('files')).toEqual(['day.csv', 'day~2.csv']);
    expect(readFileSync(join(into, 'files/day.csv'), 'utf8')).toBe('morning');
    expect(readFileSync(join(into, 'files/day~2.csv'), 'utf8')).toBe('morning and evening');
  });

  it('takes only files whose names were asked for, and no links', async () => {
    const { run, local } = bench({ more: { files: ['CDR_*.csv', 'doc?.pdf'], depth: 1 } });
    for (const name of [
      'CDR_1.csv',
      'CDR_1.csv.tmp',
      'doc1.pdf',
      'doc12.pdf',
      '.CDR_2.csv',
      'sub/CDR_3.csv',
      'sub/deep/CDR_4.csv',
    ]) {
      offer(user, name, name);
    }
    symlinkSync('/etc/hostname', join(user.files, 'CDR_link.csv'));
    mkdirSync(join(user.files, 'CDR_folder.csv'));
    writeFileSync(join(user.files, 'CDR_\nx.csv'), 'x');
    expect(await run()).toMatchObject({ outcome: 'done', counts: { fetched: 3, skipped: 1 } });
    expect(local('files')).toEqual(['CDR_1.csv', 'doc1.pdf', 'sub/CDR_3.csv']);
    expect(statSync(join(bench().into, '..')).isDirectory()).toBe(true);
  });

  it('refuses what is larger than it may be, and tells it', async () => {
    const { run, local, records } = bench({ more: { limits: { fileBytes: 10 } } });
    offer(user, 'large.csv', 'x'.repeat(11));
    offer(user, 'small.csv', 'x'.repeat(10));
    expect(await run()).toMatchObject({ outcome: 'done', counts: { fetched: 1, refused: 1 } });
    expect(local('files')).toEqual(['small.csv']);
    expect(await records()).toContainEqual(
      expect.objectContaining({
        path: 'large.csv',
        state: 'refused',
        error: expect.objectContaining({ detail: 'it has 11 bytes, limits.fileBytes is 10' }),
      }),
    );
  });

  it.for([
    [{ runFiles: 2 }, 2],
    [{ runBytes: 25 }, 2],
  ] as const)('ends a run at %o and goes on in the next', async ([limits, files]) => {
    const { run, local } = bench({ more: { limits } });
    for (const at of [1, 2, 3]) offer(user, `${at}.csv`, 'x'.repeat(10), 1_790_000_000 + at);
    expect(await run()).toMatchObject({ outcome: 'more', counts: { fetched: files } });
    expect(local('files')).toEqual(['1.csv', '2.csv']);
    expect(await run()).toMatchObject({ outcome: 'done', counts: { fetched: 1 } });
    expect(local('files')).toEqual(['1.csv', '2.csv', '3.csv']);
  });

  it('fetches only what is not older than it is told', async () => {
    const { run, local } = bench();
    offer(user, 'old.csv', 'old', 1_700_000_000);
    offer(user, 'new.csv', 'new', 1_790_000_000);
    await run({ since: 1_780_000_000 });
    expect(local('files')).toEqual(['new.csv']);
    await run();
    expect(local('files')).toEqual(['new.csv', 'old.csv']);
  });

  describe('with checksums beside the files', () => {
    const more = { checksum: { suffix: '.sha256' } };

    it('fetches a file once its checksum is there, and when it is right', async () => {
      const { run, local } = bench({ more });
      offer(user, 'a.csv', 'content');
      expect(await run()).toMatchObject({ counts: { fetched: 0, waiting: 1 } });
      offer(user, 'a.csv.sha256', `${sha256('content').toUpperCase()}  a.csv\n`);
      expect(await run()).toMatchObject({ counts: { fetched: 1, waiting: 0 } });
      expect(local('files')).toEqual(['a.csv']);
    });

    it('refuses a file that is not what its checksum says, until a person asks again', async () => {
      const { run, local, records } = bench({ more: { checksum: { suffix: '.md5', algorithm: 'md5' } } });
      offer(user, 'a.csv', 'content');
      offer(user, 'a.csv.md5', '0'.repeat(32));
      expect(await run()).toMatchObject({ outcome: 'done', counts: { fetched: 0, refused: 1 } });
      expect(local('files')).toEqual([]);
      expect(local('parts')).toEqual([]);
      const [record] = await records();
      const detail = `its md5 is ${createHash('md5').update('content').digest('hex')}, the source says ${'0'.repeat(32)}`;
      expect(record).toMatchObject({ state: 'refused', error: { code: 'TURNUP_FILE_DAMAGED', detail } });

      offer(user, 'a.csv.md5', createHash('md5').update('content').digest('hex'));
      expect(await run()).toMatchObject({ counts: { fetched: 0 } });
      expect(await run({ byHand: true })).toMatchObject({ counts: { fetched: 1 } });
      expect(local('files')).toEqual(['a.csv']);
    });
  });

  it('removes nothing at the source, unless it is told to', async () => {
    offer(user, 'a.csv', 'content');
    await bench().run();
    expect(existsSync(join(user.files, 'a.csv'))).toBe(true);
    const { run, records, local } = bench({ more: { deleteAtSource: true } });
    expect(await run()).toMatchObject({ outcome: 'done', counts: { handedOver: 1 } });
    expect(existsSync(join(user.files, 'a.csv'))).toBe(false);
    expect(local('files')).toEqual(['a.csv']);
    expect((await records())[0]).toMatchObject({ state: 'handedOver', deletedAtSourceAt: expect.any(String) });
  });

  it('fetches nothing when the disk would be too full, and goes on when there is room', async () => {
    const full = bench({ more: { minimumFreeBytes: 1024 * 2 ** 30 } });
    offer(user, 'a.csv', 'content');
    expect(await full.run()).toMatchObject({ outcome: 'failed', error: { code: 'TURNUP_DISK_FULL', class: 'outage' } });
    expect(full.local('files')).toEqual([]);
    Object.assign(full.source, { minimumFreeBytes: 0 });
    expect(await full.run()).toMatchObject({ outcome: 'done', counts: { fetched: 1 } });
  });

  it('tells a folder that is not there, or may not be read', async () => {
    const missing = bench({ more: { folder: '/nowhere' } });
    expect(await missing.run()).toMatchObject({
      outcome: 'failed',
      error: { code: 'TURNUP_SOURCE_FAILED', detail: 'the folder cannot be listed: there is no such file or folder' },
    });
    const closed = join(user.dir, 'closed');
    mkdirSync(closed);
    chmodSync(closed, 0o700);
    expect(await bench({ more: { folder: closed } }).run()).toMatchObject({
      outcome: 'failed',
      error: { detail: 'the folder cannot be listed: permission denied' },
    });
  });

  it('gives up a file that vanished before it was fetched', async () => {
    const { run, records } = bench({ more: { limits: { runFiles: 1 } } });
    offer(user, 'a.csv', 'a', 1_790_000_001);
    offer(user, 'b.csv', 'b', 1_790_000_002);
    await run();
    rmSync(join(user.files, 'b.csv'));
    expect(await run()).toMatchObject({ outcome: 'done', counts: { gone: 1 } });
    expect((await records()).map(({ path, state }) => [path, state])).toEqual([
      ['a.csv', 'handedOver'],
      ['b.csv', 'gone'],
    ]);
    // It is there again, as it was: the source had only hidden it.
    offer(user, 'b.csv', 'b', 1_790_000_002);
    expect(await run()).toMatchObject({ outcome: 'done', counts: { fetched: 1 } });
    expect((await records()).map(({ state }) => state)).toEqual(['handedOver', 'handedOver']);
  });

  it('fetches nothing into another folder than before, until a person says so', async () => {
    const { run, collect, source, into } = bench();
    offer(user, 'a.csv', 'a', 1_790_000_001);
    await run();
    offer(user, 'b.csv', 'b', 1_790_000_002);
    // As when the volume is not mounted.
    Object.assign(source, { into: `${into}-unmounted` });
    const error = { code: 'TURNUP_FOLDER_CHANGED', detail: `${into}-unmounted` };
    expect(await run()).toMatchObject({ outcome: 'failed', error });
    expect(existsSync(join(`${into}-unmounted`, 'files/b.csv'))).toBe(false);
    Object.assign(source, { into });
    expect(await collect()).toEqual({ kind: 'held' });
    Object.assign(source, { into: `${into}-unmounted` });
    expect(await run({ byHand: true })).toMatchObject({ outcome: 'done', counts: { fetched: 1 } });
    expect(existsSync(join(`${into}-unmounted`, 'files/b.csv'))).toBe(true);
  });

  it('doubles no file when its ledger was lost', async () => {
    const { run, local, keys, redis: client } = bench();
    offer(user, 'a.csv', 'content');
    await run();
    await client.del(...(await client.keys(`${keys.own}*`)));
    expect(await run()).toMatchObject({ outcome: 'done', counts: { fetched: 1 } });
    expect(local('files')).toEqual(['a.csv']);
    expect(local('parts')).toEqual([]);
  });

  it('overwrites nothing that lies in its folder', async () => {
    const { run, local, into } = bench();
    mkdirSync(join(into, 'files'), { recursive: true });
    writeFileSync(join(into, 'files/a.csv'), "somebody's own");
    offer(user, 'a.csv', 'content');
    await run();
    expect(local('files')).toEqual(['a.csv', 'a~2.csv']);
    expect(readFileSync(join(into, 'files/a.csv'), 'utf8')).toBe("somebody's own");
  });
});
