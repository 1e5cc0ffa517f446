import { createIndexMap } from '../harness/index-map.ts';
import type {
  AccountGroupRow,
  AccountRow,
  CreditTransaction,
  DidRow,
  DtoRow,
  Owned,
  ProfileRow,
  ResellerRow,
  SubscriberRow,
} from './rows.ts';

/** Ids of a kind start apart from the others', so that nobody takes one for another unnoticed. */
const FIRST_ID = {
  domain: 1,
  profile: 11,
  ratePlan: 21,
  dialplan: 31,
  reseller: 41,
  rate: 101,
  subscriber: 1001,
  did: 2001,
  whiteList: 3001,
  address: 4001,
  huntGroup: 5001,
  dbAlias: 6001,
} as const;

export type Kind = keyof typeof FIRST_ID;

/** Rows of subscribers, found by `username@domain`. */
function createAccountTable() {
  const rows = new Map<number, AccountRow>();
  const byAccount = createIndexMap<AccountRow>();
  return {
    rows,
    add(row: AccountRow): void {
      rows.set(row.id, row);
      byAccount.add(row.account, row);
    },
    remove(row: AccountRow): void {
      rows.delete(row.id);
      byAccount.remove(row.account, row);
    },
    of: (account: string): readonly AccountRow[] => byAccount.get(account),
  };
}

/** What the proxies work with: the view of each object as of its last reload, as JSON, by its key. */
export interface LiveTables {
  readonly subscriber: Map<string, string>;
  readonly did: Map<number, string>;
  readonly huntGroup: Map<number, string>;
  readonly address: Map<number, string>;
}

export function createState() {
  const counters = new Map<Kind, number>();
  return {
    domains: new Map<string, Owned>(),
    profiles: new Map<number, ProfileRow>(),
    ratePlans: new Map<number, DtoRow>(),
    rates: new Map<number, DtoRow>(),
    dialplans: new Map<number, DtoRow>(),
    resellers: new Map<number, ResellerRow>(),
    /** By `username@domain`. */
    subscribers: new Map<string, SubscriberRow>(),
    /** Every account there ever was: a reload of a removed one is no fault. */
    accountsSeen: new Set<string>(),
    dids: new Map<number, DidRow>(),
    didByNumber: new Map<string, DidRow>(),
    didsByAccount: createIndexMap<DidRow>(),
    /** Numbers to be had, by domain. */
    availableNumbers: new Map<string, Set<string>>(),
    whiteLists: createAccountTable(),
    addresses: createAccountTable(),
    dbAliases: createAccountTable(),
    /** Contacts by `username@domain`; the same one may be there twice. */
    locations: new Map<string, string[]>(),
    huntGroups: new Map<number, DtoRow>(),
    /** By `accountManager`. */
    accountGroups: new Map<string, AccountGroupRow>(),
    creditTransactions: [] as CreditTransaction[],
    resellerCreditTransactions: [] as CreditTransaction[],
    live: { subscriber: new Map(), did: new Map(), huntGroup: new Map(), address: new Map() } as LiveTables,

    nextId(kind: Kind): number {
      const id = counters.get(kind) ?? FIRST_ID[kind];
      counters.set(kind, id + 1);
      return id;
    },
    /** Whether an id of this kind was ever given out. */
    wasGiven: (kind: Kind, id: number): boolean => id >= FIRST_ID[kind] && id < (counters.get(kind) ?? FIRST_ID[kind]),
  };
}

export type SippulseState = ReturnType<typeof createState>;

export const accountOf = (username: string, domain: string): string => `${username}@${domain}`;

export function addDid(state: SippulseState, row: DidRow): void {
  state.dids.set(row.id, row);
  state.didByNumber.set(String(row.columns['aliasUsername']), row);
  state.didsByAccount.add(String(row.columns['accountCode']), row);
  if (row.pooled) state.availableNumbers.get(row.domain)?.delete(String(row.columns['aliasUsername']));
}

export function removeDid(state: SippulseState, row: DidRow): void {
  state.dids.delete(row.id);
  state.didByNumber.delete(String(row.columns['aliasUsername']));
  state.didsByAccount.remove(String(row.columns['accountCode']), row);
  if (row.pooled) state.availableNumbers.get(row.domain)?.add(String(row.columns['aliasUsername']));
}
