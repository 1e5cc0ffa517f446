import { isReseller, resellerOf } from '../actor.ts';
import { invalid, NgnproFault } from '../fault.ts';
import { listOf, type Listing } from '../lists.ts';
import {
  customerOf,
  ownershipOfAccount,
  ownershipOfCustomer,
  ownershipOfNumber,
  ownershipOfRecord,
  visible,
  type Context,
  type Operations,
} from '../operation.ts';
import type { Columns, CustomerRow, Ownership } from '../rows.ts';
import { timestamp, type NgnproState } from '../state.ts';
import { flag, number, struct, structs, text, type Scalar, type Struct } from '../values.ts';

const TEXTS = [
  'companyCode',
  'firstName',
  'lastName',
  'organization',
  'tel',
  'fax',
  'sip',
  'enum',
  'mobile',
  'email',
  'web',
  'address',
  'postcode',
  'city',
  'state',
  'country',
  'timezone',
  'language',
  'vatNumber',
  'bankAccount',
  'billingEmail',
  'billingAddress',
] as const;
/** The vendor fills these when they are blank: assumed required (ngnpro.md, CustomerAccount). */
const REQUIRED = [
  'username',
  'firstName',
  'lastName',
  'email',
  'tel',
  'address',
  'postcode',
  'city',
  'state',
  'country',
] as const;

function propertyOf(given: Struct): Struct {
  if (text(given, 'name') === '') throw invalid('properties.name is empty');
  return {
    name: text(given, 'name'),
    value: text(given, 'value'),
    category: text(given, 'category'),
    permission: text(given, 'permission'),
  };
}

/** Only the administrator writes what says whose a customer is and what it may owe: assumed. */
function rightsOf(given: Struct, before: Columns, context: Context): Columns {
  const written = context.actor.customer ? before : given;
  return {
    impersonate: number(written, 'impersonate'),
    resellerActive: flag(written, 'resellerActive'),
    balance: number(written, 'balance'),
    credit: number(written, 'credit'),
  };
}

/** All but `reseller`; what is left out is blanked, but for the password: assumed to be as with SIP accounts. */
function columnsOf(given: Struct, before: Columns, context: Context): Columns {
  const missing = REQUIRED.find((member) => text(given, member).trim() === '');
  if (missing !== undefined) throw invalid(`${missing} is missing`);
  if (!text(given, 'tel').startsWith('+')) throw invalid('tel has to begin with +');
  const password = text(given, 'password') || text(before, 'password');
  if (password === '') throw invalid('password is missing');
  return {
    ...Object.fromEntries(TEXTS.map((member) => [member, text(given, member)])),
    ...rightsOf(given, before, context),
    username: text(given, 'username'),
    password,
  };
}

/**
 * Without one the customer becomes a reseller, which only the administrator may make (ngnpro.md, "Ownership"); for
 * whoever acts for a reseller it is that one's.
 */
function resellerFrom(given: Struct, id: number, { actor, state }: Context): number {
  const { customer: acting } = actor;
  if (acting) {
    if (!isReseller(acting)) throw new NgnproFault('notAuthorised');
    return acting.id;
  }
  const reseller = number(given, 'reseller');
  if (reseller === 0 || reseller === id) return id;
  const found = state.customers.get(reseller);
  if (!found || !isReseller(found)) throw new NgnproFault('customerAbsent', `reseller ${reseller}`);
  return reseller;
}

function checkUsername(username: string, row: CustomerRow | null, { customers }: NgnproState): void {
  const other = [...customers.values()].find(({ columns }) => columns['username'] === username);
  if (other && other !== row) throw new NgnproFault('customerPresent', username);
}

const shown = ({ id, columns, properties, changed }: CustomerRow): Struct => ({
  id,
  ...columns,
  properties,
  changeDate: timestamp(changed),
});

/** Everything that bears a customer's id. */
function* belongings({ id }: CustomerRow, state: NgnproState): Generator<string> {
  const own = ({ customer, reseller }: Ownership, owner: unknown = 0): boolean =>
    customer === id || reseller === id || owner === id;
  for (const row of state.customers.values()) if (row.id !== id && resellerOf(row) === id) yield `customer ${row.id}`;
  for (const owned of [state.domains, state.ranges, state.zones, state.peers]) {
    for (const { key, ownership, columns } of owned.values()) if (own(ownership, columns['owner'])) yield key;
  }
  for (const row of state.accounts.values())
    if (own(ownershipOfAccount(row, state), row.columns['owner'])) yield row.key;
  for (const row of state.aliases.values()) if (own(ownershipOfAccount(row, state), row.owner)) yield row.key;
  for (const row of state.numbers.values()) if (own(ownershipOfNumber(row, state), row.columns['owner'])) yield row.key;
  for (const records of [state.records, state.fancyRecords]) {
    for (const row of records.values()) {
      if (own(ownershipOfRecord(row, state), row.columns['owner'])) yield `record ${row.id}`;
    }
  }
  for (const rows of [state.carriers, state.gateways, state.gatewayRules, state.routes]) {
    for (const row of rows.values()) if (row.reseller === id) yield `${text(row.columns, 'name')} ${row.id}`;
  }
}

function list(args: Struct, rows: readonly CustomerRow[]): Listing {
  return listOf(
    struct(args, 'query'),
    rows,
    (row) => ({
      id: row.id,
      ...(row.columns as Record<string, Scalar>),
      only_resellers: isReseller(row),
      customer: row.id,
      reseller: resellerOf(row),
      changeDate: row.changed,
    }),
    shown,
  );
}

const seen = (context: Context): readonly CustomerRow[] =>
  visible(context.state.customers.values(), context, ownershipOfCustomer);

export const customerOperations: Operations = {
  addAccount(args, context) {
    const given = struct(args, 'account');
    const { state, at } = context;
    const imported = number(given, 'id');
    if (imported < 0) throw invalid(`id ${imported}`);
    if (state.customers.has(imported)) throw new NgnproFault('customerPresent', String(imported));
    checkUsername(text(given, 'username'), null, state);
    const columns = columnsOf(given, {}, context);
    const properties = structs(given, 'properties').map(propertyOf);
    resellerFrom(given, imported, context);
    let id = imported;
    while (id === 0 || state.customers.has(id)) id = state.nextId('customer');
    const reseller = resellerFrom(given, id, context);
    const row: CustomerRow = { id, columns: { reseller, ...columns }, properties, changed: at };
    state.customers.set(id, row);
    return shown(row);
  },

  updateAccount(args, context) {
    const given = struct(args, 'account');
    const row = customerOf(number(given, 'id'), context);
    checkUsername(text(given, 'username'), row, context.state);
    const columns = columnsOf(given, row.columns, context);
    const reseller = context.actor.customer ? resellerOf(row) : resellerFrom(given, row.id, context);
    const properties = structs(given, 'properties').map(propertyOf);
    Object.assign(row, { columns: { reseller, ...columns }, properties, changed: context.at });
    return shown(row);
  },

  /** Refused while something belongs to it (ngnpro.md, "Ownership"): assumed enforced. */
  deleteAccount(args, context) {
    const row = customerOf(number(args, 'id'), context);
    const [first] = belongings(row, context.state);
    if (first !== undefined) throw new NgnproFault('customerInUse', first);
    context.state.customers.delete(row.id);
  },

  getAccount: (args, context) => shown(customerOf(number(args, 'id'), context)),

  getCustomers(args, context) {
    const { items, total } = list(args, seen(context));
    return { accounts: items, total };
  },

  getResellers(args, context) {
    const { items, total } = list(args, seen(context).filter(isReseller));
    return { accounts: items, total };
  },

  /** Merged by name: assumed (ngnpro.md, "`setProperties`"). */
  setProperties(args, context) {
    const row = customerOf(number(args, 'customer'), context);
    const merged = new Map(row.properties.map((property) => [property['name'], property]));
    for (const property of structs(args, 'properties').map(propertyOf)) merged.set(property['name'], property);
    Object.assign(row, { properties: [...merged.values()], changed: context.at });
  },

  getProperties: (args, context) => customerOf(number(args, 'customer'), context).properties,
};
