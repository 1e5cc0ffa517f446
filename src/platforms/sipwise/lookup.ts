import { TurnupError } from '../../errors/index.ts';
import type { Item, SipwiseClient } from './types.ts';

const ROWS = 100;
const DEFAULT_LIMIT = 500;

export interface Query {
  readonly collection: string;
  readonly filter: Readonly<Record<string, string | number>>;
  readonly newestFirst?: boolean;
  /** Hits beyond this are a fault: a filter that the release does not know returns the whole collection (§3). */
  readonly limit?: number;
}

/**
 * All hits of a look-up. Pages are counted here, since the links of the platform break on special characters
 * (sipwise-ngcp.md §3). The caller re-checks every member: filters ignore letter case, or may be ignored as a whole.
 * @throws TurnupError `TURNUP_TARGET_UNEXPECTED` when there are more hits than `limit`.
 */
export async function list(client: SipwiseClient, query: Query): Promise<Item[]> {
  const { collection, limit = DEFAULT_LIMIT } = query;
  const order = `rows=${ROWS}&no_count=1&order_by=id${query.newestFirst ? '&order_by_direction=desc' : ''}`;
  const filters = Object.entries(query.filter).map(([name, value]) => `&${name}=${encodeURIComponent(value)}`);
  const items: Item[] = [];
  for (let page = 1; ; page++) {
    const answer = await client.get(`/api/${collection}/?page=${page}&${order}${filters.join('')}`);
    const found = embedded(answer, collection);
    items.push(...found);
    if (items.length > limit) {
      const names = Object.keys(query.filter).join(', ');
      throw new TurnupError('TURNUP_TARGET_UNEXPECTED', {
        detail: `looking for ${collection} by ${names} gave more than ${limit} hits; the release may not know the filter`,
      });
    }
    if (found.length < ROWS) return items;
  }
}

/** The list of an answer: absent when empty, a bare object for one hit on old releases (sipwise-ngcp.md §3). */
export function embedded(answer: Item, collection: string): Item[] {
  const all = answer['_embedded'] as { readonly [name: string]: unknown } | null | undefined;
  const found = all?.[`ngcp:${collection}`];
  if (found === undefined || found === null) return [];
  return (Array.isArray(found) ? found : [found]) as Item[];
}

/** A value for a filter of the kind "wildcard", where a star stands for anything (sipwise-ngcp.md §3). */
export function literal(value: string): string {
  return value.replaceAll('*', String.raw`\*`);
}

/** An id of the platform. Numbers may come as strings. */
export function idOf(item: Item, member = 'id'): number {
  const id = numberOrNull(item[member]);
  if (id === null)
    throw new TurnupError('TURNUP_TARGET_UNEXPECTED', { detail: `an object of the target has no ${member}` });
  return id;
}

export function numberOrNull(value: unknown): number | null {
  if (value === null || value === undefined || value === '') return null;
  const number = Number(value);
  return Number.isInteger(number) ? number : null;
}

/** Absent, null and the empty string are the same here: releases differ in which of them they answer. */
export function textOrNull(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

/** Names that the platform compares without regard to case, e.g. user names and domains. */
export function sameName(a: unknown, b: string): boolean {
  return typeof a === 'string' && a.toLowerCase() === b.toLowerCase();
}
