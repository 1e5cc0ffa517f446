import { groupsShown } from './operations/accounts.ts';
import { announcementShown } from './operations/voicemail.ts';
import { ownershipOfAccount, ownershipOfNumber, ownershipOfRecord } from './operation.ts';
import type { AccountRow, NumberRow, OwnedRow, ResellerRow } from './rows.ts';
import type { NgnproState } from './state.ts';
import type { Struct } from './values.ts';

const byKey = <Row extends { readonly key: string }>(rows: ReadonlyMap<string, Row>): readonly Row[] =>
  [...rows.values()].toSorted((left, right) => (left.key < right.key ? -1 : 1));
const byId = <Row extends { readonly id: number }>(rows: ReadonlyMap<number, Row>): readonly Row[] =>
  [...rows.values()].toSorted((left, right) => left.id - right.id);

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
    phonebook: [...row.phonebook.values()].toSorted((left, right) =>
      String(left['uri']) < String(right['uri']) ? -1 : 1,
    ),
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
    customers: byId(state.customers).map(({ id, columns, properties }) => ({ id, ...columns, properties })),
    domains: byKey(state.domains).map(owned('domain')),
    accounts: byKey(state.accounts).map((row) => account(row, state)),
    aliases: byKey(state.aliases).map((row) => ({
      username: row.username,
      domain: row.domain,
      ...ownershipOfAccount(row, state),
      target: row.target,
      owner: row.owner,
    })),
    mailboxes: byKey(state.mailboxes).map((row) => ({
      account: row.key,
      ...row.columns,
      announcement: announcementShown(row),
    })),
    ranges: byKey(state.ranges).map(owned('range')),
    numbers: byKey(state.numbers).map((row) => number(row, state)),
    peers: byKey(state.peers).map(owned('ip')),
    carriers: byId(state.carriers).map(resellers),
    gateways: byId(state.gateways).map(resellers),
    gatewayRules: byId(state.gatewayRules).map(resellers),
    routes: byId(state.routes).map(resellers),
    zones: byKey(state.zones).map(owned('name')),
    records: byId(state.records).map((row) => ({ id: row.id, ...ownershipOfRecord(row, state), ...row.columns })),
    fancyRecords: byId(state.fancyRecords).map((row) => ({
      id: row.id,
      ...ownershipOfRecord(row, state),
      ...row.columns,
    })),
    ratingProfiles: [...state.ratingProfiles.values()].toSorted((left, right) =>
      String(left['entity']) < String(right['entity']) ? -1 : 1,
    ),
    vouchers: byId(state.vouchers).map(({ id, number: card, value, usedBy }) => ({ id, number: card, value, usedBy })),
  };
}
