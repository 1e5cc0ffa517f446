import { isIP } from 'node:net';
import { ServiceFault } from '../fault.ts';
import {
  accountIn,
  columnsOf,
  dto,
  inRange,
  need,
  number,
  oneOf,
  rowById,
  subscriberIn,
  text,
  openDomain,
  type Context,
  type Operations,
} from '../operation.ts';
import type { AccountRow, Columns } from '../rows.ts';
import type { Fields } from '../values.ts';

const REQUIRED = ['account', 'domain', 'ipAddress', 'mask', 'method', 'port', 'protocol', 'username'];
const METHODS = ['iponly', 'techprefix', 'ip+cpt', 'ip+cli'];
const PREFIXED = ['techprefix', 'ip+cpt'];
const PROTOCOLS = ['tcp', 'udp', 'tls', 'any'];
const MADE_BY_SERVER = ['id', 'contextInfo', 'group', 'pattern'];
const GROUP = '1';

const shown = ({ id, columns }: AccountRow): object => ({ ...columns, id });

/** @throws ServiceFault */
function checkedColumns(given: Fields, context: Context): Columns {
  need(given, REQUIRED);
  subscriberIn(given, context);
  if (given['account'] !== accountIn(given, context)) throw new ServiceFault('account must be username@domain');
  if (isIP(text(given, 'ipAddress')) === 0) throw new ServiceFault('ipAddress is not valid');
  inRange(given, 'mask', 0, isIP(text(given, 'ipAddress')) === 6 ? 128 : 32);
  inRange(given, 'port', 0, 65_535);
  oneOf(given, 'method', METHODS);
  oneOf(given, 'protocol', PROTOCOLS);
  if (PREFIXED.includes(text(given, 'method'))) need(given, ['techPrefix']);
  const pattern = `^${String(given['techPrefix'] ?? '')}`;
  return { ...columnsOf(given, MADE_BY_SERVER), contextInfo: text(given, 'account'), group: GROUP, pattern };
}

export const addressOperations: Operations = {
  /** Also of an account that is gone. */
  lisAddresses: (args, context) => ({
    address: context.state.addresses.of(accountIn(args, context)).map(shown),
  }),

  /** The same address twice is two entries. */
  insertAddress(args, context) {
    const given = dto(args, 'address');
    const columns = checkedColumns(given, context);
    const row = {
      id: context.state.nextId('address'),
      domain: text(given, 'domain'),
      account: text(given, 'account'),
      columns,
    };
    context.state.addresses.add(row);
    return { return: shown(row) };
  },

  updateAddress(args, context) {
    const given = dto(args, 'address');
    const columns = checkedColumns(given, context);
    const { addresses } = context.state;
    const row = rowById(addresses.rows, number(given, 'id'), 'Address', context);
    if (given['account'] !== row.account) throw new ServiceFault(`Address ${row.id} is of another account`);
    row.columns = columns;
    return { return: shown(row) };
  },

  removeAddress(args, context) {
    const domain = openDomain(context, text(args, 'domain'));
    const { addresses } = context.state;
    const row = rowById(addresses.rows, number(args, 'addressId'), 'Address', context);
    if (row.domain !== domain) throw new ServiceFault(`Address ${row.id} not found`);
    addresses.remove(row);
  },
};
