import { fold, patternMatch, plainMatch, wildcardMatch } from './collation.ts';
import { parseTimestamp } from './clock.ts';
import { pagingOf, type Paging, type Query } from './query.ts';
import type { SipwiseState } from './state.ts';

type Column<Row> = (row: Row) => string | number | boolean | null | readonly string[];

/** A query parameter that filters (sipwise-ngcp.md §3, "Filter matching"). */
export type Filter<Row> =
  | {
      readonly kind: 'wildcard' | 'pattern' | 'plain';
      readonly column: Column<Row>;
      /** Rows whose folded column is `exact`, for a value without wildcards. */
      readonly index?: (state: SipwiseState, exact: string) => readonly Row[];
    }
  | { readonly kind: 'custom'; readonly test: (row: Row, value: string) => boolean };

export type Filters<Row> = Readonly<Record<string, Filter<Row>>>;

/** `<name>_gt` and `<name>_lt` of a time. */
export function timeFilters<Row>(name: string, column: (row: Row) => number | null): Filters<Row> {
  return {
    [`${name}_gt`]: { kind: 'custom', test: (row, value) => (column(row) ?? -Infinity) > parseTimestamp(value) },
    [`${name}_lt`]: { kind: 'custom', test: (row, value) => (column(row) ?? Infinity) < parseTimestamp(value) },
  };
}

/** A comma list of which the column has to be one. */
export function oneOfFilter<Row>(column: (row: Row) => string, negate = false): Filter<Row> {
  return {
    kind: 'custom',
    test: (row, value) => value.split(',').some((one) => fold(one.trim()) === fold(column(row))) !== negate,
  };
}

interface Compiled<Row> {
  readonly test: (row: Row) => boolean;
  readonly candidates: readonly Row[] | null;
}

const MATCHERS = { wildcard: wildcardMatch, pattern: patternMatch, plain: plainMatch };

function foldCell(cell: string | number | boolean): string {
  if (typeof cell === 'string') return fold(cell);
  return typeof cell === 'number' ? String(cell) : cell ? '1' : '0';
}

function compile<Row>(state: SipwiseState, filter: Filter<Row>, value: string): Compiled<Row> {
  if (filter.kind === 'custom') return { candidates: null, test: (row) => filter.test(row, value) };
  const { column } = filter;
  if (value === '$null') return { candidates: null, test: (row) => column(row) === null };
  if (value === '$not_null') return { candidates: null, test: (row) => column(row) !== null };
  const match = MATCHERS[filter.kind](value);
  return {
    candidates: match.exact === null || !filter.index ? null : filter.index(state, match.exact),
    test: (row) => {
      const cell = column(row);
      if (cell === null) return false;
      if (typeof cell === 'object') return cell.some((one) => match.test(fold(one)));
      return match.test(foldCell(cell));
    },
  };
}

/** The rows a list starts from: all of a table, those one may see. */
export interface Source<Row> {
  readonly table: ReadonlyMap<number, Row>;
  /** Null: sees all. */
  readonly visible: ((row: Row) => boolean) | null;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** Null with `no_count`. */
  readonly total: number | null;
  readonly hasNext: boolean;
  readonly paging: Paging;
}

type Cell = string | number | null | undefined;

/** NULL comes first. */
function compareCells(a: Cell, b: Cell): number {
  if (a === b) return 0;
  if (a === null || a === undefined) return -1;
  if (b === null || b === undefined) return 1;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return fold(String(a)) < fold(String(b)) ? -1 : 1;
}

export interface ListSpec<Row> {
  readonly filters: Filters<Row>;
  /** Columns of the row itself that `order_by` takes; others are ignored. */
  readonly sortable: readonly string[];
}

function sorted<Row extends object>(rows: readonly Row[], spec: ListSpec<Row>, query: Query): readonly Row[] {
  const column = query.get('order_by');
  if (column === undefined || !spec.sortable.includes(column)) return rows;
  const direction = query.get('order_by_direction')?.toLowerCase() === 'desc' ? -1 : 1;
  const cell = (row: Row): Cell => (row as Record<string, Cell>)[column];
  return rows.toSorted((a, b) => direction * compareCells(cell(a), cell(b)));
}

/** Filters, sorts and pages. Parameters that are no filter are ignored: a typo returns everything (§3). */
export function listPage<Row extends object>(
  state: SipwiseState,
  source: Source<Row>,
  spec: ListSpec<Row>,
  query: Query,
): Page<Row> {
  const paging = pagingOf(query);
  const compiled: Compiled<Row>[] = [];
  for (const [name, value] of query.entries) {
    const filter = spec.filters[name];
    if (filter) compiled.push(compile(state, filter, value));
  }
  if (source.visible) compiled.push({ candidates: null, test: source.visible });
  const start = compiled.find((one) => one.candidates !== null)?.candidates ?? [...source.table.values()];
  const hits = compiled.length === 0 ? start : start.filter((row) => compiled.every((one) => one.test(row)));
  const first = (paging.page - 1) * paging.rows;
  const rows = sorted(hits, spec, query).slice(first, first + paging.rows);
  const total = query.get('no_count') === '1' ? null : hits.length;
  return { rows, total, hasNext: first + rows.length < hits.length && rows.length > 0, paging };
}
