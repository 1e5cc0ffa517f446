import { isIP } from 'node:net';
import { checkTouch } from '../actor.ts';
import { invalid, NgnproFault, type FaultName } from '../fault.ts';
import { listOf, type Listing } from '../lists.ts';
import { resellerFrom, visible, type Context, type Operations } from '../operation.ts';
import type { Columns, ResellerRow } from '../rows.ts';
import { timestamp, type NgnproState } from '../state.ts';
import { number, struct, structs, text, type Scalar, type Struct } from '../values.ts';

/*
 * Carrier before gateway before rule, carrier before route (ngnpro.md, "Rules worth coding"). What belongs to a carrier
 * is its reseller's; two may bear one name; one that is in use stays: all assumed.
 */

type Table = 'carriers' | 'gateways' | 'gatewayRules' | 'routes';

const ABSENT: Readonly<Record<Table, FaultName>> = {
  carriers: 'carrierAbsent',
  gateways: 'gatewayAbsent',
  gatewayRules: 'ruleAbsent',
  routes: 'routeAbsent',
};

/** @throws NgnproFault */
function rowOf(table: Table, id: number, { state, actor }: Context): ResellerRow {
  const row = state[table].get(id);
  if (!row) throw new NgnproFault(ABSENT[table], String(id));
  checkTouch(actor, { customer: 0, reseller: row.reseller });
  return row;
}

interface Made {
  readonly reseller: number;
  readonly columns: Columns;
}

function named(given: Struct): string {
  const name = text(given, 'name');
  if (name === '') throw invalid('name is missing');
  return name;
}

function counts(given: Struct, members: readonly string[]): Columns {
  const negative = members.find((member) => number(given, member) < 0);
  if (negative !== undefined) throw invalid(negative);
  return Object.fromEntries(members.map((member) => [member, number(given, member)]));
}

const carrierFrom = (given: Struct, context: Context): Made => ({
  reseller: resellerFrom(given, context),
  columns: { name: named(given) },
});

function gatewayFrom(given: Struct, context: Context): Made {
  const { id: carrier_id, reseller } = rowOf('carriers', number(given, 'carrier_id'), context);
  const ip = text(given, 'ip');
  const transport = text(given, 'transport') || 'udp';
  const port = number(given, 'port') || 5060;
  if (isIP(ip) === 0) throw invalid(`ip ${ip}`);
  if (!['udp', 'tcp', 'tls'].includes(transport)) throw invalid(`transport ${transport}`);
  if (port < 1 || port > 65_535) throw invalid(`port ${port}`);
  return { reseller, columns: { name: named(given), carrier_id, transport, ip, port } };
}

function ruleFrom(given: Struct, context: Context): Made {
  const { id: gateway_id, reseller } = rowOf('gateways', number(given, 'gateway_id'), context);
  const { prefix, prepend } = { prefix: text(given, 'prefix'), prepend: text(given, 'prepend') };
  return {
    reseller,
    columns: { gateway_id, prefix, prepend, ...counts(given, ['strip', 'minLength', 'maxLength']) },
  };
}

function routeFrom(given: Struct, context: Context): Made {
  const { id: carrier_id, reseller } = rowOf('carriers', number(given, 'carrier_id'), context);
  const { prefix, originator } = { prefix: text(given, 'prefix'), originator: text(given, 'originator') };
  return { reseller, columns: { carrier_id, prefix, originator, ...counts(given, ['priority']) } };
}

const carrierName = (columns: Columns, { carriers }: NgnproState): string =>
  text(carriers.get(number(columns, 'carrier_id'))?.columns ?? {}, 'name');

const plain = ({ id, reseller, columns, changed }: ResellerRow): Struct => ({
  id,
  ...columns,
  reseller,
  changeDate: timestamp(changed),
});

const withCarrier =
  (state: NgnproState) =>
  (row: ResellerRow): Struct => ({ ...plain(row), carrier: carrierName(row.columns, state) });

function list(table: Table, args: Struct, context: Context, shown: (row: ResellerRow) => Struct): Listing {
  const { state } = context;
  const rows = visible(state[table].values(), context, ({ reseller }) => ({ customer: 0, reseller }));
  return listOf(
    struct(args, 'query'),
    rows,
    (row) => ({
      ...(row.columns as Record<string, Scalar>),
      id: row.id,
      carrier_id: number((state.gateways.get(number(row.columns, 'gateway_id')) ?? row).columns, 'carrier_id'),
      customer: row.reseller,
      reseller: row.reseller,
      changeDate: row.changed,
    }),
    shown,
  );
}

/** The three operations that are alike for carriers, gateways and rules. */
function writes(
  [name, part, table, kind]: readonly [string, string, Table, 'carrier' | 'gateway' | 'gatewayRule'],
  from: (given: Struct, context: Context) => Made,
  shownIn: (state: NgnproState) => (row: ResellerRow) => Struct,
  checkUnused: (id: number, state: NgnproState) => void,
): Operations {
  return {
    [`add${name}`](args, context) {
      const made = from(struct(args, part), context);
      const row: ResellerRow = { id: context.state.nextId(kind), ...made, changed: context.at };
      context.state[table].set(row.id, row);
      return shownIn(context.state)(row);
    },
    [`update${name}`](args, context) {
      const given = struct(args, part);
      const row = rowOf(table, number(given, 'id'), context);
      Object.assign(row, { ...from(given, context), changed: context.at });
      return shownIn(context.state)(row);
    },
    [`delete${name}`](args, context) {
      const { id } = rowOf(table, number(args, 'id'), context);
      checkUnused(id, context.state);
      context.state[table].delete(id);
    },
  };
}

function anyBears(member: string, id: number, ...tables: readonly ReadonlyMap<number, ResellerRow>[]): boolean {
  return tables.some((rows) => [...rows.values()].some(({ columns }) => columns[member] === id));
}

const carrierWrites = writes(
  ['Carrier', 'carrier', 'carriers', 'carrier'],
  carrierFrom,
  () => plain,
  (id, { gateways, routes }) => {
    if (anyBears('carrier_id', id, gateways, routes)) throw new NgnproFault('carrierInUse', String(id));
  },
);

const gatewayWrites = writes(
  ['Gateway', 'gateway', 'gateways', 'gateway'],
  gatewayFrom,
  withCarrier,
  (id, { gatewayRules }) => {
    if (anyBears('gateway_id', id, gatewayRules)) throw new NgnproFault('gatewayInUse', String(id));
  },
);

const ruleWrites = writes(
  ['GatewayRule', 'rule', 'gatewayRules', 'gatewayRule'],
  ruleFrom,
  () => plain,
  () => undefined,
);

export const pstnOperations: Operations = {
  ...carrierWrites,
  ...gatewayWrites,
  ...ruleWrites,

  getCarriers(args, context) {
    const { items, total } = list('carriers', args, context, plain);
    return { carriers: items, total };
  },

  getGateways(args, context) {
    const { items, total } = list('gateways', args, context, withCarrier(context.state));
    return { gateways: items, total };
  },

  getGatewayRules(args, context) {
    const { items, total } = list('gatewayRules', args, context, plain);
    return { gateway_rules: items, total };
  },

  /** All or none. */
  addRoutes(args, context) {
    const { state, at } = context;
    const made = structs(args, 'routes').map((given) => routeFrom(given, context));
    for (const one of made) {
      const id = state.nextId('route');
      state.routes.set(id, { id, ...one, changed: at });
    }
  },

  updateRoutes(args, context) {
    const changes = structs(args, 'routes').map((given) => ({
      row: rowOf('routes', number(given, 'id'), context),
      made: routeFrom(given, context),
    }));
    for (const { row, made } of changes) Object.assign(row, { ...made, changed: context.at });
  },

  deleteRoutes(args, context) {
    const rows = structs(args, 'routes').map((given) => rowOf('routes', number(given, 'id'), context));
    for (const { id } of rows) context.state.routes.delete(id);
  },

  getRoutes(args, context) {
    const { items, total } = list('routes', args, context, withCarrier(context.state));
    return { routes: items, total };
  },
};
