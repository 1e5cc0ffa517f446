import { mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll } from 'vitest';
import type { FileRecord, RunSummary } from '../../src/collector/model.ts';
import type { LocalFolder } from '../../src/collector/place.ts';
import {
  runCollection,
  TUNING,
  type CollectorDeps,
  type CollectorTuning,
  type RunRequest,
  type RunResult,
} from '../../src/collector/run.ts';
import { parseConfig, type CollectionConfig } from '../../src/config/index.ts';
import { createLogger } from '../../src/observability/index.ts';
import { createKeys, type KeyScheme } from '../../src/redis/keys.ts';
import { createSftpUser, type SftpUser, type TestSshd } from '../setup/sshd.ts';

/** One user for the calling file, from before its first test until after its last. */
export function useSftpUser(): SftpUser {
  let user: SftpUser | undefined;
  beforeAll(async () => {
    user = await createSftpUser();
  });
  afterAll(() => user?.remove());
  return new Proxy({} as SftpUser, {
    get: (_target, name) => user![name as keyof SftpUser],
  });
}

/** A source as a configuration file has it, for `user` on `server`. */
export function sourceText(
  user: SftpUser,
  server: Pick<TestSshd, 'host' | 'port' | 'hostKey'>,
  more: object = {},
): object {
  return {
    host: server.host,
    port: server.port,
    sourceAddresses: ['127.0.0.1'],
    username: user.username,
    password: user.password,
    privateKey: user.privateKey,
    passphrase: user.passphrase,
    hostKeys: [server.hostKey],
    folder: user.files,
    schedule: { every: '1h' },
    settleSeconds: 0,
    minimumFreeBytes: 0,
    retentionDays: 30,
    ...more,
  };
}

/** The one source of a configuration that holds only that. */
export function readSource(text: object, dataDir = '/nowhere', name = 'cdr'): CollectionConfig {
  const config = parseConfig(JSON.stringify({ collections: { [name]: text } }), {
    file: 'turnup.yaml',
    env: { TURNUP_DATA: dataDir },
    platforms: [],
  });
  return config.collections.get(name)!;
}

export interface Bench {
  readonly source: CollectionConfig;
  readonly keys: KeyScheme;
  readonly redis: Redis;
  /** The folder of the source on this machine. */
  readonly into: string;
  /** One run to its end. */
  collect(wish?: Partial<RunRequest>, stop?: AbortSignal): Promise<RunResult>;
  /** As `collect`, for a run that is to end. */
  run(wish?: Partial<RunRequest>): Promise<RunSummary>;
  /** All that is known of files, oldest first. */
  records(): Promise<FileRecord[]>;
  /** Names below one of the local folders. */
  local(folder: LocalFolder): string[];
  /** Names of what was told of files and runs, in order. */
  readonly told: string[];
}

let benches = 0;

export interface BenchOptions {
  readonly more?: object;
  readonly tuning?: Partial<CollectorTuning>;
}

/** A source with a ledger and a local folder of its own. */
export function createBench(
  user: SftpUser,
  server: Pick<TestSshd, 'host' | 'port' | 'hostKey'>,
  redis: Redis,
  options: BenchOptions = {},
): Bench {
  benches += 1;
  const into = join(user.dir, `into-${benches}`);
  const source = readSource(sourceText(user, server, { into, ...options.more }));
  const keys = createKeys(`{bench-${benches}}`);
  const told: string[] = [];
  const deps: CollectorDeps = {
    redis,
    keys,
    log: createLogger({ level: process.env['TEST_LOG'] ? 'debug' : 'silent' }),
    observer: {
      collectionFile: (_source, outcome) => void told.push(outcome),
      collectionBytes() {},
      collectionRecords: (_source, result, count) => void told.push(`${result} ${count}`),
      collectionRun: (_source, outcome) => void told.push(`run ${outcome}`),
    },
    tuning: { ...TUNING, reconnectMs: 20, ...options.tuning },
  };
  let runs = 0;
  const collect: Bench['collect'] = (wish = {}, stop = new AbortController().signal) => {
    runs += 1;
    const request = { id: `run-${runs}`, by: 'test', since: null, byHand: false, ...wish };
    return runCollection(deps, source, request, stop);
  };
  return {
    source,
    keys,
    redis,
    into,
    collect,
    told,
    async run(wish) {
      const result = await collect(wish);
      if (result.kind !== 'ended') throw new Error(`the run is ${result.kind}`);
      return result.summary;
    },
    async records() {
      const ids = await redis.zrange(keys.collectionPart('cdr', 'order'), '0', '-1');
      const known = await redis.hgetall(keys.collectionPart('cdr', 'files'));
      return ids.map((id) => JSON.parse(known[id]!) as FileRecord);
    },
    local(folder) {
      const found = readdirSync(join(into, folder), { recursive: true, withFileTypes: true });
      const files = found.filter((entry) => entry.isFile());
      return files.map((entry) => join(entry.parentPath, entry.name).slice(join(into, folder).length + 1)).toSorted();
    },
  };
}

/** Puts a file where the server shows it, as whole since `seconds` (since 1970). */
export function offer(user: SftpUser, path: string, content: string | Buffer, seconds = 1_790_000_000): void {
  const file = join(user.files, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  utimesSync(file, seconds, seconds);
}

/** Takes away all that the server shows. */
export function clearOffers(user: SftpUser): void {
  for (const name of readdirSync(user.files)) rmSync(join(user.files, name), { recursive: true, force: true });
}
