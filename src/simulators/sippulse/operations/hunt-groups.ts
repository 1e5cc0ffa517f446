import { ServiceFault } from '../fault.ts';
import {
  columnsOf,
  dto,
  inRange,
  need,
  number,
  oneOf,
  openDomain,
  rowById,
  subscriberOf,
  text,
  type Context,
  type Operations,
} from '../operation.ts';
import type { Columns, DtoRow } from '../rows.ts';
import { accountOf } from '../state.ts';
import type { Fields } from '../values.ts';
import { inDomain } from './listings.ts';

const REQUIRED = ['domain', 'description', 'groupList', 'method', 'timeout'];
const MADE_BY_SERVER = ['id', 'uri'];
const LONGEST_SECONDS = 3600;

const shown = ({ id, columns }: DtoRow): object => ({ ...columns, id });

/** @throws ServiceFault */
function checkedColumns(given: Fields, context: Context): Columns {
  need(given, REQUIRED);
  const domain = openDomain(context, text(given, 'domain'));
  oneOf(given, 'method', ['paralell', 'serial']);
  inRange(given, 'timeout', 1, LONGEST_SECONDS);
  for (const member of text(given, 'groupList').split(';')) subscriberOf(accountOf(member, domain), context);
  return columnsOf(given, MADE_BY_SERVER);
}

export const huntGroupOperations: Operations = {
  listHuntGroups: (args, context) => ({
    huntGroup: inDomain(context.state.huntGroups.values(), args, context).map(shown),
  }),

  /** Two may bear one description (sippulse.md: uniqueness assumed only). */
  insertHuntGroup(args, context) {
    const given = dto(args, 'huntGroup');
    const columns = checkedColumns(given, context);
    const domain = text(given, 'domain');
    const id = context.state.nextId('huntGroup');
    const row = { id, domain, columns: { ...columns, uri: `sip:huntgroup${id}@${domain}` } };
    context.state.huntGroups.set(id, row);
    return { huntGroup: shown(row) };
  },

  updateHuntGroup(args, context) {
    const given = dto(args, 'huntGroup');
    const columns = checkedColumns(given, context);
    const row = rowById(context.state.huntGroups, number(given, 'id'), 'Hunt group', context);
    if (given['domain'] !== row.domain) throw new ServiceFault(`Hunt group ${row.id} is of another domain`);
    row.columns = { ...columns, uri: row.columns['uri'] };
    return { huntGroup: shown(row) };
  },

  removeHuntGroup(args, context) {
    const domain = openDomain(context, text(args, 'domain'));
    const row = rowById(context.state.huntGroups, number(args, 'huntGroupId'), 'Hunt group', context);
    if (row.domain !== domain) throw new ServiceFault(`Hunt group ${row.id} not found`);
    context.state.huntGroups.delete(row.id);
  },
};
