import { checkTouch } from '../actor.ts';
import { invalid, NgnproFault } from '../fault.ts';
import { listOf } from '../lists.ts';
import { ownerFrom, ownershipFrom, ownershipOfRecord, visible, type Context, type Operations } from '../operation.ts';
import type { Columns, OwnedRow, RecordRow } from '../rows.ts';
import { timestamp, type NgnproState } from '../state.ts';
import { number, struct, text, texts, type Struct } from '../values.ts';
import { DOMAIN_NAME } from './domains.ts';

const DEFAULT_TTL = 3600;
const TIMES = ['minimum', 'retry', 'expire'] as const;

function zoneColumns(given: Struct): Columns {
  const negative = ['ttl', ...TIMES].find((member) => number(given, member) < 0);
  if (negative !== undefined) throw invalid(negative);
  return {
    email: text(given, 'email'),
    ttl: number(given, 'ttl') || DEFAULT_TTL,
    ...Object.fromEntries(TIMES.map((member) => [member, number(given, member)])),
    nameservers: texts(given, 'nameservers'),
    info: text(given, 'info'),
  };
}

const zoneShown = ({ key, ownership, columns, changed }: OwnedRow): Struct => ({
  name: key,
  ...columns,
  serial: Math.floor(changed / 1000),
  ...ownership,
  changeDate: timestamp(changed),
});

/** @throws NgnproFault */
function zoneOf(name: string, { state, actor }: Context): OwnedRow {
  const row = state.zones.get(name);
  if (!row) throw new NgnproFault('zoneAbsent', name);
  checkTouch(actor, row.ownership);
  return row;
}

const zoneOperations: Operations = {
  addZone(args, context) {
    const given = struct(args, 'zone');
    const key = text(given, 'name');
    if (!DOMAIN_NAME.test(key)) throw invalid(`name ${key}`);
    const { zones } = context.state;
    if (zones.has(key)) throw new NgnproFault('zonePresent', key);
    const ownership = ownershipFrom(given, context);
    const row: OwnedRow = { key, ownership, columns: zoneColumns(given), changed: context.at };
    zones.set(key, row);
    return zoneShown(row);
  },

  updateZone(args, context) {
    const given = struct(args, 'zone');
    const row = zoneOf(text(given, 'name'), context);
    const ownership = ownershipFrom(given, context);
    Object.assign(row, { ownership, columns: zoneColumns(given), changed: context.at });
    return zoneShown(row);
  },

  /** Its records go with it: assumed. */
  deleteZone(args, context) {
    const { key } = zoneOf(text(args, 'zone'), context);
    const { zones, records, fancyRecords } = context.state;
    zones.delete(key);
    for (const table of [records, fancyRecords]) {
      for (const row of table.values()) if (row.columns['zone'] === key) table.delete(row.id);
    }
  },

  getZone: (args, context) => zoneShown(zoneOf(text(args, 'zone'), context)),

  getZones(args, context) {
    const rows = visible(context.state.zones.values(), context, ({ ownership }) => ownership);
    const { items, total } = listOf(
      struct(args, 'query'),
      rows,
      ({ key, ownership, columns, changed }) => ({
        name: key,
        info: text(columns, 'info'),
        ...ownership,
        changeDate: changed,
      }),
      zoneShown,
    );
    return { zones: items, total };
  },
};

const KEY = ['zone', 'name', 'type', 'value'] as const;

const recordShown = (row: RecordRow, state: NgnproState): Struct => ({
  id: row.id,
  ...row.columns,
  ...ownershipOfRecord(row, state),
  changeDate: timestamp(row.changed),
});

/** The five operations of ordinary records, or of "fancy" ones, which have no priority and types of their own. */
function recordOperations(
  name: 'Record' | 'FancyRecord',
  table: 'records' | 'fancyRecords',
  columnsFrom: (given: Struct) => Columns,
): Operations {
  function columnsOf(given: Struct, row: RecordRow | null, context: Context): Columns {
    const { key: zone } = zoneOf(text(given, 'zone'), context);
    const missing = KEY.find((member) => text(given, member) === '');
    if (missing !== undefined) throw invalid(`${missing} is missing`);
    if (row && row.columns['zone'] !== zone) throw invalid(`record ${row.id} is of another zone`);
    const same = [...context.state[table].values()].find(({ columns }) =>
      KEY.every((member) => columns[member] === given[member]),
    );
    if (same && same !== row) throw new NgnproFault('recordPresent', String(same.id));
    const { type, value } = given;
    const ttl = number(given, 'ttl') || DEFAULT_TTL;
    return {
      name: text(given, 'name'),
      zone,
      type,
      value,
      ttl,
      ...columnsFrom(given),
      owner: ownerFrom(given, context),
    };
  }

  /** @throws NgnproFault */
  function recordOf(id: number, { state, actor }: Context): RecordRow {
    const row = state[table].get(id);
    if (!row) throw new NgnproFault('recordAbsent', String(id));
    checkTouch(actor, ownershipOfRecord(row, state));
    return row;
  }

  return {
    [`add${name}`](args, context) {
      const { state, at } = context;
      const columns = columnsOf(struct(args, 'record'), null, context);
      const row: RecordRow = { id: state.nextId(name === 'Record' ? 'record' : 'fancyRecord'), columns, changed: at };
      state[table].set(row.id, row);
      return recordShown(row, state);
    },
    [`update${name}`](args, context) {
      const given = struct(args, 'record');
      const row = recordOf(number(given, 'id'), context);
      Object.assign(row, { columns: columnsOf(given, row, context), changed: context.at });
      return recordShown(row, context.state);
    },
    [`delete${name}`](args, context) {
      context.state[table].delete(recordOf(number(args, 'recordId'), context).id);
    },
    [`get${name}`]: (args, context) => recordShown(recordOf(number(args, 'recordId'), context), context.state),
    [`get${name}s`](args, context) {
      const { state } = context;
      const rows = visible(state[table].values(), context, (row) => ownershipOfRecord(row, state));
      const { items, total } = listOf(
        struct(args, 'query'),
        rows,
        (row) => ({
          id: row.id,
          ...Object.fromEntries(KEY.map((member) => [member, text(row.columns, member)])),
          owner: number(row.columns, 'owner'),
          ...ownershipOfRecord(row, state),
          changeDate: row.changed,
        }),
        (row) => recordShown(row, state),
      );
      return { records: items, total };
    },
  };
}

function fancyColumns(given: Struct): Columns {
  if (!['MBOXFW', 'URL'].includes(text(given, 'type'))) throw invalid(`type ${text(given, 'type')}`);
  return {};
}

export const dnsOperations: Operations = {
  ...zoneOperations,
  ...recordOperations('Record', 'records', (given) => ({ priority: number(given, 'priority') })),
  ...recordOperations('FancyRecord', 'fancyRecords', fancyColumns),
};
