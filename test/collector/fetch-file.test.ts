import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetchFile, type FetchContext } from '../../src/collector/fetch-file.ts';
import { takeLease } from '../../src/collector/lease.ts';
import { createLedger } from '../../src/collector/ledger.ts';
import { newRecord, type FileRecord } from '../../src/collector/model.ts';
import { createPlace } from '../../src/collector/place.ts';
import type { RemoteEntry, RemoteFolder } from '../../src/collector/ssh/remote-folder.ts';
import { createKeys } from '../../src/redis/keys.ts';
import { useRedis } from '../setup/redis.ts';
import { readSource, sourceText } from './support.ts';

/* What a server does to a file while it is being read; a real one cannot be told to do it at that very moment. */

const redis = useRedis();
const keys = createKeys();
let into: string;
let release: () => Promise<void>;

beforeEach(() => {
  into = mkdtempSync(join(tmpdir(), 'turnup-fetch-'));
});
afterEach(async () => {
  await release();
  rmSync(into, { recursive: true, force: true });
});

const user = { username: 'olo', password: 'p', privateKey: '-----BEGIN X', passphrase: 'p', files: '/out' };
const FILE: RemoteEntry = { name: 'a.csv', kind: 'file', size: 6, mtime: 1_790_000_000 };

/** A source with one file that is read as these pieces, and is so afterwards. */
async function fetchFrom(pieces: readonly string[], after: RemoteEntry | null): Promise<FileRecord> {
  const source = readSource(
    sourceText(user as never, { host: 'h', port: 1, hostKey: `SHA256:${'A'.repeat(43)}` }, { into }),
  );
  const taken = await takeLease(redis.client(), keys, source, 10_000);
  if ('busyMs' in taken) throw new Error('the lease is taken');
  release = taken.lease.release;
  const remote: RemoteFolder = {
    list: () => Promise.resolve([]),
    look: () => Promise.resolve(after),
    async *read() {
      for (const piece of pieces) yield Promise.resolve(Buffer.from(piece));
    },
    remove: () => Promise.reject(new Error('nothing is removed')),
  };
  const place = createPlace(into, 0);
  await place.prepare();
  const ctx: FetchContext = {
    source,
    remote,
    place,
    ledger: createLedger(redis.client(), keys, 'cdr', taken.lease),
    lease: taken.lease,
    signal: new AbortController().signal,
    syncBytes: 2,
    onBytes() {},
  };
  const record = newRecord({ path: 'a.csv', size: FILE.size, mtime: FILE.mtime });
  await ctx.ledger.put(record);
  const fetched = await fetchFile(ctx, record);
  expect(await ctx.ledger.read([record.id])).toEqual([fetched]);
  return fetched;
}

describe('a file', () => {
  it('that comes as it was listed is stored', async () => {
    expect(await fetchFrom(['abc', 'def'], FILE)).toMatchObject({ state: 'stored', local: 'a.csv', synced: 6 });
    expect(readFileSync(join(into, 'files/a.csv'), 'utf8')).toBe('abcdef');
  });

  it.for([
    ['has more bytes than it was listed with', ['abcdef', 'g'], FILE],
    ['has fewer bytes', ['abc'], FILE],
    ['has another time afterwards', ['abcdef'], { ...FILE, mtime: FILE.mtime + 1 }],
    ['has another size afterwards', ['abcdef'], { ...FILE, size: 7 }],
    ['is gone afterwards', ['abcdef'], null],
    ['is a link afterwards', ['abcdef'], { ...FILE, kind: 'other' as const }],
  ] as const)('that %s is given up, and nothing of it is kept', async ([, pieces, after]) => {
    expect(await fetchFrom(pieces, after)).toMatchObject({
      state: 'gone',
      local: null,
      error: { code: 'TURNUP_FILE_DAMAGED', detail: 'it changed while it was being fetched' },
    });
    expect(() => readFileSync(join(into, 'files/a.csv'))).toThrow('ENOENT');
    expect(() => readFileSync(join(into, 'parts/a.csv.part'))).toThrow('ENOENT');
  });
});
