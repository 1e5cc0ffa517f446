import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2, { type AnyAuthMethod, type ConnectConfig, type SFTPWrapper } from 'ssh2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cdrConfig } from '../../../src/cli/demo/cdr.ts';
import { runCollection, TUNING } from '../../../src/collector/run.ts';
import { createLogger } from '../../../src/observability/index.ts';
import { createKeys } from '../../../src/redis/keys.ts';
import { startSftp, type SftpSource } from '../../../src/simulators/index.ts';
import { readSource } from '../../collector/support.ts';
import { useRedis } from '../../setup/redis.ts';

/* The stand-in lets in whom a hosting network would, and gives out one folder that can only be read. */

let source: SftpSource;
beforeAll(async () => {
  source = await startSftp();
});
afterAll(() => source.close());

type Factor = 'publickey' | 'password';

function methodOf(factor: Factor, more: { password?: string; privateKey?: string }): AnyAuthMethod {
  const { username } = source;
  return factor === 'password'
    ? { type: 'password', username, password: more.password ?? source.password }
    : { type: 'publickey', username, key: more.privateKey ?? source.privateKey };
}

/** Logs in with these factors, one after the other. */
async function logIn(
  factors: readonly Factor[],
  more: { password?: string; privateKey?: string; config?: ConnectConfig } = {},
): Promise<ssh2.Client> {
  const client = new ssh2.Client();
  const left = [...factors];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  client
    .once('ready', resolve)
    .on('error', reject)
    .once('close', () => reject(new Error('closed')));
  client.connect({
    host: source.host,
    port: source.port,
    username: source.username,
    authHandler: (_methods, _partial, next) => {
      const factor = left.shift();
      next(factor === undefined ? (false as never) : methodOf(factor, more));
    },
    ...more.config,
  });
  try {
    await promise;
    return client;
  } catch (error) {
    client.end();
    throw error;
  }
}

const asked = <T>(ask: (done: (error: Error | null | undefined, value: T) => void) => void): Promise<T> =>
  new Promise((resolve, reject) => {
    ask((error, value) => (error ? reject(error) : resolve(value)));
  });

async function withFolder<T>(work: (sftp: SFTPWrapper) => Promise<T>): Promise<T> {
  const client = await logIn(['publickey', 'password']);
  try {
    return await work(await asked<SFTPWrapper>((done) => client.sftp(done)));
  } finally {
    client.end();
  }
}

describe('the door', () => {
  it.each<[string, Factor[], object]>([
    ['the key alone', ['publickey'], {}],
    ['the password alone', ['password'], {}],
    ['the password first', ['password', 'publickey'], {}],
    ['a wrong password', ['publickey', 'password'], { password: 'no' }],
    ['no factor at all', [], {}],
  ])('lets nobody in with %s', async (_what, factors, more) => {
    await expect(logIn(factors, more)).rejects.toThrow(/authentication methods failed/);
  });

  it('lets nobody in with another key', async () => {
    const other = await startSftp();
    await other.close();
    await expect(logIn(['publickey', 'password'], { privateKey: other.privateKey })).rejects.toThrow(/authentication/);
  });

  it.each([
    ['cipher', { cipher: ['aes128-ctr'] }],
    ['MAC', { cipher: ['aes256-ctr'], hmac: ['hmac-sha2-256'] }],
    ['key exchange', { kex: ['diffie-hellman-group14-sha256'] }],
  ])('speaks no weaker %s', async (_what, algorithms) => {
    const config = { algorithms } as ConnectConfig;
    await expect(logIn(['publickey', 'password'], { config })).rejects.toThrow(/no matching/i);
  });

  it('signs nothing with SHA-1', async () => {
    const config = { algorithms: { serverHostKey: ['ssh-rsa'] } } as ConnectConfig;
    await expect(logIn(['publickey', 'password'], { config })).rejects.toThrow(/closed|authentication/);
  });

  it('makes keys and password anew at each start', async () => {
    const other = await startSftp();
    await other.close();
    for (const member of ['hostKey', 'privateKey', 'password'] as const) expect(other[member]).not.toBe(source[member]);
  });
});

describe('the folder', () => {
  it('shows its files and what is in them', async () => {
    await withFolder(async (sftp) => {
      const entries = await asked<{ filename: string }[]>((done) => sftp.readdir(source.folder, done));
      expect(entries.map(({ filename }) => filename)).toContain('CDR_20261101_0900.csv');
      const text = await asked<Buffer>((done) =>
        sftp.readFile(`${source.folder}/CDR_20261101_0900.csv`, done as never),
      );
      expect(text.toString('utf8')).toMatch(/^start;caller;/);
    });
  });

  it.each<[string, (sftp: SFTPWrapper, done: (error: Error | null | undefined) => void) => void, RegExp]>([
    ['written', (sftp, done) => sftp.writeFile(`${source.folder}/x`, 'x', done as never), /Permission denied/],
    ['removed', (sftp, done) => sftp.unlink(`${source.folder}/README.txt`, done), /unsupported/i],
    ['read outside it', (sftp, done) => sftp.readFile('/etc/passwd', done as never), /No such file/],
    [
      'read by a way around',
      (sftp, done) => sftp.readFile(`${source.folder}/../../etc/passwd`, done as never),
      /No such file/,
    ],
  ])('lets nothing be %s', async (_what, act, message) => {
    await withFolder((sftp) => expect(asked<unknown>((done) => act(sftp, done as never))).rejects.toThrow(message));
  });
});

describe('the collector', () => {
  const redis = useRedis();

  it('takes it for the real thing: both factors, every file once, every line a record or a reject', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'turnup-sftp-'));
    const connection = redis.client();
    try {
      const config = readSource(cdrConfig(source, dir));
      const log = createLogger({ level: 'silent' });
      const observer = { collectionFile() {}, collectionBytes() {}, collectionRecords() {}, collectionRun() {} };
      const deps = { redis: connection, keys: createKeys(), log, observer, tuning: TUNING };
      const request = { id: 'run-1', by: 'test', since: null, byHand: true };
      const run = (id: string) => runCollection(deps, config, { ...request, id }, new AbortController().signal);
      const first = await run('run-1');
      expect(first).toMatchObject({
        summary: {
          outcome: 'done',
          counts: { fetched: 3, handedOver: 3, refused: 0 },
          connection: { factors: ['publickey', 'password'] },
        },
      });
      const lines = (folder: string, name: string): unknown[] =>
        readFileSync(join(dir, folder, `${name}.ndjson`), 'utf8')
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as unknown);
      expect(lines('records', 'CDR_20261101_0800.csv')).toMatchObject([
        { from: '+390655550101', to: '+390655550102', seconds: 61 },
        { from: '+390655550103', to: '+4315550101', seconds: 12 },
        { from: '+390655550101', to: '112', seconds: 34 },
      ]);
      expect(lines('rejects', 'CDR_20261101_0900.csv')).toMatchObject([
        { line: 4, reasons: [{ field: 'seconds' }], raw: expect.stringContaining('a while') },
      ]);
      expect(await run('run-2')).toMatchObject({ summary: { outcome: 'done', counts: { fetched: 0 } } });
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });
});
