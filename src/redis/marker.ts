import { randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { shownRedisUrl } from './connect.ts';
import type { KeyScheme } from './keys.ts';
import { defineScript, runScript } from './script.ts';

/**
 * `empty`: nothing was left of a store that was there. `other`: it is not the one that was there. `older`: it is the
 * one that was there, without its last writes (a failover, a snapshot).
 */
export type LossKind = 'empty' | 'other' | 'older';

export interface WatchStoreOptions {
  redis: Redis;
  keys: KeyScheme;
  /** What is known of the store is kept in `dataDir` too and so outlives this process, where that folder exists. */
  config: { readonly dataDir: string; readonly redis: { readonly url: string | null; readonly prefix: string } };
  log: { error(members: object, message: string): void };
  /** How often to look while the connection lasts, in ms. Default 5,000. */
  everyMs?: number;
}

export interface Marker {
  close(): void;
}

const LOOK_MS = 5_000;
const FILE = 'stores.json';

/*
 * Hash: id, since (ms), looks (how often anybody looked), lostAt (ms), lost (a LossKind).
 * ARGV: 1 id to give a store that has none, 2 remembered id or '', 3 number of looks when that was last seen.
 * Many processes look, so the number rises all the time: one that is lower than it was is of a store that went back.
 */
const LOOK = defineScript(`
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local id = redis.call('HGET', KEYS[1], 'id')
local lost = ''
if not id then
  id = ARGV[1]
  redis.call('HSET', KEYS[1], 'id', id, 'since', now)
  if ARGV[2] ~= '' then lost = 'empty' end
elseif ARGV[2] ~= '' and ARGV[2] ~= id then
  lost = 'other'
elseif ARGV[2] == id and tonumber(redis.call('HGET', KEYS[1], 'looks') or '0') < tonumber(ARGV[3]) then
  lost = 'older'
end
if lost ~= '' then redis.call('HSET', KEYS[1], 'lost', lost, 'lostAt', now) end
if lost == 'older' then redis.call('HSET', KEYS[1], 'looks', ARGV[3]) end
return { id, redis.call('HGET', KEYS[1], 'since'), redis.call('HINCRBY', KEYS[1], 'looks', 1), lost }
`);

const knownSchema = z.object({ id: z.string(), since: z.string() });
type Known = z.infer<typeof knownSchema>;
const fileSchema = z.record(z.string(), knownSchema);

async function recall(dataDir: string): Promise<Record<string, Known>> {
  try {
    return fileSchema.parse(JSON.parse(await readFile(join(dataDir, FILE), 'utf8')));
  } catch {
    // Missing or broken: then there is nothing to compare with.
    return {};
  }
}

async function remember(dataDir: string, place: string, known: Known): Promise<void> {
  const draft = join(dataDir, `${FILE}.${process.pid}`);
  try {
    await writeFile(draft, JSON.stringify({ ...(await recall(dataDir)), [place]: known }), { mode: 0o600 });
    await rename(draft, join(dataDir, FILE));
  } catch {
    // No folder, or a read-only one: this process remembers by itself.
  }
}

/**
 * Watches whether this Redis still holds what it held (I1): at the start, whenever the connection was made anew, and
 * now and then. A store that was emptied, replaced or went back in time works well, so nothing else would tell. Never
 * throws: a Redis that is away is looked at when it is back.
 */
export async function watchStore(options: WatchStoreOptions): Promise<Marker> {
  const { redis, keys, config, log, everyMs = LOOK_MS } = options;
  const { url, prefix } = config.redis;
  const place = `${url === null ? 'embedded' : shownRedisUrl(url)} ${prefix}`;
  let known: Known | null = (await recall(config.dataDir))[place] ?? null;
  let looks = 0;
  let looking: Promise<void> | null = null;

  async function look(): Promise<void> {
    const args = [randomUUID(), known?.id ?? '', looks];
    const reply = (await runScript(redis, LOOK, keys.marker(), args)) as [string, string, number, LossKind | ''];
    const [id, since, count, lost] = reply;
    const before = known;
    looks = count;
    known = { id, since: new Date(Number(since)).toISOString() };
    if (lost !== '') log.error({ lost, since: before?.since }, describeLoss(lost));
    if (before?.id !== id) await remember(config.dataDir, place, known);
  }

  const lookSoon = (): Promise<void> => {
    looking ??= look()
      .catch(() => undefined)
      .finally(() => {
        looking = null;
      });
    return looking;
  };

  await lookSoon();
  const lookAgain = (): void => void lookSoon();
  redis.on('ready', lookAgain);
  const timer = setInterval(lookAgain, everyMs);
  timer.unref();
  return {
    close() {
      clearInterval(timer);
      redis.off('ready', lookAgain);
    },
  };
}

export interface StoreLoss {
  readonly kind: LossKind;
  /** ISO 8601 UTC. */
  readonly at: string;
}

/** The last loss that any process noticed; null when there was none. */
export async function lastLoss(redis: Redis, keys: KeyScheme): Promise<StoreLoss | null> {
  const [kind, at] = await redis.hmget(keys.marker(), 'lost', 'lostAt');
  return kind && at ? { kind: kind as LossKind, at: new Date(Number(at)).toISOString() } : null;
}

const SAID: Record<LossKind, string> = {
  empty: 'Redis is empty although it was not',
  other: 'Redis holds other data than it held',
  older: 'Redis went back in time: it lacks what was written last',
};

/** For the log and `/readyz`. */
export function describeLoss(kind: LossKind): string {
  return `${SAID[kind]}; orders that were accepted may be gone, post them again`;
}
