import { TurnupError } from '../errors/index.ts';
import { whileStoreIsThere, type Store } from './lua.ts';
import { readOrder } from './read.ts';
import type { OrderFilter, OrderView, Page } from './record.ts';

const CURSOR = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** How many orders one call looks at before it hands out a cursor, so that a rare filter cannot stall Redis. */
const LOOKED_AT = 2000;
const CHUNK = 100;

/** Newest first. A page may be short of `limit` and still have a `next`: the filter was rare. */
export async function listOrders(store: Store, filter: OrderFilter): Promise<Page<OrderView>> {
  if (filter.cursor !== undefined && !CURSOR.test(filter.cursor)) {
    throw new TurnupError('TURNUP_INVALID_REQUEST', { faults: [{ path: ['cursor'], message: 'is not a cursor' }] });
  }
  return whileStoreIsThere(async () => {
    const named = await namedOrders(store, filter);
    if (named !== null) {
      const orders = await Promise.all(named.map((id) => readOrder(store, id)));
      const found = orders.filter((order) => order !== null && matches(order, filter)) as OrderView[];
      const items = found.slice(0, filter.limit);
      return { items, next: found.length > items.length ? items.at(-1)!.id : null };
    }
    const index = mostSelective(store, filter);
    const items: OrderView[] = [];
    let below = filter.cursor ? `(${filter.cursor}` : '+';
    for (let seen = 0; seen < LOOKED_AT;) {
      const ids = await store.redis.zrevrangebylex(index, below, '-', 'LIMIT', 0, CHUNK);
      for (const id of ids) {
        const order = (await mayMatch(store, id, filter)) ? await readOrder(store, id) : null;
        if (order && matches(order, filter)) items.push(order);
        if (items.length === filter.limit) return { items, next: await nextAfter(store, index, id) };
      }
      if (ids.length < CHUNK) return { items, next: null };
      seen += ids.length;
      below = `(${ids.at(-1)}`;
    }
    return { items, next: below.slice(1) };
  });
}

/**
 * The orders an externalId leads to, newest first: it stays taken as long as its order can be listed. Null when they
 * have to be searched for, because whoever placed them is not known by name.
 */
async function namedOrders(store: Store, filter: OrderFilter): Promise<string[] | null> {
  const { externalId, client, cursor } = filter;
  const clients = client === undefined ? store.clients : [client];
  if (externalId === undefined || clients.length === 0) return null;
  const known = await store.redis.mget(clients.map((name) => store.keys.idempotency(name, 'e', externalId)));
  const ids = known.filter((value) => value !== null).map((value) => value.split(' ')[0]!);
  if (ids.length === 0 && client === undefined) return null;
  return ids
    .filter((id) => cursor === undefined || id < cursor)
    .toSorted()
    .toReversed();
}

async function nextAfter(store: Store, index: string, id: string): Promise<string | null> {
  const further = await store.redis.zrevrangebylex(index, `(${id}`, '-', 'LIMIT', 0, 1);
  return further.length > 0 ? id : null;
}

function mostSelective(store: Store, filter: OrderFilter): string {
  const { keys } = store;
  if (filter.customer !== undefined) return keys.index('customer', filter.customer);
  if (filter.state !== undefined && filter.state !== 'completed') return keys.index('state', filter.state);
  if (filter.client !== undefined) return keys.index('client', filter.client);
  if (filter.target !== undefined) return keys.index('target', filter.target);
  return keys.index('all');
}

/** A cheap look at the live record before the whole of it is read; archived orders pass. */
async function mayMatch(store: Store, id: string, filter: OrderFilter): Promise<boolean> {
  const [state, client, target, ext] = await store.redis.hmget(
    store.keys.order(id),
    'state',
    'client',
    'target',
    'ext',
  );
  if (!state) return true;
  return (
    (filter.state === undefined || filter.state === state) &&
    (filter.client === undefined || filter.client === client) &&
    (filter.target === undefined || filter.target === target) &&
    (filter.externalId === undefined || filter.externalId === ext)
  );
}

function matches(order: OrderView, filter: OrderFilter): boolean {
  return (
    (filter.state === undefined || order.state === filter.state) &&
    (filter.client === undefined || order.client === filter.client) &&
    (filter.target === undefined || order.target === filter.target) &&
    (filter.customer === undefined || order.customer.externalId === filter.customer) &&
    (filter.externalId === undefined || order.externalId === filter.externalId)
  );
}
