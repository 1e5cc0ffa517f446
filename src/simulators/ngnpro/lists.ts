import { invalid } from './fault.ts';
import { number, struct, text, type Scalar, type Struct, type Value } from './values.ts';

/** A row as filters and the order see it, by the names that the query types have for it. */
export type View = Readonly<Record<string, Scalar | readonly string[]>>;

export interface Listing {
  readonly items: readonly Struct[];
  /** All that match, also outside the range. */
  readonly total: number;
}

/** A filter of text: `%` stands for any run of characters, letter case does not count. */
function like(pattern: string): (value: string) => boolean {
  const source = pattern
    .split('%')
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
    .join('.*');
  const expression = new RegExp(`^${source}$`, 'is');
  return (value) => expression.test(value);
}

/** What every row is known by. */
type Keyed = { readonly key: string } | { readonly id: number };

function inOrder(left: Keyed, right: Keyed): number {
  if ('id' in left) return left.id - ('id' in right ? right.id : 0);
  return 'key' in right && left.key < right.key ? -1 : 1;
}

/** An empty string, 0, false or an empty list restricts nothing (ngnpro.md, "*Query"). */
function restriction(member: string, wanted: Value): ((view: View) => boolean) | null {
  if (wanted === '' || wanted === 0 || wanted === false) return null;
  const valueOf = (view: View): View[string] => {
    const value = view[member];
    if (value === undefined) throw new Error(`There is no filter ${member}`);
    return value;
  };
  if (typeof wanted === 'object') {
    const all = wanted as readonly string[];
    return (view) => all.every((one) => (valueOf(view) as readonly string[]).includes(one));
  }
  if (typeof wanted !== 'string') return (view) => valueOf(view) === wanted;
  const matches = like(wanted);
  return (view) => {
    const value = valueOf(view);
    return typeof value === 'object' ? value.some(matches) : matches(String(value));
  };
}

const compare = (left: View[string] | undefined, right: View[string] | undefined): number =>
  typeof left === 'number' && typeof right === 'number'
    ? left - right
    : String(left) < String(right)
      ? -1
      : Number(String(left) > String(right));

/**
 * One page of a list. Without `orderBy` in the order of the keys; `range` without a `count` goes on to the end.
 * @param viewOf what filters and the order see of a row; `shown` makes what is sent of it
 * @throws NgnproFault for an attribute that the rows lack, or a range that is none
 */
export function listOf<Row extends Keyed>(
  query: Struct,
  rows: readonly Row[],
  viewOf: (row: Row) => View,
  shown: (row: Row) => Struct,
): Listing {
  const restrictions = Object.entries(struct(query, 'filter')).flatMap(
    ([member, wanted]) => (wanted === undefined ? null : restriction(member, wanted)) ?? [],
  );
  const matching = rows
    .map((row) => ({ row, view: viewOf(row) }))
    .filter(({ view }) => restrictions.every((matches) => matches(view)))
    .toSorted((left, right) => inOrder(left.row, right.row));
  const attribute = text(struct(query, 'orderBy'), 'attribute');
  const direction = text(struct(query, 'orderBy'), 'direction').toUpperCase();
  if (!['', 'ASC', 'DESC'].includes(direction)) throw invalid(`orderBy.direction ${direction}`);
  const [first] = matching;
  if (attribute !== '' && first && !Object.hasOwn(first.view, attribute)) {
    throw invalid(`orderBy.attribute ${attribute}`);
  }
  const sign = direction === 'DESC' ? -1 : 1;
  const ordered =
    attribute === ''
      ? matching
      : matching.toSorted((left, right) => sign * compare(left.view[attribute], right.view[attribute]));
  const range = struct(query, 'range');
  const start = number(range, 'start');
  const count = number(range, 'count');
  if (start < 0 || count < 0) throw invalid('range');
  const page = ordered.slice(start, count === 0 ? undefined : start + count);
  return { items: page.map(({ row }) => shown(row)), total: matching.length };
}
