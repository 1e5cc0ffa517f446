import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import { orderScript, runOrderScript, whileStoreIsThere, type Store } from './lua.ts';
import { toEntry } from './journal.ts';
import { toView } from './read.ts';
import type { JournalEntry, OrderView } from './record.ts';
import { TERMINAL_STATES } from './states.ts';

const compress = promisify(deflateRaw);
const decompress = promisify(inflateRaw);

/** The archive outlives its due time a little, so that what it says is there to find its index entries by. */
const FORGET_GRACE_MS = 24 * 3600 * 1000;

export interface Archived {
  order: OrderView;
  journal: JournalEntry[];
}

/** Ids of orders that settled more than `ageMs` ago, oldest first. */
export async function dueForArchive(store: Store, ageMs: number, limit: number): Promise<string[]> {
  const now = await serverTime(store);
  return store.redis.zrangebyscore(store.keys.settled(), 0, now - ageMs, 'LIMIT', 0, limit);
}

/* ARGV: 3 keep ms. KEYS[1] may be gone already. The archive itself was written before. */
const DROP = orderScript(`
local keyId = get('keyId')
if keyId ~= '' and redis.call('HINCRBY', P .. ':sealed-with', keyId, -1) <= 0 then
  redis.call('HDEL', P .. ':sealed-with', keyId)
end
redis.call('UNLINK', K, P .. ':journal:' .. id, P .. ':lane:' .. id)
redis.call('ZREM', P .. ':settled', id)
redis.call('ZADD', P .. ':archived', now + tonumber(ARGV[3]), id)
return 1
`);

/**
 * Replaces a settled order by a compressed copy without its data and secrets. To be called after its jobs are gone.
 * A crash in between leaves the order due, and archiving it again is harmless.
 */
export async function archiveOrder(store: Store, id: string, keepMs: number): Promise<void> {
  const record = await store.redis.hgetall(store.keys.order(id));
  if (record['state']) {
    const entries = await store.redis.xrange(store.keys.journal(id), '-', '+');
    const order = toView(id, record, null);
    if (!TERMINAL_STATES.includes(order.state)) return;
    const content: Archived = { order, journal: entries.map(([at, fields]) => toEntry(at, fields)) };
    await store.redis.set(
      store.keys.archive(id),
      await compress(JSON.stringify(content)),
      'PX',
      keepMs + FORGET_GRACE_MS,
    );
  }
  await runOrderScript(store, DROP, id, [keepMs]);
}

export async function loadArchive(store: Store, id: string): Promise<Archived | null> {
  const content = await whileStoreIsThere(() => store.redis.getBuffer(store.keys.archive(id)));
  return content ? (JSON.parse((await decompress(content)).toString('utf8')) as Archived) : null;
}

/* ARGV: 3 client, 4 target, 5 customer, 6 state */
const FORGET = orderScript(`
redis.call('ZREM', P .. ':ix:all:', id)
redis.call('ZREM', P .. ':ix:client:' .. ARGV[3], id)
redis.call('ZREM', P .. ':ix:target:' .. ARGV[4], id)
redis.call('ZREM', P .. ':ix:customer:' .. ARGV[5], id)
redis.call('ZREM', P .. ':ix:state:' .. ARGV[6], id)
redis.call('HINCRBY', P .. ':counts', ARGV[4] .. ' ' .. ARGV[6], -1)
redis.call('UNLINK', P .. ':archive:' .. id)
redis.call('ZREM', P .. ':archived', id)
return 1
`);

/** Takes archived orders whose time is over out of the indexes. Gives how many. */
export async function forgetExpired(store: Store, limit: number): Promise<number> {
  const now = await serverTime(store);
  const ids = await store.redis.zrangebyscore(store.keys.archived(), 0, now, 'LIMIT', 0, limit);
  for (const id of ids) {
    const archived = await loadArchive(store, id);
    const { client = '', target = '', state = '', customer } = archived?.order ?? {};
    await runOrderScript(store, FORGET, id, [client, target, customer?.externalId ?? '', state]);
  }
  return ids.length;
}

export async function serverTime(store: Store): Promise<number> {
  const [seconds, micros] = await store.redis.time();
  return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
}
