import type { Row, Thing } from '../../audit/things.ts';
import { TLD, type Account, type State } from './hand.ts';

export const accountOf = ({ username, domain }: Row): string => `${String(username)}@${String(domain)}`.toLowerCase();

/** The names that objects are known by; orders' own objects get the same ones. */
export const KEYS = {
  customer: (username: unknown): string => `customer ${String(username).toLowerCase()}`,
  domain: (name: unknown): string => `domain ${String(name)}`,
  account: (account: string): string => `account ${account}`,
  alias: (alias: string): string => `alias ${alias}`,
  mailbox: (account: unknown): string => `mailbox ${String(account)}`,
  profiles: (account: unknown): string => `profiles subscriber://${String(account)}`,
  range: (prefix: unknown, tld: unknown = TLD): string => `range ${String(prefix)} ${String(tld)}`,
  number: (digits: unknown, tld: unknown = TLD): string => `number ${String(digits)} ${String(tld)}`,
  entry: (uri: unknown, account: string): string => `phonebook entry ${String(uri)} of ${account}`,
  peer: (ip: unknown): string => `peer ${String(ip)}`,
  carrier: (name: unknown): string => `carrier ${String(name)}`,
  gateway: (name: unknown): string => `gateway ${String(name)}`,
  rule: ({ gateway_id: gateway, prefix }: Row): string => `rule ${String(gateway)} ${String(prefix)}`,
  route: ({ carrier_id: carrier, prefix }: Row): string => `route ${String(carrier)} ${String(prefix)}`,
  zone: (name: unknown): string => `zone ${String(name)}`,
  record: ({ zone, name, type, value }: Row): string =>
    `record ${[name, type, value, 'of', zone].map(String).join(' ')}`,
};

/** A set as a person reads it; an empty one is nothing. */
export function setOf(values: unknown): string {
  const list = Array.isArray(values) ? values.map((one) => JSON.stringify(one)).toSorted() : [];
  return list.length === 0 ? '' : list.join();
}

/** `groups` has each as a member of its own. */
export const groupCell = (name: string): string => `group.${name}`;
export const propertyCell = (name: unknown): string => `property.${String(name)}`;

const propertiesIn = (properties: unknown): Row =>
  Object.fromEntries((properties as readonly Row[]).map(({ name, value }) => [propertyCell(name), value]));

/** Rules as one text; none are nothing. */
export function rulesText(rules: Row): string {
  const { persistent = [], temporary } = rules as { persistent?: readonly Row[]; temporary?: Row };
  const always = persistent.map(({ start, stop, groups, days }) => [start, stop, groups, days]);
  const now = temporary ? [temporary['groups'], temporary['duration']] : null;
  return always.length === 0 && now === null ? '' : JSON.stringify([always, now]);
}

/** Destinations as members; off is nothing. */
const diversionsIn = (diversions: Row): Row =>
  Object.fromEntries(['FUNC', 'FBUS', 'FNOA', 'FNOL', 'FUNV'].map((name) => [name, diversions[name] ?? '']));

export function rowOfAccount(account: Account): Row {
  const { groups, properties, diversions, acceptRules, rejectMembers, barringPrefixes, acl, ...more } = account;
  const { phonebook: _phonebook, balance: _balance, credits: _credits, presence, presencePolicy, ...members } = more;
  return {
    ...members,
    ...Object.fromEntries(groups.map((name) => [groupCell(name), true])),
    ...propertiesIn(properties),
    ...diversionsIn(diversions),
    acl: setOf(acl),
    acceptRules: rulesText(acceptRules),
    rejectMembers: setOf(rejectMembers),
    barringPrefixes: setOf(barringPrefixes),
    presence,
    presencePolicy,
  };
}

export const mappingsText = (mappings: readonly Row[]): string =>
  setOf(mappings.map(({ type, mapto, priority, ttl }) => [type, mapto, priority, ttl]));

function rowOfMailbox({ options, ...members }: Row): Row {
  return { ...members, delete: (options as Row)['delete'] };
}

/** Everything that is there, apart from money. */
export function thingsOf(state: State): Thing[] {
  const all = <One extends Row>(
    rows: readonly One[],
    keyOf: (row: One) => string,
    rowOf: (row: One) => Row = (row) => row,
  ): Thing[] => rows.map((row) => ({ key: keyOf(row), row: rowOf(row) }));
  return [
    ...all(
      state.customers,
      ({ username }) => KEYS.customer(username),
      ({ properties, ...row }) => ({ ...row, ...propertiesIn(properties) }),
    ),
    ...all(state.domains, ({ domain }) => KEYS.domain(domain)),
    ...all(state.accounts, (row) => KEYS.account(accountOf(row)), rowOfAccount),
    ...state.accounts.flatMap((account) =>
      account.phonebook.map((row) => ({ key: KEYS.entry(row['uri'], accountOf(account)), row })),
    ),
    ...all(state.aliases, (row) => KEYS.alias(accountOf(row))),
    ...all(state.mailboxes, ({ account }) => KEYS.mailbox(account), rowOfMailbox),
    ...all(
      state.ranges,
      ({ range }) => `range ${String(range)}`,
      ({ nameservers, ...row }) => ({ ...row, nameservers: setOf(nameservers) }),
    ),
    ...all(
      state.numbers,
      ({ number, tld }) => KEYS.number(number, tld),
      ({ mappings, ...row }) => ({ ...row, mappings: mappingsText(mappings) }),
    ),
    ...all(state.peers, ({ ip }) => KEYS.peer(ip)),
    ...all(state.carriers, ({ name }) => KEYS.carrier(name)),
    ...all(state.gateways, ({ name }) => KEYS.gateway(name)),
    ...all(state.gatewayRules, KEYS.rule),
    ...all(state.routes, KEYS.route),
    ...all(
      state.zones,
      ({ name }) => KEYS.zone(name),
      ({ nameservers, ...row }) => ({ ...row, nameservers: setOf(nameservers) }),
    ),
    ...all([...state.records, ...state.fancyRecords], KEYS.record),
    ...all(state.ratingProfiles, ({ entity }) => `profiles ${String(entity)}`),
    ...all(state.vouchers, ({ id }) => `voucher ${String(id)}`),
  ];
}

/** What the platform makes itself, so that an object that is made anew has it otherwise. */
export const MADE_ANEW = ['id'];
