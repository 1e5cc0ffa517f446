import type { Definitions, Json } from '../port.ts';
import type { Item, SipwiseClient } from './client.ts';
import { textOrNull } from './lookup.ts';

export type PreferenceType = 'string' | 'int' | 'boolean' | 'enum' | 'blob';

export interface PreferenceDefinition {
  readonly type: PreferenceType;
  /** 1: one value. 0: a list. More: a list of at most so many (sipwise-ngcp.md §8.7). */
  readonly max: number;
  readonly readOnly: boolean;
  /** Of an enum; null is its default. */
  readonly values?: readonly (string | null)[];
}

export type PreferenceDefinitions = ReadonlyMap<string, PreferenceDefinition>;

const TYPES = new Set(['string', 'int', 'boolean', 'enum', 'blob']);

/** What the platform says of its subscriber preferences, cut down to what is checked; some 240 names. */
export async function loadDefinitions(client: SipwiseClient): Promise<Definitions> {
  const answer = await client.get('/api/subscriberpreferencedefs/');
  const preferences: { [name: string]: Json } = {};
  for (const [name, entry] of Object.entries(answer)) {
    const definition = entry as Item | null;
    const type = definition?.['data_type'];
    if (!definition || typeof type !== 'string' || !TYPES.has(type)) continue;
    const values = definition['enum_values'];
    preferences[name] = {
      type,
      max: Number(definition['max_occur'] ?? 1),
      readOnly: isTrue(definition['read_only']),
      ...(Array.isArray(values) ? { values: values.map((value) => textOrNull((value as Item)['value'])) } : {}),
    };
  }
  return { preferences };
}

const parsed = new WeakMap<object, PreferenceDefinitions>();

/** The cached form as a map; parsed once for each cached object. */
export function readDefinitions(definitions: Definitions): PreferenceDefinitions {
  if (typeof definitions !== 'object' || definitions === null) return new Map();
  let map = parsed.get(definitions);
  if (!map) {
    const { preferences } = definitions as unknown as { preferences?: Record<string, PreferenceDefinition> };
    map = new Map(Object.entries(preferences ?? {}));
    parsed.set(definitions, map);
  }
  return map;
}

const isTrue = (value: unknown): boolean => value === true || value === 1 || value === '1';
