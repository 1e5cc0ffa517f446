import { NgnproFault } from '../fault.ts';
import { listOf } from '../lists.ts';
import {
  domainOf,
  keyOf,
  ownerFrom,
  ownershipOfAccount,
  sipIdOf,
  visible,
  type Context,
  type Operations,
} from '../operation.ts';
import type { AliasRow } from '../rows.ts';
import { timestamp, type NgnproState } from '../state.ts';
import { struct, text, type Struct } from '../values.ts';
import { checkUsername, targetOf } from './accounts.ts';
import { checkDomain } from './domains.ts';

/** A username may hold no `@`, so the domain is what follows the only one. */
function partsOf(key: string): { readonly username: string; readonly domain: string } {
  const at = key.lastIndexOf('@');
  return { username: key.slice(0, at), domain: key.slice(at + 1) };
}

const shown = (row: AliasRow, state: NgnproState): Struct => ({
  id: sipIdOf(row),
  target: sipIdOf(partsOf(row.target)),
  owner: row.owner,
  ...ownershipOfAccount(row, state),
  changeDate: timestamp(row.changed),
});

/** @throws NgnproFault */
function aliasOf(id: Struct, context: Context): AliasRow {
  checkDomain(text(id, 'domain'), context);
  const row = context.state.aliases.get(keyOf(id));
  if (!row) throw new NgnproFault('aliasAbsent', keyOf(id));
  return row;
}

export const aliasOperations: Operations = {
  /** The target has to exist, and no account may have that address: both assumed. */
  addAlias(args, context) {
    const given = struct(args, 'alias');
    const id = struct(given, 'id');
    const { state, at } = context;
    const domain = domainOf(text(id, 'domain'), context).key;
    const username = text(id, 'username');
    checkUsername(username);
    const key = keyOf(id);
    if (state.aliases.has(key)) throw new NgnproFault('aliasPresent', key);
    if (state.accounts.has(key)) throw new NgnproFault('accountPresent', key);
    const target = targetOf(struct(given, 'target'), context);
    const row: AliasRow = { key, username, domain, target, owner: ownerFrom(given, context), changed: at };
    state.aliases.set(key, row);
    return shown(row, state);
  },

  updateAlias(args, context) {
    const given = struct(args, 'alias');
    const row = aliasOf(struct(given, 'id'), context);
    const target = targetOf(struct(given, 'target'), context);
    Object.assign(row, { target, owner: ownerFrom(given, context), changed: context.at });
    return shown(row, context.state);
  },

  deleteAlias(args, context) {
    context.state.aliases.delete(aliasOf(struct(args, 'id'), context).key);
  },

  getAlias: (args, context) => shown(aliasOf(struct(args, 'id'), context), context.state),

  getAliases(args, context) {
    const { state } = context;
    const rows = visible(state.aliases.values(), context, (row) => ownershipOfAccount(row, state));
    const { items, total } = listOf(
      struct(args, 'query'),
      rows,
      (row) => ({
        aliasUsername: row.username,
        aliasDomain: row.domain,
        targetUsername: partsOf(row.target).username,
        targetDomain: partsOf(row.target).domain,
        owner: row.owner,
        ...ownershipOfAccount(row, state),
        changeDate: row.changed,
      }),
      (row) => shown(row, state),
    );
    return { aliases: items, total };
  },
};
