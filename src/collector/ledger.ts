import type { Redis } from 'ioredis';
import { TurnupError } from '../errors/index.ts';
import type { KeyScheme } from '../redis/keys.ts';
import { defineScript, runScript } from '../redis/script.ts';
import type { Lease } from './lease.ts';
import type { FileRecord, Hold, RunProgress, RunSummary } from './model.ts';

const RUNS_KEPT = 300;
const AT_ONCE = 500;

/* KEYS[1]: leases. ARGV: 1 member. Whoever has lost the lease writes nothing more. */
const FENCE = `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
if tonumber(redis.call('ZSCORE', KEYS[1], ARGV[1]) or '0') <= now then return -1 end
`;

/* ARGV: 2 files, 3 order, 4 open, 5 hash of the source, then id and JSON by turns. */
const PUT = defineScript(`${FENCE}
local OPEN = { seen = true, fetching = true, stored = true }
for i = 6, #ARGV, 2 do
  local id = ARGV[i]
  local before = redis.call('HGET', ARGV[2], id)
  local state = cjson.decode(ARGV[i + 1])['state']
  redis.call('HSET', ARGV[2], id, ARGV[i + 1])
  if before then
    redis.call('HINCRBY', ARGV[5], 'n:' .. cjson.decode(before)['state'], -1)
  else
    redis.call('ZADD', ARGV[3], redis.call('HINCRBY', ARGV[5], 'files', 1), id)
  end
  redis.call('HINCRBY', ARGV[5], 'n:' .. state, 1)
  if OPEN[state] then redis.call('SADD', ARGV[4], id) else redis.call('SREM', ARGV[4], id) end
end
return 1
`);

/* ARGV: 2 hash, 3 field, 4 file id. Whose the field is from now on, or has been. */
const CLAIM = defineScript(`${FENCE}
redis.call('HSETNX', ARGV[2], ARGV[3], ARGV[4])
return redis.call('HGET', ARGV[2], ARGV[3])
`);

/* ARGV: 2 hash, 3 field, 4 file id */
const DISCLAIM = defineScript(`${FENCE}
if redis.call('HGET', ARGV[2], ARGV[3]) == ARGV[4] then redis.call('HDEL', ARGV[2], ARGV[3]) end
return 1
`);

/* ARGV: 2 files, 3 order, 4 names, 5 contents, 6 hash of the source, 7 id, 8 local name, 9 content. */
const FORGET = defineScript(`${FENCE}
local before = redis.call('HGET', ARGV[2], ARGV[7])
if not before then return 0 end
redis.call('HDEL', ARGV[2], ARGV[7])
redis.call('ZREM', ARGV[3], ARGV[7])
if redis.call('HGET', ARGV[4], ARGV[8]) == ARGV[7] then redis.call('HDEL', ARGV[4], ARGV[8]) end
if redis.call('HGET', ARGV[5], ARGV[9]) == ARGV[7] then redis.call('HDEL', ARGV[5], ARGV[9]) end
redis.call('HINCRBY', ARGV[6], 'n:' .. cjson.decode(before)['state'], -1)
return 1
`);

const contentOf = ({ sha256, path }: Pick<FileRecord, 'sha256' | 'path'>): string => `${sha256 ?? ''}:${path}`;

/** What is held against changes of others: only who has the lease writes. */
export type Ledger = ReturnType<typeof createLedger>;

/** What a run writes of a source. Everything throws TurnupError `TURNUP_LEASE_LOST` once the lease is gone. */
export function createLedger(redis: Redis, keys: KeyScheme, source: string, lease: Lease) {
  const main = keys.collection(source);
  const part = (name: Parameters<KeyScheme['collectionPart']>[1]) => keys.collectionPart(source, name);

  async function fenced(script: ReturnType<typeof defineScript>, args: readonly (string | number)[]): Promise<unknown> {
    lease.require();
    const result = await runScript(redis, script, lease.key, [lease.member, ...args]);
    if (result === -1) throw new TurnupError('TURNUP_LEASE_LOST', { detail: `collection ${source}` });
    return result;
  }

  return {
    async put(...records: readonly FileRecord[]): Promise<void> {
      for (let at = 0; at < records.length; at += AT_ONCE) {
        const some = records.slice(at, at + AT_ONCE).flatMap((record) => [record.id, JSON.stringify(record)]);
        await fenced(PUT, [part('files'), part('order'), part('open'), main, ...some]);
      }
    },

    /** Whether the local name is this file's. */
    async claimName(local: string, id: string): Promise<boolean> {
      return (await fenced(CLAIM, [part('names'), local, id])) === id;
    },

    /** The name is free again. */
    async disclaimName(local: string, id: string): Promise<void> {
      await fenced(DISCLAIM, [part('names'), local, id]);
    },

    /** The first file of this path with this content: itself, or an earlier one. */
    async claimContent(record: Pick<FileRecord, 'id' | 'path' | 'sha256'>): Promise<string> {
      return String(await fenced(CLAIM, [part('contents'), contentOf(record), record.id]));
    },

    async forget(record: FileRecord): Promise<void> {
      const own = [record.id, record.local ?? '', contentOf(record)];
      await fenced(FORGET, [part('files'), part('order'), part('names'), part('contents'), main, ...own]);
    },

    /** Of these ids, in their order; null for one that is not known. */
    async read(ids: readonly string[]): Promise<(FileRecord | null)[]> {
      const records: (FileRecord | null)[] = [];
      for (let at = 0; at < ids.length; at += AT_ONCE) {
        const texts = await redis.hmget(part('files'), ...ids.slice(at, at + AT_ONCE));
        records.push(...texts.map((text) => (text === null ? null : (JSON.parse(text) as FileRecord))));
      }
      return records;
    },

    /** Everything that is not handed over yet. */
    async open(): Promise<FileRecord[]> {
      const ids = await redis.smembers(part('open'));
      return (await this.read(ids)).filter((record) => record !== null);
    },

    /** All records, a few at a time, in no order; some may come twice. */
    async *all(): AsyncGenerator<FileRecord> {
      let cursor = '0';
      do {
        const [next, found] = await redis.hscan(part('files'), cursor, 'COUNT', AT_ONCE);
        cursor = next;
        for (let at = 1; at < found.length; at += 2) yield JSON.parse(found[at]!) as FileRecord;
      } while (cursor !== '0');
    },

    /** Path → what was noted of it. */
    async unsettled(): Promise<Map<string, string>> {
      return new Map(Object.entries(await redis.hgetall(part('unsettled'))));
    },

    async setUnsettled(noted: ReadonlyMap<string, string>): Promise<void> {
      lease.require();
      const writes = redis.multi().del(part('unsettled'));
      if (noted.size > 0) writes.hset(part('unsettled'), noted);
      await writes.exec();
    },

    async hold(hold: Hold): Promise<void> {
      await redis.hset(main, 'held', JSON.stringify(hold));
    },

    async release(): Promise<void> {
      await redis.hdel(main, 'held');
    },

    async held(): Promise<Hold | null> {
      const text = await redis.hget(main, 'held');
      return text === null ? null : (JSON.parse(text) as Hold);
    },

    /**
     * Whether the local folder is the one of the runs before; the first one's counts as that.
     * @param adopt takes it from now on, whichever it is
     */
    async isFolder(identity: string, adopt: boolean): Promise<boolean> {
      if (adopt) await redis.hset(main, 'folder', identity);
      else await redis.hsetnx(main, 'folder', identity);
      return (await redis.hget(main, 'folder')) === identity;
    },

    /** When the house was kept last, in ms. */
    async keptAt(): Promise<number> {
      return Number((await redis.hget(main, 'keptAt')) ?? 0);
    },

    async setKeptAt(at: number): Promise<void> {
      await redis.hset(main, 'keptAt', at);
    },

    async progress(progress: RunProgress): Promise<void> {
      lease.require();
      await redis.hset(main, 'run', JSON.stringify(progress));
    },

    /** It ended before it did anything that is worth telling. */
    async rested(): Promise<void> {
      await redis.hdel(main, 'run');
    },

    /** `isGood`: it did what it was there for. */
    async ended(summary: RunSummary, isGood: boolean): Promise<void> {
      const writes = redis
        .multi()
        .hdel(main, 'run')
        .lpush(part('runs'), JSON.stringify(summary))
        .ltrim(part('runs'), 0, RUNS_KEPT - 1);
      if (isGood) writes.hset(main, 'goodAt', summary.endedAt);
      await writes.exec();
    },
  };
}
