import type { Row, Thing } from '../../audit/things.ts';
import type { State } from './hand.ts';

export const accountOf = ({ username, domain }: Row): string => `${String(username)}@${String(domain)}`;

/** The names that objects are known by; orders' own objects get the same ones. */
export const KEYS = {
  subscriber: (account: string): string => `subscriber ${account}`,
  did: (digits: unknown, account: unknown): string => `did ${String(digits)} of ${String(account)}`,
  whiteList: (prefix: unknown, account: string): string => `whiteList ${String(prefix)} of ${account}`,
  location: (contact: unknown, account: string): string => `location ${String(contact)} of ${account}`,
  address(address: Row, account: string): string {
    const { ipAddress, mask = 32, port = 0, method = 'iponly', techPrefix = '' } = address;
    return `address ${String(ipAddress)}/${String(mask)}:${String(port)} ${String(method)} ${String(techPrefix)} of ${account}`;
  },
  member: (account: string, manager: string): string => `member ${account} of ${manager}`,
  huntGroup: (description: unknown): string => `huntGroup ${String(description)}`,
  ratePlan: (name: unknown): string => `ratePlan ${String(name)}`,
  rate: ({ rateId, prefix }: Row): string => `rate ${String(rateId)} ${String(prefix)}`,
  reseller: (name: unknown): string => `reseller ${String(name)}`,
};

/** Everything that is there, apart from credit and what the proxies have. */
export function thingsOf(state: State): Thing[] {
  const all = (rows: readonly Row[], keyOf: (row: Row) => string): Thing[] =>
    rows.map((row) => ({ key: keyOf(row), row: flat(row) }));
  return [
    ...all(state.subscribers, (row) => KEYS.subscriber(accountOf(row))),
    ...all(state.dids, (row) => KEYS.did(row['aliasUsername'], row['accountCode'])),
    ...all(state.whiteLists, (row) => KEYS.whiteList(row['prefix'], accountOf(row))),
    ...all(state.addresses, (row) => KEYS.address(row, String(row['account']))),
    ...all(state.userLocations, (row) => KEYS.location(row['contact'], String(row['account']))),
    ...all(state.huntGroups, (row) => KEYS.huntGroup(row['description'])),
    ...all(state.ratePlans, (row) => KEYS.ratePlan(row['name'])),
    ...all(state.rates, KEYS.rate),
    ...all(state.resellers, (row) => KEYS.reseller(row['name'])),
    ...all(state.dbAliases, (row) => `alias ${String(row['aliasUsername'])} of ${accountOf(row)}`),
    ...state.accountGroups.flatMap(({ accountManager, accounts }) =>
      accounts.map((account) => ({ key: KEYS.member(account, accountManager), row: {} })),
    ),
  ];
}

/** Quotas are objects within: their members are named with a dot. */
function flat(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).flatMap(([name, value]) => {
      if (name === 'live' || name === 'credit') return [];
      if (typeof value !== 'object' || value === null) return [[name, value]];
      return Object.entries(value).map(([member, inner]) => [`${name}.${member}`, inner]);
    }),
  );
}

/** What the platform makes itself, so that an object that is made anew has it otherwise. */
export const MADE_ANEW = ['id', 'uri'];
