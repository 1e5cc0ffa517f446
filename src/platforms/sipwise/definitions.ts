import type { Definitions, Json } from '../port.ts';
import { textOrNull } from './lookup.ts';
import type { Item, PreferenceDefinition, PreferenceDefinitions, SipwiseClient } from './types.ts';

export type { PreferenceDefinition, PreferenceDefinitions } from './types.ts';

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
