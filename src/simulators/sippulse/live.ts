import type { AccountRow, DtoRow, SubscriberRow } from './rows.ts';
import type { SippulseState } from './state.ts';

/*
 * Calls go by what the proxies have read, and they read at a reload only. Which change waits for which reload is the
 * table of sippulse.md, "Retry, find-before-create, compensation, reload", its assumed ones included. Credit, quotas,
 * locations, resellers, rate plans and rates wait for none there.
 */

/** The proxies' part of a subscriber: neither credit nor quotas. */
function subscriberRowView(row: SubscriberRow): object {
  const { id, columns, active, privacyCalls, topologyHiding, dailyStatistics, classV, cps, keepAlive } = row;
  return { id, ...columns, active, privacyCalls, topologyHiding, dailyStatistics, ...classV, cps, keepAlive };
}

const dtoView = ({ id, columns }: DtoRow): object => ({ id, ...columns });
const dtoViews = (rows: readonly AccountRow[]): object[] => rows.map(dtoView);

/** Undefined when the account means nothing to the proxies. */
function subscriberView(state: SippulseState, account: string): object | undefined {
  const row = state.subscribers.get(account);
  const whiteList = state.whiteLists.of(account);
  const dbAliases = state.dbAliases.of(account);
  const group = state.accountGroups.get(account);
  if (!row && whiteList.length === 0 && dbAliases.length === 0 && !group) return undefined;
  return {
    subscriber: row ? subscriberRowView(row) : null,
    whiteList: dtoViews(whiteList),
    dbAliases: dtoViews(dbAliases),
    accountGroup: group ? [...group.accounts].toSorted() : [],
  };
}

/** Members in one order, so that equal rows give equal texts whichever operation wrote them. */
const sorted = (_name: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1)))
    : value;

const text = (view: object | undefined): string | undefined => (view ? JSON.stringify(view, sorted) : undefined);

function take<Key>(live: Map<Key, string>, key: Key, view: object | undefined): void {
  const wanted = text(view);
  if (wanted === undefined) live.delete(key);
  else live.set(key, wanted);
}

const rowView = (row: DtoRow | undefined): object | undefined => row && dtoView(row);

export function reloadSubscriber(state: SippulseState, account: string): void {
  take(state.live.subscriber, account, subscriberView(state, account));
}

export function reloadDid(state: SippulseState, id: number): void {
  take(state.live.did, id, rowView(state.dids.get(id)));
}

export function reloadHuntGroup(state: SippulseState, id: number): void {
  take(state.live.huntGroup, id, rowView(state.huntGroups.get(id)));
}

/** All addresses at once. */
export function reloadAddresses(state: SippulseState): void {
  state.live.address.clear();
  for (const row of state.addresses.rows.values()) take(state.live.address, row.id, dtoView(row));
}

/** As the proxies have it; null when they know nothing of it. */
export function liveView<Key>(live: ReadonlyMap<Key, string>, key: Key): unknown {
  const view = live.get(key);
  return view === undefined ? null : (JSON.parse(view) as unknown);
}

/** An object whose last change the proxies have not read. */
export interface Unreloaded {
  readonly kind: 'subscriber' | 'did' | 'huntGroup' | 'address';
  /** `username@domain`, or the id. */
  readonly key: string | number;
  /** The operation that is missing. */
  readonly reload: 'reloadSubscriber' | 'reloadDid' | 'reloadHuntGroup' | 'reloadAddress';
  /** Null when it is gone, or new to the proxies, respectively. */
  readonly stored: unknown;
  readonly live: unknown;
}

/** Everything that the proxies have otherwise than it is stored. Changed and changed back is no difference. */
export function unreloaded(state: SippulseState): Unreloaded[] {
  const found: Unreloaded[] = [];
  function compare<Key extends string | number>(
    [kind, reload]: readonly [Unreloaded['kind'], Unreloaded['reload']],
    live: ReadonlyMap<Key, string>,
    keys: Iterable<Key>,
    view: (key: Key) => object | undefined,
  ): void {
    for (const key of new Set([...live.keys(), ...keys])) {
      const stored = view(key);
      if (text(stored) === live.get(key)) continue;
      found.push({ kind, key, reload, stored: stored ?? null, live: liveView(live, key) });
    }
  }
  const { live, whiteLists, dbAliases } = state;
  const accounts = [
    ...state.subscribers.keys(),
    ...state.accountGroups.keys(),
    ...[...whiteLists.rows.values(), ...dbAliases.rows.values()].map((row) => row.account),
  ];
  compare(['subscriber', 'reloadSubscriber'], live.subscriber, accounts, (key) => subscriberView(state, key));
  compare(['did', 'reloadDid'], live.did, state.dids.keys(), (key) => rowView(state.dids.get(key)));
  compare(['huntGroup', 'reloadHuntGroup'], live.huntGroup, state.huntGroups.keys(), (key) =>
    rowView(state.huntGroups.get(key)),
  );
  compare(['address', 'reloadAddress'], live.address, state.addresses.rows.keys(), (key) =>
    rowView(state.addresses.rows.get(key)),
  );
  return found;
}
