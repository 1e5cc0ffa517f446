import type { Redis } from 'ioredis';
import { v7 as uuid } from 'uuid';
import type { CollectionConfig } from '../config/index.ts';
import { TurnupError } from '../errors/index.ts';
import type { KeyScheme } from '../redis/keys.ts';
import { isLeased } from './lease.ts';
import { FILE_STATES, type FileRecord, type FileState, type Hold, type RunProgress, type RunSummary } from './model.ts';
import type { CollectionQueue } from './queue.ts';

export interface CollectionView {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly folder: string;
  /** `every 5m` or times of crontab with their time zone. */
  readonly schedule: string;
  /** ISO 8601 UTC. */
  readonly nextRunAt: string | null;
  readonly state: 'idle' | 'running' | 'held';
  readonly held: Hold | null;
  readonly run: RunProgress | null;
  readonly lastRun: RunSummary | null;
  /** When a run last did all it was there for, ISO 8601 UTC. */
  readonly lastGoodAt: string | null;
  readonly files: Readonly<Record<FileState, number>>;
}

/** A file as it is shown. */
export type FileView = Omit<FileRecord, 'mtime' | 'synced'> & { readonly modifiedAt: string };

export interface FilePage {
  readonly items: readonly FileView[];
  readonly next: string | null;
}

/** What is looked through for one page when only one state is asked for. */
const AT_ONCE = 500;
const MOST_LOOKED_AT = 10_000;

const toIso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

function scheduleText({ schedule }: CollectionConfig): string {
  return 'cron' in schedule ? `${schedule.cron} (${schedule.timezone})` : `every ${schedule.every}`;
}

function toView({ mtime, synced: _synced, ...record }: FileRecord): FileView {
  return { ...record, modifiedAt: new Date(mtime * 1000).toISOString() };
}

export type Collections = ReturnType<typeof createCollections>;

/** All sources, as those see them who do not collect. */
export function createCollections(options: {
  redis: Redis;
  keys: KeyScheme;
  sources: ReadonlyMap<string, CollectionConfig>;
  queue: CollectionQueue;
}) {
  const { redis, keys, sources, queue } = options;

  function sourceOf(name: string): CollectionConfig {
    const source = sources.get(name);
    if (!source) throw new TurnupError('TURNUP_NOT_FOUND', { detail: 'there is no such collection' });
    return source;
  }

  const part = (name: string, which: Parameters<KeyScheme['collectionPart']>[1]) => keys.collectionPart(name, which);

  async function runs(name: string, most: number): Promise<RunSummary[]> {
    const texts = await redis.lrange(part(name, 'runs'), 0, most - 1);
    return texts.map((text) => JSON.parse(text) as RunSummary);
  }

  async function read(name: string): Promise<CollectionView> {
    const source = sourceOf(name);
    const [main, [lastRun = null], isRunning, next] = await Promise.all([
      redis.hgetall(keys.collection(name)),
      runs(name, 1),
      isLeased(redis, keys, source),
      queue.next(name),
    ]);
    const held = main['held'] ? (JSON.parse(main['held']) as Hold) : null;
    // What a process left that died says nothing of now.
    const run = isRunning && main['run'] ? (JSON.parse(main['run']) as RunProgress) : null;
    return {
      name,
      host: source.host,
      port: source.port,
      folder: source.folder,
      schedule: scheduleText(source),
      nextRunAt: toIso(next),
      state: isRunning ? 'running' : held ? 'held' : 'idle',
      held,
      run,
      lastRun,
      lastGoodAt: main['goodAt'] ?? null,
      files: Object.fromEntries(FILE_STATES.map((state) => [state, Number(main[`n:${state}`] ?? 0)])) as Record<
        FileState,
        number
      >,
    };
  }

  return {
    names: (): readonly string[] => [...sources.keys()],
    /** @throws TurnupError `TURNUP_NOT_FOUND` */
    read,

    /** Ended runs, newest first. @throws TurnupError `TURNUP_NOT_FOUND` */
    async runs(name: string, most: number): Promise<RunSummary[]> {
      sourceOf(name);
      return runs(name, most);
    },

    /**
     * Files in the order of their discovery, newest first.
     * @param query `cursor` is `next` of the page before
     * @throws TurnupError `TURNUP_NOT_FOUND`
     */
    async files(name: string, query: { limit: number; cursor?: string; state?: FileState }): Promise<FilePage> {
      sourceOf(name);
      const { limit, state } = query;
      const items: FileView[] = [];
      let before = query.cursor === undefined ? '+inf' : `(${query.cursor}`;
      for (let looked = 0; looked < MOST_LOOKED_AT; looked += AT_ONCE) {
        const count = state === undefined ? limit : AT_ONCE;
        const found = await redis.zrevrangebyscore(
          part(name, 'order'),
          before,
          '-inf',
          'WITHSCORES',
          'LIMIT',
          0,
          count,
        );
        if (found.length === 0) return { items, next: null };
        const ids = found.filter((_, at) => at % 2 === 0);
        const texts = await redis.hmget(part(name, 'files'), ...ids);
        for (const [at, text] of texts.entries()) {
          const number = found[at * 2 + 1]!;
          before = `(${number}`;
          const record = text === null ? null : (JSON.parse(text) as FileRecord);
          if (record && (state === undefined || record.state === state)) items.push(toView(record));
          if (items.length === limit) return { items, next: number };
        }
        if (ids.length < count) return { items, next: null };
      }
      return { items, next: before.slice(1) };
    },

    /**
     * Asks the workers for a run.
     * @returns its id
     * @throws TurnupError `TURNUP_NOT_FOUND`; `TURNUP_COLLECTION_BUSY` while one is under way
     */
    async start(name: string, wish: { by: string; since: number | null }): Promise<string> {
      if (await isLeased(redis, keys, sourceOf(name))) throw new TurnupError('TURNUP_COLLECTION_BUSY');
      const id = uuid();
      await queue.start({ source: name, id, ...wish });
      return id;
    },
  };
}
