import type { Redis } from 'ioredis';
import { LEASE_MS, takeLease } from '../../collector/lease.ts';
import { openSession } from '../../collector/ssh/session.ts';
import type { CollectionConfig, Config } from '../../config/index.ts';
import { connectRedis } from '../../redis/connect.ts';
import { createKeys, type KeyScheme } from '../../redis/keys.ts';
import type { Check } from './check.ts';

const MOST_ENTRIES = 200_000;

function bad(about: string, error: unknown): Check {
  return { about, verdict: 'bad', detail: error instanceof Error ? error.message : String(error) };
}

/** The address, the algorithms, the host key and both factors, by logging in once. */
async function logIn(source: CollectionConfig): Promise<Check[]> {
  const about = `collection ${source.name}`;
  const good = (what: string, detail: string): Check => ({ about: `${about}, ${what}`, verdict: 'good', detail });
  const session = await openSession(source);
  try {
    const { localAddress, cipher, mac, keyExchange, hostKey, hostKeyAlgorithm, factors } = session.facts;
    const checks = [
      good('address', `${localAddress} is used; allowed are ${source.sourceAddresses.join(', ')}`),
      good('algorithms', `${keyExchange}, ${cipher}, ${mac === 'implicit' ? 'its own MAC' : mac}`),
      good('host key', `${hostKey} (${hostKeyAlgorithm}), as pinned`),
      good('factors', factors.join(' and ')),
    ];
    const listed = await session.list(source.folder, MOST_ENTRIES).then(
      (entries) => good('folder', `entries in ${source.folder}: ${entries.length}`),
      (error: unknown) => bad(`${about}, folder`, error),
    );
    return [...checks, listed];
  } finally {
    session.end();
  }
}

interface Store {
  readonly redis: Redis;
  readonly keys: KeyScheme;
}

/**
 * One source. One that is held is not tried, since another wrong login could lock it for all systems of its owner; nor
 * one whose server has all the connections that it allows.
 */
async function checkCollection(source: CollectionConfig, store: Store | null): Promise<Check[]> {
  const about = `collection ${source.name}`;
  try {
    if (store && (await store.redis.hexists(store.keys.collection(source.name), 'held')) === 1) {
      const detail = `it is held, so no login was tried: "turnup collect ${source.name}" tries one`;
      return [{ about, verdict: 'bad', detail }];
    }
    const taken = store && (await takeLease(store.redis, store.keys, source, LEASE_MS));
    if (taken && 'busyMs' in taken) {
      const detail = 'its server has as many connections as it allows, so none was made';
      return [{ about, verdict: 'warning', detail }];
    }
    try {
      return await logIn(source);
    } finally {
      await taken?.lease.release();
    }
  } catch (error) {
    return [bad(about, error)];
  }
}

async function openStore({ redis: { url, prefix } }: Config): Promise<Store | null> {
  if (url === null) return null;
  const redis = await connectRedis(url, { role: 'api', startMs: 5000 }).catch(() => null);
  return redis && { redis, keys: createKeys(prefix) };
}

/** All sources that this machine collects from, one after the other. Never throws. */
export async function checkCollections(config: Config): Promise<Check[]> {
  if (!config.workers.collect || config.collections.size === 0) return [];
  const store = await openStore(config);
  try {
    const checks: Check[] = [];
    for (const source of config.collections.values()) checks.push(...(await checkCollection(source, store)));
    return checks;
  } finally {
    store?.redis.disconnect();
  }
}
