import { readContent } from './content.ts';
import { whileStoreIsThere, type Store } from './lua.ts';
import { readPlacement, type Placement } from './read.ts';
import { TERMINAL_STATES } from './states.ts';

interface Name {
  readonly username: string;
  readonly domain: string;
}

/** An order that has begun and not ended: what it is at may be before or after it, or in between. */
export interface UnderWay {
  readonly id: string;
  /** It goes on by itself; else it waits for a person. */
  readonly isMoving: boolean;
  /** It changed the customer's own data, or may have. */
  readonly customer: boolean;
  /** Subscribers of the customer that it changed, or may have. */
  readonly subscribers: 'all' | readonly Name[];
}

interface Item extends Name {
  readonly id: string;
}

interface Move {
  readonly id: string;
  readonly from: Name & { readonly customer: string };
  readonly to: Name;
}

async function describe(store: Store, order: Placement, customer: string): Promise<UnderWay | null> {
  const isMoving = order.state !== 'held' && order.state !== 'pending' && order.startedMs !== null;
  if (!isMoving && order.toUndo.length === 0) return null;
  const content = await readContent(store, order.id);
  if (!content) return null;
  const changed = new Set(order.plan.filter(({ id }) => order.toUndo.includes(id)).map(({ item }) => item));
  const isOwn = order.customer === customer;
  const items = content.subscribers as unknown as Item[];
  const moves = ((content.common['moves'] ?? []) as Move[]).filter(({ id }) => changed.has(id));
  const named = items.filter(({ id }) => changed.has(id));
  const isWhole = items.length === 0 && moves.length === 0 && changed.has(null);
  const subscribers = [
    ...(isOwn ? [...named, ...moves.map(({ to }) => to)] : []),
    ...moves.filter(({ from }) => from.customer === customer).map(({ from }) => from),
  ];
  return {
    id: order.id,
    isMoving,
    customer: isOwn && changed.has(null),
    subscribers: isOwn && isWhole ? 'all' : subscribers,
  };
}

/** Orders at a customer of a target that have begun and not ended, also those that take a number from it. */
export async function ordersUnderWay(store: Store, target: string, customer: string): Promise<UnderWay[]> {
  const { redis, keys } = store;
  const [live, heads] = await whileStoreIsThere(() =>
    Promise.all([
      redis.zinter(2, keys.index('customer', customer), keys.live()),
      redis.lrange(keys.mailbox(target, customer), 0, 0),
    ]),
  );
  const placed = await Promise.all([...new Set([...live, ...heads])].map((id) => readPlacement(store, id)));
  const there = placed.filter(
    (order) => order !== null && order.target === target && !TERMINAL_STATES.includes(order.state),
  ) as Placement[];
  const described = await Promise.all(there.map((order) => describe(store, order, customer)));
  return described.filter((order) => order !== null);
}
