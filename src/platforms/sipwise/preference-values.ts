import type { Json } from '../port.ts';
import type { PatchOperation } from './client.ts';
import type { PreferenceDefinition, PreferenceDefinitions } from './definitions.ts';
import { characters } from './native.ts';

/*
 * Values of subscriber preferences (sipwise-ngcp.md §8.7). The platform takes unknown names without a word, so that what
 * is checked here is all the checking there is.
 */

const LONGEST_VALUE = 128;

/** Written by the platform and ignored in what is sent. */
const NOT_PREFERENCES = new Set(['id', 'subscriber_id']);

type Scalar = boolean | number | string;

/** Faults that need no definitions: name, shape, length. Null when there is none. */
export function staticPreferenceFault(name: string, value: Json): string | null {
  if (!/^[A-Za-z][A-Za-z0-9_]{0,62}$/.test(name) || NOT_PREFERENCES.has(name)) return 'is not the name of a preference';
  if (name === 'lock') return 'is set through native.lock of the subscriber';
  if (value === null) return null;
  if (!Array.isArray(value)) return scalarFault(value);
  if (value.length === 0) return 'must not be an empty list; null clears a preference';
  for (const element of value as Json[]) {
    const fault = scalarFault(element);
    if (fault) return fault;
  }
  return new Set((value as Scalar[]).map(String)).size === value.length ? null : 'must not hold a value twice';
}

function scalarFault(value: Json): string | null {
  if (typeof value === 'boolean') return null;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? null : 'must be a whole number';
  if (typeof value !== 'string') return 'must be a text, number, boolean, or a list of them';
  if (value === '') return 'must not be empty; null clears a preference';
  if (value !== value.trim()) return 'must not begin or end with a space';
  if (characters(value) > LONGEST_VALUE) return `must have at most ${LONGEST_VALUE} characters`;
  return null;
}

/** Everything that is wrong with a preference, by the platform's own definitions. Null when nothing is. */
export function preferenceFault(name: string, value: Json, definitions: PreferenceDefinitions): string | null {
  const fault = staticPreferenceFault(name, value);
  if (fault) return fault;
  const definition = definitions.get(name);
  if (!definition) return 'is not a preference of the target';
  if (definition.readOnly) return 'can only be read';
  if (definition.type === 'blob') return 'holds binary data, which an order cannot set';
  if (value === null) return null;
  const isList = Array.isArray(value);
  if (definition.max === 1 && isList) return 'must be one value, not a list';
  if (definition.max !== 1 && !isList) return 'must be a list';
  const elements = (isList ? value : [value]) as Scalar[];
  if (definition.max > 1 && elements.length > definition.max) return `must have at most ${definition.max} elements`;
  for (const element of elements) {
    const wrong = typeFault(element, definition);
    if (wrong) return wrong;
  }
  return null;
}

function typeFault(value: Scalar, definition: PreferenceDefinition): string | null {
  switch (definition.type) {
    case 'boolean':
      return typeof value === 'boolean' || value === 0 || value === 1 ? null : 'must be true or false';
    case 'int':
      return typeof value === 'number' || (typeof value === 'string' && /^-?\d{1,15}$/.test(value))
        ? null
        : 'must be a whole number';
    case 'enum': {
      const values = (definition.values ?? []).filter((known) => known !== null);
      return values.includes(String(value)) ? null : `must be one of ${values.join(', ')}, or null for the default`;
    }
    default:
      return typeof value === 'boolean' ? 'must be a text' : null;
  }
}

/** One form for each meaning: digits and numbers, true and 1; lists have no order. Null when unset. */
function normal(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return value.length === 0 ? null : JSON.stringify(value.map(normalScalar).toSorted());
  return normalScalar(value);
}

function normalScalar(value: unknown): string {
  if (value === true) return '1';
  return value === false ? '0' : String(value);
}

export const samePreference = (wanted: Json, found: unknown): boolean => normal(wanted) === normal(found);

export type PreferenceImage = { readonly [name: string]: Json };

/**
 * The operations that bring preferences to `wanted`. `add` sets or overwrites; a PUT would wipe what the platform set
 * itself; `remove` of an unset one is refused (sipwise-ngcp.md §8.7).
 * @param isSet whether the preference has a value now
 */
export function preferenceOperations(wanted: PreferenceImage, isSet: (name: string) => boolean): PatchOperation[] {
  const operations: PatchOperation[] = [];
  for (const [name, value] of Object.entries(wanted)) {
    if (value !== null) operations.push({ op: 'add', path: `/${name}`, value });
    else if (isSet(name)) operations.push({ op: 'remove', path: `/${name}` });
  }
  return operations;
}
