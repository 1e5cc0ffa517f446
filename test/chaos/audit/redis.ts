import { isTerminal, type OrderSeen } from '../seen.ts';
import type { Redis } from 'ioredis';
import type { Violate } from './evidence.ts';

const OWN = '{turnup}:t';

/** What is left in Redis between orders: mailboxes and lists of live orders name only orders that are not over. */
export async function auditRest(redis: Redis, orders: readonly OrderSeen[], violate: Violate): Promise<void> {
  const byId = new Map(orders.map((order) => [order.id, order]));
  const check = (where: string, ids: readonly string[]): void => {
    for (const id of ids) {
      const order = byId.get(id);
      if (!order || isTerminal(order))
        violate('at rest', `${where} holds order ${order?.externalId ?? id}, which is ${order?.state ?? 'nowhere'}`);
    }
  };
  for (const key of await redis.keys(`${OWN}:mailbox:*`)) check(key, await redis.lrange(key, 0, -1));
  check('the list of live orders', await redis.zrange(`${OWN}:live`, '0', '-1'));
  check('the list of future orders', await redis.zrange(`${OWN}:scheduled`, '0', '-1'));
  for (const key of await redis.keys('{turnup}:*:active')) {
    // A look after all orders goes on all the time.
    if (key.includes(':upkeep:')) continue;
    const jobs = await redis.lrange(key, 0, -1);
    if (jobs.length > 0) violate('at rest', `${key} still holds ${jobs.join()}`);
  }
}
