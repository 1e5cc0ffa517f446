import { isIPv4 } from 'node:net';
import { invalid, NgnproFault } from '../fault.ts';
import { listOf } from '../lists.ts';
import {
  accountIn,
  accountOf,
  domainOf,
  keyOf,
  ownerFrom,
  ownershipOfAccount,
  sipIdOf,
  visible,
  type Context,
  type Operations,
} from '../operation.ts';
import { stored } from '../passwords.ts';
import type { AccountRow, Columns } from '../rows.ts';
import { accountKey, timestamp, type NgnproState } from '../state.ts';
import { flag, number, struct, structs, text, texts, type Struct } from '../values.ts';

/** Keys in lower case (ngnpro.md, "Rules worth coding"): assumed enforced. */
const USERNAME = /^[a-z0-9_.!~*'()&=+$,;?/%-]{1,64}$/;
const CHOOSE_ONE = '<autoincrement>';
const DEFAULT_TIMEOUT = 35;
const MAX_TIMEOUT = 900;

/** @throws NgnproFault */
export function checkUsername(username: string): void {
  if (!USERNAME.test(username)) throw invalid(`username ${username}`);
}

function aclOf(given: Struct): readonly Struct[] {
  return structs(given, 'acl').map((entry) => {
    const { tag } = entry;
    const ip = text(entry, 'ip');
    const mask = entry['mask'] === undefined ? 32 : number(entry, 'mask');
    if (!isIPv4(ip) || mask < 0 || mask > 32) throw invalid(`acl ${ip}/${mask}`);
    if (tag === '') throw invalid('acl.tag is empty');
    return { ip, mask, tag };
  });
}

function atLeastZero(given: Struct, member: string): number {
  const value = number(given, member);
  if (value < 0) throw invalid(`${member} ${value}`);
  return value;
}

/** What is left out is blanked: an update writes all of it, but for the password (ngnpro.md, "Rules worth coding"). */
function columnsOf(given: Struct, password: string, context: Context): Columns {
  const timeout = number(given, 'timeout');
  if (timeout < 0 || timeout > MAX_TIMEOUT) throw invalid(`timeout ${timeout}`);
  const properties = structs(given, 'properties').map((property) => ({
    name: text(property, 'name'),
    value: text(property, 'value'),
  }));
  if (properties.some(({ name }) => name === '')) throw invalid('properties.name is empty');
  return {
    password,
    firstName: text(given, 'firstName'),
    lastName: text(given, 'lastName'),
    email: text(given, 'email'),
    timezone: text(given, 'timezone'),
    owner: ownerFrom(given, context),
    rpid: text(given, 'rpid'),
    prepaid: flag(given, 'prepaid'),
    quota: atLeastZero(given, 'quota'),
    callLimit: atLeastZero(given, 'callLimit'),
    timeout: timeout === 0 ? DEFAULT_TIMEOUT : timeout,
    quickdialPrefix: text(given, 'quickdialPrefix'),
    region: text(given, 'region'),
    acl: aclOf(given),
    properties,
  };
}

function groupsOf(given: Struct): Set<string> {
  const groups = texts(given, 'groups');
  if (groups.includes('')) throw invalid('groups');
  return new Set(groups);
}

/** A set has no order of its own. */
export const groupsShown = ({ groups }: AccountRow): readonly string[] => [...groups].toSorted();

const accountShown = (row: AccountRow, state: NgnproState): Struct => ({
  id: sipIdOf(row),
  ...row.columns,
  groups: groupsShown(row),
  ...ownershipOfAccount(row, state),
  createDate: timestamp(row.created),
  changeDate: timestamp(row.changed),
});

/** An alias has an account's address for itself: assumed. @throws NgnproFault */
function checkFree(username: string, domain: string, { accounts, aliases }: NgnproState): void {
  checkUsername(username);
  const key = accountKey(username, domain);
  if (accounts.has(key)) throw new NgnproFault('accountPresent', key);
  if (aliases.has(key)) throw new NgnproFault('aliasPresent', key);
}

/** Makes another one each time (ngnpro.md, "`<autoincrement>`"). */
function chosen(domain: string, state: NgnproState): string {
  for (;;) {
    const username = String(state.nextId('autoincrement'));
    const key = accountKey(username, domain);
    if (!state.accounts.has(key) && !state.aliases.has(key)) return username;
  }
}

/** A row with nothing but what every account has. */
export const newAccount = (
  sipId: { readonly username: string; readonly domain: string },
  columns: Columns,
  groups: Set<string>,
  at: number,
): AccountRow => ({
  ...sipId,
  key: accountKey(sipId.username, sipId.domain),
  columns,
  groups,
  created: at,
  changed: at,
  diversions: {},
  acceptRules: {},
  rejectMembers: [],
  barringPrefixes: [],
  phonebook: new Map(),
  balance: 0,
  credits: [],
  presence: null,
  presencePolicy: {},
});

/**
 * What nothing public tells of (ngnpro.md, "Not knowable publicly"): its settings, phonebook, balance, credit history and
 * presence go with it; its aliases, mailbox and rating profiles go or stay, as the server is set; ENUM numbers that lead
 * to it stay.
 */
function removeAccount({ key }: AccountRow, { state, settings }: Context): void {
  state.accounts.delete(key);
  if (settings.orphans === 'left') return;
  for (const alias of state.aliases.values()) if (alias.target === key) state.aliases.delete(alias.key);
  state.mailboxes.delete(key);
  state.ratingProfiles.delete(`subscriber://${key}`);
}

export const accountOperations: Operations = {
  addAccount(args, context) {
    const given = struct(args, 'account');
    const id = struct(given, 'id');
    const { state, at } = context;
    const domain = domainOf(text(id, 'domain'), context).key;
    const wanted = text(id, 'username');
    if (wanted !== CHOOSE_ONE) checkFree(wanted, domain, state);
    const password = text(given, 'password');
    if (password === '') throw invalid('password is missing');
    const columns = columnsOf(given, '', context);
    const groups = groupsOf(given);
    const username = wanted === CHOOSE_ONE ? chosen(domain, state) : wanted;
    columns['password'] = stored(username, domain, password, context);
    const row = newAccount({ username, domain }, columns, groups, at);
    state.accounts.set(row.key, row);
    return accountShown(row, state);
  },

  updateAccount(args, context) {
    const given = struct(args, 'account');
    const row = accountOf(struct(given, 'id'), context);
    const password = text(given, 'password');
    const kept = password === '' ? text(row.columns, 'password') : stored(row.username, row.domain, password, context);
    const columns = columnsOf(given, kept, context);
    Object.assign(row, { columns, groups: groupsOf(given), changed: context.at });
    return accountShown(row, context.state);
  },

  deleteAccount(args, context) {
    removeAccount(accountIn(args, context), context);
  },

  getAccount: (args, context) => accountShown(accountIn(args, context), context.state),

  getAccounts(args, context) {
    const { state } = context;
    const rows = visible(state.accounts.values(), context, (row) => ownershipOfAccount(row, state));
    const { items, total } = listOf(
      struct(args, 'query'),
      rows,
      (row) => ({
        ...sipIdOf(row),
        firstName: text(row.columns, 'firstName'),
        lastName: text(row.columns, 'lastName'),
        email: text(row.columns, 'email'),
        owner: number(row.columns, 'owner'),
        ...ownershipOfAccount(row, state),
        groups: groupsShown(row),
        changeDate: row.changed,
      }),
      (row) => accountShown(row, state),
    );
    return { accounts: items, total };
  },

  addToGroup(args, context) {
    const { groups, key } = accountIn(args, context);
    const group = text(args, 'group');
    if (group === '') throw invalid('group is empty');
    if (groups.has(group)) throw new NgnproFault('groupPresent', `${key} ${group}`);
    groups.add(group);
  },

  removeFromGroup(args, context) {
    const { groups, key } = accountIn(args, context);
    const group = text(args, 'group');
    if (!groups.delete(group)) throw new NgnproFault('groupAbsent', `${key} ${group}`);
  },

  getGroups: (args, context) => groupsShown(accountIn(args, context)),
};

/** Of the accounts a list of SipIds names. @throws NgnproFault */
export const accountsIn = (args: Struct, context: Context): readonly AccountRow[] =>
  structs(args, 'sipIds').map((sipId) => accountOf(sipId, context));

/** @throws NgnproFault unless there is such an account, which this login may touch */
export function targetOf(sipId: Struct, context: Context): string {
  accountOf(sipId, context);
  return keyOf(sipId);
}
