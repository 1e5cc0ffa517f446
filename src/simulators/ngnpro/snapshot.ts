import { byId, byKey, byMember } from './lists.ts';
import { groupsShown } from './operations/accounts.ts';
import { announcementShown } from './operations/voicemail.ts';
import { ownershipOfAccount, ownershipOfNumber, ownershipOfRecord } from './operation.ts';
import type { AccountRow, NumberRow, OwnedRow, ResellerRow } from './rows.ts';
import type { NgnproState } from './state.ts';
import type { Struct } from './values.ts';

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
    phonebook: byMember(row.phonebook.values(), 'uri'),
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
    customers: byId(state.customers.values()).map(({ id, columns, properties }) => ({ id, ...columns, properties })),
    domains: byKey(state.domains.values()).map(owned('domain')),
    accounts: byKey(state.accounts.values()).map((row) => account(row, state)),
    aliases: byKey(state.aliases.values()).map((row) => ({
      username: row.username,
      domain: row.domain,
      ...ownershipOfAccount(row, state),
      target: row.target,
      owner: row.owner,
    })),
    mailboxes: byKey(state.mailboxes.values()).map((row) => ({
      account: row.key,
      ...row.columns,
      announcement: announcementShown(row),
    })),
    ranges: byKey(state.ranges.values()).map(owned('range')),
    numbers: byKey(state.numbers.values()).map((row) => number(row, state)),
    peers: byKey(state.peers.values()).map(owned('ip')),
    carriers: byId(state.carriers.values()).map(resellers),
    gateways: byId(state.gateways.values()).map(resellers),
    gatewayRules: byId(state.gatewayRules.values()).map(resellers),
    routes: byId(state.routes.values()).map(resellers),
    zones: byKey(state.zones.values()).map(owned('name')),
    records: byId(state.records.values()).map((row) => ({
      id: row.id,
      ...ownershipOfRecord(row, state),
      ...row.columns,
    })),
    fancyRecords: byId(state.fancyRecords.values()).map((row) => ({
      id: row.id,
      ...ownershipOfRecord(row, state),
      ...row.columns,
    })),
    ratingProfiles: byMember(state.ratingProfiles.values(), 'entity'),
    vouchers: byId(state.vouchers.values()).map(({ id, number: card, value, usedBy }) => ({
      id,
      number: card,
      value,
      usedBy,
    })),
  };
}
