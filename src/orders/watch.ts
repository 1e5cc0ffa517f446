import { serverTime } from './archive.ts';
import { whileStoreIsThere, type Store } from './lua.ts';
import type { OrderState } from './states.ts';

/**
 * Orders that have not reached a terminal state and were not looked at for a while; they are due again in
 * `againInMs`, so that several reconcilers share the work.
 */
export async function dueForLook(store: Store, limit: number, againInMs: number): Promise<string[]> {
  return whileStoreIsThere(async () => {
    const now = await serverTime(store);
    const ids = await store.redis.zrangebyscore(store.keys.live(), 0, now, 'LIMIT', 0, limit);
    if (ids.length > 0) {
      await store.redis.zadd(store.keys.live(), 'XX', ...ids.flatMap((id) => [now + againInMs, id]));
    }
    return ids;
  });
}

/** Orders whose notBefore has passed. */
export async function dueForMailbox(store: Store, limit: number): Promise<string[]> {
  return whileStoreIsThere(async () =>
    store.redis.zrangebyscore(store.keys.scheduled(), 0, await serverTime(store), 'LIMIT', 0, limit),
  );
}

/** Ids of the sealing keys that stored orders need. */
export async function keyIdsInUse(store: Store): Promise<string[]> {
  return whileStoreIsThere(() => store.redis.hkeys(store.keys.sealedWith()));
}

export interface StateCount {
  target: string;
  state: OrderState;
  count: number;
}

/** How many orders, archived ones included, are in each state, per target. */
export async function countByState(store: Store): Promise<StateCount[]> {
  const counts = await whileStoreIsThere(() => store.redis.hgetall(store.keys.counts()));
  return Object.entries(counts).map(([field, count]) => {
    const [target = '', state] = field.split(' ');
    return { target, state: state as OrderState, count: Number(count) };
  });
}
