import { groupsShown } from './operations/accounts.ts';
import { announcementShown } from './operations/voicemail.ts';
import { ownershipOfAccount, ownershipOfNumber, ownershipOfRecord } from './operation.ts';
import type { AccountRow, NumberRow, OwnedRow, ResellerRow } from './rows.ts';
import type { NgnproState } from './state.ts';
import type { Struct } from './values.ts';

/** The rows of a table in the order of their keys. */
const inOrder = <Row>(rows: ReadonlyMap<string | number, Row>): readonly Row[] =>
  [...rows].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([, row]) => row);

const owned =
  (name: string) =>
  ({ key, ownership, columns }: OwnedRow): object => ({ [name]: key, ...ownership, ...columns });

const resellers = ({ id, reseller, columns }: ResellerRow): object => ({ id, reseller, ...columns });

function account(row: AccountRow, state: NgnproState): object {
  const { username, domain, columns, diversions, acceptRules, rejectMembers, barringPrefixes, balance } = row;
  return {
    username,
    domain,
    ...ownershipOfAccount(row, state),
    ...columns,
    groups: groupsShown(row),
    diversions,
    acceptRules,
    rejectMembers,
    barringPrefixes,
    phonebook: inOrder(row.phonebook),
    balance,
    credits: row.credits.map(({ at: _at, ...entry }) => entry),
    presence: row.presence,
    presencePolicy: row.presencePolicy,
  };
}

const withoutId = ({ id: _id, ...mapping }: Struct): object => mapping;

const number = (row: NumberRow, state: NgnproState): object => ({
  number: row.number,
  tld: row.tld,
  ...ownershipOfNumber(row, state),
  ...row.columns,
  mappings: row.mappings.map(withoutId),
});

/**
 * All that is stored, by kind, each in the order of its keys, passwords as they are kept. What the server makes anew at
 * every change is left out, so that the text is equal when the data is: times, serial numbers, the ids of ENUM mappings
 * and of mailboxes.
 */
export function snapshot(state: NgnproState): object {
  return {
    customers: inOrder(state.customers).map(({ id, columns, properties }) => ({ id, ...columns, properties })),
    domains: inOrder(state.domains).map(owned('domain')),
    accounts: inOrder(state.accounts).map((row) => account(row, state)),
    aliases: inOrder(state.aliases).map((row) => ({
      username: row.username,
      domain: row.domain,
      ...ownershipOfAccount(row, state),
      target: row.target,
      owner: row.owner,
    })),
    mailboxes: inOrder(state.mailboxes).map((row) => ({
      account: row.key,
      ...row.columns,
      announcement: announcementShown(row),
    })),
    ranges: inOrder(state.ranges).map(owned('range')),
    numbers: inOrder(state.numbers).map((row) => number(row, state)),
    peers: inOrder(state.peers).map(owned('ip')),
    carriers: inOrder(state.carriers).map(resellers),
    gateways: inOrder(state.gateways).map(resellers),
    gatewayRules: inOrder(state.gatewayRules).map(resellers),
    routes: inOrder(state.routes).map(resellers),
    zones: inOrder(state.zones).map(owned('name')),
    records: inOrder(state.records).map((row) => ({
      id: row.id,
      ...ownershipOfRecord(row, state),
      ...row.columns,
    })),
    fancyRecords: inOrder(state.fancyRecords).map((row) => ({
      id: row.id,
      ...ownershipOfRecord(row, state),
      ...row.columns,
    })),
    ratingProfiles: inOrder(state.ratingProfiles),
    vouchers: inOrder(state.vouchers).map(({ id, number: card, value, usedBy }) => ({
      id,
      number: card,
      value,
      usedBy,
    })),
  };
}
