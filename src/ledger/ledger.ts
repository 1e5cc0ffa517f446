import type { Redis } from 'ioredis';
import { whileStoreIsThere } from '../orders/lua.ts';
import type { KeyScheme } from '../redis/keys.ts';
import { readDone, type DoneOrder } from './done.ts';
import type { LedgerCustomer, LedgerEntry, LedgerSubscriber } from './entry.ts';
import { fold, touchedBy } from './fold.ts';
import { writeFolded, type Change } from './write.ts';

/** An entry, and what it changes with: the last order that was folded into it. */
export interface LedgerReading {
  readonly entry: LedgerEntry;
  readonly version: string;
}

export interface LedgerOptions {
  readonly redis: Redis;
  readonly keys: KeyScheme;
  /** Told of an order that could not be entered, which is passed over. */
  onFault?(order: string, error: unknown): void;
}

export type Ledger = ReturnType<typeof createLedger>;

/** Orders folded at once: they share round trips, and what is read of an entry. */
const BATCH = 32;
const CUSTOMER = 'customer';
const VERSION = 'version';
const SUBSCRIBER = 's:';

/** What an entry's hash holds; null where there is no entry. */
function readEntry(fields: Readonly<Record<string, string | null | undefined>>): LedgerEntry | null {
  const customer = fields[CUSTOMER];
  if (!customer) return null;
  const subscribers = Object.entries(fields)
    .filter(([name, told]) => name.startsWith(SUBSCRIBER) && told)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, told]) => [name.slice(SUBSCRIBER.length), JSON.parse(told!) as LedgerSubscriber]);
  return { customer: JSON.parse(customer) as LedgerCustomer, subscribers: Object.fromEntries(subscribers) };
}

/** An entry while orders are folded into it, as far as it was read. */
interface Draft {
  readonly target: string;
  readonly customer: string;
  entry: LedgerEntry | null;
  readonly before: LedgerEntry | null;
  version: string;
  /** Whole, or these subscribers only. */
  readonly seen: 'all' | ReadonlySet<string>;
}

function changeOf({ target, customer, entry, before, version, seen }: Draft): Change | null {
  if (entry === before) return null;
  // Of an entry that was seen whole nothing is kept that is not in it now.
  const isWhole = seen === 'all';
  if (entry === null) return { target, customer, drop: isWhole, set: [], gone: [] };
  const was = isWhole ? {} : (before?.subscribers ?? {});
  const told = Object.entries(entry.subscribers).filter(([name, one]) => one !== was[name]);
  return {
    target,
    customer,
    drop: isWhole,
    set: [
      [CUSTOMER, JSON.stringify(entry.customer)],
      [VERSION, version],
      ...told.map(([name, one]) => [SUBSCRIBER + name, JSON.stringify(one)] as const),
    ],
    gone: Object.keys(was)
      .filter((name) => !Object.hasOwn(entry.subscribers, name))
      .map((name) => SUBSCRIBER + name),
  };
}

/**
 * What Turnup was told to have on its targets, from orders that ended well. They are entered in the order in which they
 * ended, each once, by whoever comes first.
 */
export function createLedger({ redis, keys, onFault }: LedgerOptions) {
  async function load(
    target: string,
    customer: string,
    names: 'all' | ReadonlySet<string>,
  ): Promise<LedgerEntry | null> {
    const key = keys.ledger(target, customer);
    if (names === 'all') return readEntry(await redis.hgetall(key));
    const fields = [CUSTOMER, ...[...names].map((name) => SUBSCRIBER + name)];
    const values = await redis.hmget(key, ...fields);
    return readEntry(Object.fromEntries(fields.map((name, at) => [name, values[at]])));
  }

  async function readDrafts(orders: readonly DoneOrder[]): Promise<Map<string, Draft>> {
    const wanted = new Map<string, { target: string; customer: string; names: 'all' | Set<string> }>();
    for (const order of orders) {
      for (const [customer, names] of touchedBy(order)) {
        const key = keys.ledger(order.target, customer);
        const before = wanted.get(key)?.names ?? new Set<string>();
        const all = names === 'all' || before === 'all' ? 'all' : new Set([...before, ...names]);
        wanted.set(key, { target: order.target, customer, names: all });
      }
    }
    const drafts = await Promise.all(
      [...wanted].map(async ([key, { target, customer, names }]): Promise<[string, Draft]> => {
        const entry = await load(target, customer, names);
        return [key, { target, customer, entry, before: entry, version: '', seen: names }];
      }),
    );
    return new Map(drafts);
  }

  function enter(order: DoneOrder, drafts: Map<string, Draft>): void {
    for (const customer of touchedBy(order).keys()) {
      const draft = drafts.get(keys.ledger(order.target, customer))!;
      draft.entry = fold(draft.entry, order, customer);
      draft.version = order.id;
    }
  }

  /** Folds the oldest orders; gives how many, or null when somebody else was at it. */
  async function foldSome(): Promise<number | null> {
    const ids = await redis.lrange(keys.unfolded(), 0, BATCH - 1);
    if (ids.length === 0) return 0;
    const records = await Promise.all(ids.map((id) => redis.hgetall(keys.order(id))));
    const orders = ids.flatMap((id, at) => {
      try {
        return readDone(id, records[at]!) ?? [];
      } catch (error) {
        onFault?.(id, error);
        return [];
      }
    });
    const drafts = await readDrafts(orders);
    for (const order of orders) {
      try {
        enter(order, drafts);
      } catch (error) {
        // One order that cannot be entered must not keep the others out for ever.
        onFault?.(order.id, error);
      }
    }
    const changes = [...drafts.values()].map(changeOf).filter((change) => change !== null);
    return (await writeFolded(redis, keys, ids, changes)) ? ids.length : null;
  }

  return {
    /** Enters every order that has ended until now. Safe in any number of processes at once. Gives how many were entered. */
    async fold(): Promise<number> {
      return whileStoreIsThere(async () => {
        let folded = 0;
        for (;;) {
          const some = await foldSome();
          if (some === 0) return folded;
          folded += some ?? 0;
        }
      });
    },
    /** Whether an order is still to be entered: until then its record must stay. */
    awaits: (order: string): Promise<boolean> =>
      whileStoreIsThere(async () => (await redis.hexists(keys.order(order), 'unfolded')) === 1),
    /** Null when Turnup was told nothing of the customer. */
    read: (target: string, customer: string): Promise<LedgerReading | null> =>
      whileStoreIsThere(async () => {
        const fields = await redis.hgetall(keys.ledger(target, customer));
        const entry = readEntry(fields);
        return entry && { entry, version: fields[VERSION] ?? '' };
      }),
    /** Customers of a target, sorted, those behind `after`; '' begins. */
    customers: (target: string, after: string, limit: number): Promise<string[]> =>
      whileStoreIsThere(() =>
        redis.zrangebylex(keys.ledgerCustomers(target), after === '' ? '-' : `(${after}`, '+', 'LIMIT', 0, limit),
      ),
    countCustomers: (target: string): Promise<number> =>
      whileStoreIsThere(() => redis.zcard(keys.ledgerCustomers(target))),
  };
}
