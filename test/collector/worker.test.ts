import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FileRecord, RunSummary } from '../../src/collector/model.ts';
import { createKeys } from '../../src/redis/keys.ts';
import { startProcess, type Running } from '../e2e/support/process.ts';
import { createProxy, type Proxy } from '../setup/proxy.ts';
import { useRedis, waitFor } from '../setup/redis.ts';
import { freePort } from '../setup/redis-server.ts';
import { lookForSshd, startSshd, type TestSshd } from '../setup/sshd.ts';
import { clearOffers, offer, sourceText, useSftpUser } from './support.ts';

const MIB = 2 ** 20;
const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const keys = createKeys();
const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

// Processes are started and killed: on a machine under load that takes its time.
describe.skipIf(!lookForSshd())('a worker that collects', { timeout: 120_000 }, () => {
  const user = useSftpUser();
  const redis = useRedis({ aof: true });
  const workers: Running[] = [];
  let server: TestSshd;
  let proxy: Proxy;
  let folders = 0;

  beforeAll(async () => {
    server = await startSshd(user);
    proxy = await createProxy({ port: await freePort(), to: server.port });
  });
  beforeEach(() => {
    folders += 1;
    clearOffers(user);
  });
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.kill()));
    proxy.down();
    await proxy.up();
  });
  afterAll(async () => {
    proxy?.down();
    await server?.stop();
  });

  const into = (): string => join(user.dir, `collected-${folders}`);

  function writeConfig(more: object = {}): string {
    const file = join(user.dir, 'turnup.yaml');
    const config = {
      redis: { url: redis.url },
      secretKeys: [{ id: 'k1', key: randomBytes(32).toString('base64') }],
      workers: { lockMs: 2_000, stalledMs: 500, reconcileMs: 1_000, shutdownMs: 5_000 },
      collections: { cdr: sourceText(user, { ...server, port: proxy.port }, { into: into(), ...more }) },
    };
    writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
    return file;
  }

  function startWorker(more: object = {}): Running {
    const name = `worker ${workers.length + 1}`;
    const args = [MAIN, 'worker', '--config', writeConfig(more)];
    const told = (line: string): void => void (process.env['TEST_LOG'] && process.stderr.write(`${line}\n`));
    const worker = startProcess({ name, args, cwd: user.dir, env: { TURNUP_DATA: user.dir }, told });
    workers.push(worker);
    return worker;
  }

  async function records(): Promise<FileRecord[]> {
    const texts = await redis.client().hvals(keys.collectionPart('cdr', 'files'));
    const all = texts.map((text) => JSON.parse(text) as FileRecord);
    return all.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  }

  async function runs(): Promise<RunSummary[]> {
    const texts = await redis.client().lrange(keys.collectionPart('cdr', 'runs'), 0, -1);
    return texts.map((text) => JSON.parse(text) as RunSummary);
  }

  /** Three files, the second of which takes a while. */
  function offerThree(): Map<string, Buffer> {
    const contents = new Map([
      ['a.bin', randomBytes(MIB)],
      ['b.bin', randomBytes(32 * MIB)],
      ['c.bin', randomBytes(MIB)],
    ]);
    let seconds = 1_790_000_000;
    for (const [name, content] of contents) offer(user, name, content, (seconds += 1));
    return contents;
  }

  const inTheMiddle = () =>
    waitFor(async () => (await records()).some(({ path, synced }) => path === 'b.bin' && synced > 0), {
      timeoutMs: 60_000,
      what: 'a part of the large file is safe on the disk',
    });

  async function expectAllThere(contents: ReadonlyMap<string, Buffer>): Promise<void> {
    const all = await waitFor(
      async () => {
        const found = await records();
        return found.length === contents.size && found.every(({ state }) => state === 'handedOver') ? found : null;
      },
      { timeoutMs: 90_000, what: 'all files are handed over' },
    );
    expect(all.map(({ path, sha256: digest }) => [path, digest])).toEqual(
      [...contents].map(([name, content]) => [name, sha256(content)]),
    );
    for (const { local, sha256: digest } of all) {
      expect(sha256(readFileSync(join(into(), 'files', local!)))).toBe(digest);
    }
    expect(all.map(({ local }) => local)).toEqual([...contents.keys()]);
  }

  it('and is killed -9 in the middle of a file: another goes on there, no file is lost or doubled', async () => {
    const contents = offerThree();
    const first = startWorker();
    await proxy.freezeAfterBytes(20 * MIB);
    await inTheMiddle();
    await first.kill();
    proxy.down();
    await proxy.up();

    startWorker();
    await expectAllThere(contents);
    const [last] = await waitFor(async () => {
      const ended = await runs();
      return ended.length > 0 ? ended : null;
    });
    expect(last).toMatchObject({ outcome: 'done', counts: { fetched: 2 } });
    // Of the large file only what was not safe yet came twice.
    expect(last!.counts.bytes).toBeLessThan(32 * MIB);
  });

  it('and is told to stop hands the run back at once, and another goes on', async () => {
    const contents = offerThree();
    const first = startWorker();
    await proxy.freezeAfterBytes(20 * MIB);
    await inTheMiddle();
    expect(await first.end()).toBe(0);
    proxy.down();
    await proxy.up();
    expect((await runs())[0]).toMatchObject({ outcome: 'stopped' });

    startWorker();
    await expectAllThere(contents);
  });

  it('does so by the schedule of its source, in the time zone that it names', async () => {
    offer(user, 'a.bin', 'content');
    const first = startWorker({ schedule: { cron: '0 4 1 1 *', timezone: 'Europe/Rome' } });
    await first.says('workers started');
    const schedulers = `${keys.prefix}:collections:repeat`;
    expect(await redis.client().zrange(schedulers, '0', '-1')).toEqual(['collect-cdr']);
    // At four in the morning of the first of January, in Rome.
    const [, next] = await redis.client().zrange(schedulers, '0', '0', 'WITHSCORES');
    expect(new Date(Number(next)).toISOString()).toMatch(/-01-01T03:00:00/);
    expect(await runs()).toEqual([]);
  });

  it.for([
    [{ schedule: { cron: '61 * * * *' } }, 'collections.cdr.schedule.cron'],
    [
      { privateKey: '-----BEGIN RSA PRIVATE KEY-----\nno key\n-----END RSA PRIVATE KEY-----' },
      'collections.cdr.privateKey',
    ],
  ] as const)('does not start with %o', async ([more, path]) => {
    const worker = startWorker(more);
    await worker.says('TURNUP_CONFIG_INVALID');
    expect(worker.lines.join('\n')).toContain(path);
    await waitFor(() => !worker.alive, { what: 'the worker has ended' });
  });
});
