import { liveView, unreloaded } from './live.ts';
import type { AccountRow, DtoRow, SubscriberRow } from './rows.ts';
import { accountOf, type SippulseState } from './state.ts';

const plain = ({ id, columns }: DtoRow | AccountRow): object => ({ id, ...columns });

function shownSubscriber(row: SubscriberRow, state: SippulseState): object {
  const { columns, classV, ...rest } = row;
  const account = accountOf(row.username, row.domain);
  return { ...columns, ...classV, ...rest, accountCode: account, live: liveView(state.live.subscriber, account) };
}

const withLive = (live: ReadonlyMap<number, string>) => (row: DtoRow) => ({
  ...plain(row),
  live: liveView(live, row.id),
});

/**
 * All that is stored, by kind, passwords in clear. What waits for a reload has `live` beside it: what the proxies work
 * with, null when they know nothing of it (of a subscriber: `{ subscriber, whiteList, dbAliases, accountGroup }`).
 * `unreloaded` lists every difference between the two, also of objects that are stored no more; `[]` means that no
 * reload is missing. `creditTransactions` and `resellerCreditTransactions` are what the services do not list.
 */
export function snapshot(state: SippulseState): object {
  return {
    domains: [...state.domains.values()],
    profiles: [...state.profiles.values()],
    ratePlans: [...state.ratePlans.values()].map(plain),
    rates: [...state.rates.values()].map(plain),
    dialplans: [...state.dialplans.values()].map(plain),
    resellers: [...state.resellers.values()].map((row) => ({ ...plain(row), credit: row.credit })),
    subscribers: [...state.subscribers.values()].map((row) => shownSubscriber(row, state)),
    dids: [...state.dids.values()].map(withLive(state.live.did)),
    availableNumbers: Object.fromEntries(
      [...state.availableNumbers].map(([domain, numbers]) => [domain, [...numbers].toSorted()]),
    ),
    whiteLists: [...state.whiteLists.rows.values()].map(plain),
    addresses: [...state.addresses.rows.values()].map(withLive(state.live.address)),
    userLocations: [...state.locations].flatMap(([account, contacts]) =>
      contacts.map((contact) => ({ account, contact })),
    ),
    huntGroups: [...state.huntGroups.values()].map(withLive(state.live.huntGroup)),
    accountGroups: [...state.accountGroups.values()].map((group) => ({ ...group, accounts: [...group.accounts] })),
    dbAliases: [...state.dbAliases.rows.values()].map(plain),
    creditTransactions: [...state.creditTransactions],
    resellerCreditTransactions: [...state.resellerCreditTransactions],
    unreloaded: unreloaded(state),
  };
}
