import { masked, Refusal } from './refusal.ts';

export interface Query {
  get(name: string): string | undefined;
  /** All parameters, the last one of a name, in the order they came. */
  readonly entries: readonly (readonly [string, string])[];
}

const EMPTY: Query = { get: () => undefined, entries: [] };

export function parseQuery(raw: string): Query {
  if (raw === '') return EMPTY;
  const map = new Map(new URLSearchParams(raw));
  return { get: (name) => map.get(name), entries: [...map] };
}

export interface Paging {
  readonly page: number;
  readonly rows: number;
}

function positive(value: string | undefined, otherwise: number): number {
  if (value === undefined) return otherwise;
  if (!/^\d+$/.test(value)) throw masked();
  const number = Number(value);
  if (number > 0) return number;
  throw new Refusal(400, "Query parameters 'page' and 'rows', when specified, must be greater than 0.");
}

/** @throws Refusal 400 for a 0, 500 for what is no number (sipwise-ngcp.md §3). */
export function pagingOf(query: Query): Paging {
  return { page: positive(query.get('page'), 1), rows: positive(query.get('rows'), 10) };
}

/** The query of a `self`, `next` or `prev` link: values stand raw, not encoded again (§3). */
export function linkQuery(query: Query, { page, rows }: Paging): string {
  let text = `page=${page}&rows=${rows}`;
  for (const [name, value] of query.entries) {
    if (name !== 'page' && name !== 'rows') text += `&${name}=${value}`;
  }
  return text;
}
