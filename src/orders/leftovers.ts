import { serverTime } from './archive.ts';
import { LEFTOVER_MS, whileStoreIsThere, type Store } from './lua.ts';

/** A step of which an attempt that lost its lease may have made something beside what the record names. */
export interface Leftover {
  readonly order: string;
  readonly run: number;
  readonly step: string;
}

const memberOf = ({ order, run, step }: Leftover): string => `${order} ${run} ${step}`;

/** Lets somebody look for it a little later; takeovers do that by themselves (lua.ts, `takeAway`). */
export async function noteLeftover(store: Store, leftover: Leftover): Promise<void> {
  await whileStoreIsThere(async () => {
    const due = (await serverTime(store)) + LEFTOVER_MS;
    await store.redis.zadd(store.keys.leftovers(), due, memberOf(leftover));
  });
}

export async function dueLeftovers(store: Store, limit: number): Promise<Leftover[]> {
  return whileStoreIsThere(async () => {
    const now = await serverTime(store);
    const members = await store.redis.zrangebyscore(store.keys.leftovers(), 0, now, 'LIMIT', 0, limit);
    return members.map((member) => {
      const [order = '', run = '', step = ''] = member.split(' ');
      return { order, run: Number(run), step };
    });
  });
}

export async function clearLeftover(store: Store, leftover: Leftover): Promise<void> {
  await whileStoreIsThere(() => store.redis.zrem(store.keys.leftovers(), memberOf(leftover)));
}
