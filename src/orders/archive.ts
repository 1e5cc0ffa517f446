import { promisify } from 'node:util';
import { deflateRaw } from 'node:zlib';
import { EVIDENCE } from './evidence.ts';
import { END, orderScript, runOrderScript, whileStoreIsThere, type Store } from './lua.ts';
import { loadArchive, type Archived } from './archived.ts';
import { toEntry } from './journal.ts';
import { toView } from './read.ts';
import { TERMINAL_STATES } from './states.ts';

const compress = promisify(deflateRaw);

/** Ids of orders that settled more than `ageMs` ago, oldest first. */
export async function dueForArchive(store: Store, ageMs: number, limit: number): Promise<string[]> {
  return whileStoreIsThere(async () => {
    const now = await serverTime(store);
    return store.redis.zrangebyscore(store.keys.settled(), 0, now - ageMs, 'LIMIT', 0, limit);
  });
}

/*
 * ARGV: 3 keep ms. KEYS[1] may be gone already. The archive itself was written before.
 * An externalId stays taken at least as long as its order can be found by it.
 */
const DROP = orderScript(`${END}${EVIDENCE}
local keep = tonumber(ARGV[3])
eachName(function(name)
  if redis.call('PTTL', name) < keep then redis.call('PEXPIRE', name, keep) end
end)
leaveKey(get('keyId'))
dropAllEvidence()
redis.call('UNLINK', K, P .. ':journal:' .. id, P .. ':lane:' .. id)
redis.call('ZREM', P .. ':settled', id)
redis.call('ZADD', P .. ':archived', now + keep, id)
return 1
`);

/**
 * Replaces a settled order by a compressed copy without its data and secrets. To be called after its jobs are gone.
 * A crash in between leaves the order due, and archiving it again is harmless.
 */
export async function archiveOrder(store: Store, id: string, keepMs: number): Promise<void> {
  const [entries, record] = await whileStoreIsThere(async () => {
    // The journal first: a record that is still there afterwards proves that no other worker had taken it away.
    const journal = await store.redis.xrange(store.keys.journal(id), '-', '+');
    return [journal, await store.redis.hgetall(store.keys.order(id))] as const;
  });
  if (record['state']) {
    const order = toView(id, record, null);
    if (!TERMINAL_STATES.includes(order.state)) return;
    const journal = entries.map(([at, fields]) => toEntry(at, fields));
    const content: Archived = { order, journal, entryIds: entries.map(([at]) => at) };
    const compressed = await compress(JSON.stringify(content));
    // No expiry: `forgetExpired` removes it together with the index entries it is needed for.
    await whileStoreIsThere(() => store.redis.set(store.keys.archive(id), compressed));
  }
  await runOrderScript(store, DROP, id, [keepMs]);
}

/* ARGV: 3 client, 4 target, 5 customer, 6 state. Every worker keeps house: only the first one may count. */
const FORGET = orderScript(`
if redis.call('ZREM', P .. ':archived', id) == 0 then return 0 end
redis.call('ZREM', P .. ':ix:all:', id)
redis.call('ZREM', P .. ':ix:client:' .. ARGV[3], id)
redis.call('ZREM', P .. ':ix:target:' .. ARGV[4], id)
redis.call('ZREM', P .. ':ix:customer:' .. ARGV[5], id)
redis.call('ZREM', P .. ':ix:state:' .. ARGV[6], id)
redis.call('HINCRBY', P .. ':counts', ARGV[4] .. ' ' .. ARGV[6], -1)
redis.call('UNLINK', P .. ':archive:' .. id)
return 1
`);

/** Takes archived orders whose time is over out of the indexes. Gives how many. */
export async function forgetExpired(store: Store, limit: number): Promise<number> {
  const ids = await whileStoreIsThere(async () => {
    const now = await serverTime(store);
    return store.redis.zrangebyscore(store.keys.archived(), 0, now, 'LIMIT', 0, limit);
  });
  let forgotten = 0;
  for (const id of ids) {
    const archived = await loadArchive(store, id);
    if (!archived) continue;
    const { client, target, state, customer } = archived.order;
    forgotten += Number(await runOrderScript(store, FORGET, id, [client, target, customer.externalId, state]));
  }
  return forgotten;
}

export async function serverTime(store: Store): Promise<number> {
  const [seconds, micros] = await store.redis.time();
  return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
}
