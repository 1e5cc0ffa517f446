import type { Json } from '../../../src/platforms/port.ts';

/** Times are the server's own; sets of forwards are made anew, with new ids, whenever any forward is set (§8.4). */
const isTime = (name: string): boolean => name.endsWith('_timestamp');
const isSet = (name: string): boolean => /^(?:destination|time|source|bnumber)_set$/.test(name);
const SETS = ['cfdestinationsets', 'cftimesets'];

function still(value: unknown, inSet = false): Json {
  if (Array.isArray(value)) return value.map((one) => still(one, inSet));
  if (typeof value !== 'object' || value === null) return value as Json;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !isTime(name) && !(inSet && name === 'id'))
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, still(member, inSet || isSet(name) || SETS.includes(name))]),
  );
}

/** Sets come in the order they were made. */
export async function stateOf(standIn: { readonly url: string }): Promise<Json> {
  const held = (await (await fetch(`${standIn.url}/__state`)).json()) as Record<string, unknown>;
  const all = still(held) as Record<string, Json>;
  for (const name of SETS) all[name] = (all[name] as Json[]).map((set) => JSON.stringify(set)).toSorted();
  return all;
}
