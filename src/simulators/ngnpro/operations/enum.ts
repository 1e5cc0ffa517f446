import { checkTouch } from '../actor.ts';
import { invalid, NgnproFault } from '../fault.ts';
import { listOf } from '../lists.ts';
import {
  ownerFrom,
  ownershipFrom,
  ownershipOfNumber,
  rangeOf,
  visible,
  type Context,
  type Operations,
} from '../operation.ts';
import type { Columns, NumberRow, OwnedRow } from '../rows.ts';
import { enumKey, timestamp, type NgnproState } from '../state.ts';
import { number, struct, structs, text, texts, type Struct } from '../values.ts';

const DEFAULT_TTL = 3600;
const DEFAULT_PRIORITY = 5;
const TLD = /^[a-z0-9-]+(\.[a-z0-9-]+)*$/;

/** A TTL of 0 is none. */
const ttlOf = (given: Struct): number => number(given, 'ttl') || DEFAULT_TTL;

/** @throws NgnproFault */
function keyOf(id: Struct, member: 'prefix' | 'number'): string {
  const digits = text(id, member);
  if (!/^\d+$/.test(digits)) throw invalid(`${member} ${digits}`);
  if (!TLD.test(text(id, 'tld'))) throw invalid(`tld ${text(id, 'tld')}`);
  return enumKey(digits, text(id, 'tld'));
}

function partsOf(key: string): readonly [digits: string, tld: string] {
  const [digits = '', tld = ''] = key.split(' ');
  return [digits, tld];
}

function rangeColumns(given: Struct): Columns {
  const minDigits = number(given, 'minDigits');
  const maxDigits = number(given, 'maxDigits');
  const size = number(given, 'size');
  if (minDigits < 0 || size < 0 || maxDigits < minDigits) throw invalid('minDigits, maxDigits or size');
  return {
    ttl: ttlOf(given),
    minDigits,
    maxDigits,
    size,
    nameservers: texts(given, 'nameservers'),
    info: text(given, 'info'),
  };
}

const numbersIn = (range: OwnedRow, state: NgnproState): readonly NumberRow[] =>
  [...state.numbers.values()].filter((row) => rangeOf(row.number, row.tld, state) === range);

function rangeShown({ key, ownership, columns, changed }: OwnedRow, used: number): Struct {
  const [prefix, tld] = partsOf(key);
  const serial = Math.floor(changed / 1000);
  return { id: { prefix, tld }, ...columns, used, serial, ...ownership, changeDate: timestamp(changed) };
}

/** @throws NgnproFault */
function openRange(id: Struct, { state, actor }: Context): OwnedRow {
  const key = keyOf(id, 'prefix');
  const row = state.ranges.get(key);
  if (!row) throw new NgnproFault('rangeAbsent', key);
  checkTouch(actor, row.ownership);
  return row;
}

/** Written as a list: one that was there keeps its id, every other gets one. */
function mappingsOf(given: Struct, before: readonly Struct[], state: NgnproState): readonly Struct[] {
  const mappings = structs(given, 'mappings');
  if (mappings.some((mapping) => text(mapping, 'type') === '' || text(mapping, 'mapto') === '')) {
    throw invalid('mappings need type and mapto');
  }
  return mappings.map((mapping) => {
    const { type, mapto } = mapping;
    const known = before.some(({ id }) => id === mapping['id']);
    const id = known ? number(mapping, 'id') : state.nextId('mapping');
    return { id, type, mapto, priority: number(mapping, 'priority') || DEFAULT_PRIORITY, ttl: ttlOf(mapping) };
  });
}

const numberColumns = (given: Struct, context: Context): Columns => ({
  owner: ownerFrom(given, context),
  info: text(given, 'info'),
});

const numberShown = (row: NumberRow, state: NgnproState): Struct => ({
  id: { number: row.number, tld: row.tld },
  ...row.columns,
  mappings: row.mappings,
  ...ownershipOfNumber(row, state),
  changeDate: timestamp(row.changed),
});

/** @throws NgnproFault */
function openNumber(id: Struct, { state, actor }: Context): NumberRow {
  const key = keyOf(id, 'number');
  const range = rangeOf(...partsOf(key), state);
  if (range) checkTouch(actor, range.ownership);
  const row = state.numbers.get(key);
  if (!row) throw new NgnproFault('numberAbsent', key);
  return row;
}

export const enumOperations: Operations = {
  addRange(args, context) {
    const given = struct(args, 'range');
    const key = keyOf(struct(given, 'id'), 'prefix');
    const { ranges } = context.state;
    if (ranges.has(key)) throw new NgnproFault('rangePresent', key);
    const ownership = ownershipFrom(given, context);
    const row: OwnedRow = { key, ownership, columns: rangeColumns(given), changed: context.at };
    ranges.set(key, row);
    return rangeShown(row, numbersIn(row, context.state).length);
  },

  updateRange(args, context) {
    const given = struct(args, 'range');
    const row = openRange(struct(given, 'id'), context);
    const ownership = ownershipFrom(given, context);
    Object.assign(row, { columns: rangeColumns(given), ownership, changed: context.at });
    return rangeShown(row, numbersIn(row, context.state).length);
  },

  /** Refused while numbers are in it: assumed. */
  deleteRange(args, context) {
    const row = openRange(struct(args, 'range'), context);
    if (numbersIn(row, context.state).length > 0) throw new NgnproFault('rangeInUse', row.key);
    context.state.ranges.delete(row.key);
  },

  getRanges(args, context) {
    const { state } = context;
    const rows = visible(state.ranges.values(), context, ({ ownership }) => ownership);
    const { items, total } = listOf(
      struct(args, 'query'),
      rows,
      ({ key, ownership, columns, changed }) => {
        const [prefix, tld] = partsOf(key);
        return { prefix, tld, info: text(columns, 'info'), ...ownership, changeDate: changed };
      },
      (row) => rangeShown(row, numbersIn(row, state).length),
    );
    return { ranges: items, total };
  },

  addNumber(args, context) {
    const given = struct(args, 'number');
    const { state, at } = context;
    const key = keyOf(struct(given, 'id'), 'number');
    const [digits, tld] = partsOf(key);
    const range = rangeOf(digits, tld, state);
    if (!range) throw new NgnproFault('rangeAbsent', key);
    checkTouch(context.actor, range.ownership);
    if (state.numbers.has(key)) throw new NgnproFault('numberPresent', key);
    const { columns } = range;
    const most = number(columns, 'maxDigits');
    if (digits.length < number(columns, 'minDigits') || (most > 0 && digits.length > most)) {
      throw invalid(`number ${digits} has ${digits.length} digits`);
    }
    const size = number(columns, 'size');
    if (size > 0 && numbersIn(range, state).length >= size) throw new NgnproFault('rangeFull', range.key);
    const made = { columns: numberColumns(given, context), mappings: mappingsOf(given, [], state) };
    const row: NumberRow = { key, number: digits, tld, ...made, changed: at };
    state.numbers.set(key, row);
    return numberShown(row, state);
  },

  updateNumber(args, context) {
    const given = struct(args, 'number');
    const row = openNumber(struct(given, 'id'), context);
    const columns = numberColumns(given, context);
    Object.assign(row, { columns, mappings: mappingsOf(given, row.mappings, context.state), changed: context.at });
    return numberShown(row, context.state);
  },

  deleteNumber(args, context) {
    context.state.numbers.delete(openNumber(struct(args, 'enumId'), context).key);
  },

  getNumber: (args, context) => numberShown(openNumber(struct(args, 'enumId'), context), context.state),

  getNumbers(args, context) {
    const { state } = context;
    const rows = visible(state.numbers.values(), context, (row) => ownershipOfNumber(row, state));
    const { items, total } = listOf(
      struct(args, 'query'),
      rows,
      (row) => ({
        number: row.number,
        tld: row.tld,
        type: row.mappings.map((mapping) => text(mapping, 'type')),
        mapto: row.mappings.map((mapping) => text(mapping, 'mapto')),
        owner: number(row.columns, 'owner'),
        ...ownershipOfNumber(row, state),
        changeDate: row.changed,
      }),
      (row) => numberShown(row, state),
    );
    return { numbers: items, total };
  },
};
