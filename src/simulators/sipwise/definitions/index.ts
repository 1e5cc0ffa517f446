import { ACCESS, BLOCKING, NUMBERS } from './call-handling.ts';
import type { Row } from './row.ts';
import { APPLICATIONS, MEDIA, OTHER, TRUNK } from './services.ts';

export type PreferenceType = 'string' | 'int' | 'boolean' | 'enum' | 'blob';

export interface EnumValue {
  readonly label: string;
  /** Null: use the domain's or the platform's default. */
  readonly value: string | null;
}

export interface PreferenceDefinition {
  readonly name: string;
  readonly dataType: PreferenceType;
  /** `max_occur` 0. */
  readonly list: boolean;
  readonly readOnly: boolean;
  readonly label: string;
  readonly group: string;
  readonly values: readonly EnumValue[];
}

const GROUPS: readonly (readonly [string, readonly Row[]])[] = [
  ['Access Restrictions', ACCESS],
  ['Call Blockings', BLOCKING],
  ['Number Manipulations', NUMBERS],
  ['NAT and Media Flow Control', MEDIA],
  ['Remote Authentication', TRUNK],
  ['Applications', APPLICATIONS],
  ['Other', OTHER],
];

function enumValue(text: string): EnumValue {
  const at = text.indexOf('=');
  const value = at < 0 ? text : text.slice(0, at);
  return { value: value === '' ? null : value, label: at < 0 ? text : text.slice(at + 1) };
}

/** Everybody may read it, and still PATCH sets and clears it (sipwise-ngcp.md §8.7). */
const READ_ONLY = new Set(['lock']);

function define(group: string, [name, type, label, ...values]: Row): PreferenceDefinition {
  const list = type.endsWith('*');
  return {
    name,
    dataType: (list ? type.slice(0, -1) : type) as PreferenceType,
    list,
    readOnly: READ_ONLY.has(name),
    label,
    group,
    values: values.map(enumValue),
  };
}

/** The preferences of a subscriber that the stand-in knows: the recorded ones and what an order would plausibly use. */
export const DEFINITIONS: readonly PreferenceDefinition[] = GROUPS.flatMap(([group, rows]) =>
  rows.map((row) => define(group, row)),
);

const byName = new Map(DEFINITIONS.map((definition) => [definition.name, definition]));

export const definitionOf = (name: string): PreferenceDefinition | undefined => byName.get(name);

const FLAGS = { dev_pref: 0, devprof_pref: 0, fielddev_pref: 0 };

function represent({ name, dataType, list, readOnly, label, group, values }: PreferenceDefinition): object {
  return {
    data_type: dataType,
    description: `${label} (${name})`,
    dynamic: 0,
    ...FLAGS,
    label,
    max_occur: list ? 0 : 1,
    preference_group: group,
    read_only: readOnly,
    ...(dataType === 'enum' && {
      enum_values: values.map((one, index) => ({ ...FLAGS, default_val: index === 0, ...one })),
    }),
  };
}

/** The body of `GET /api/subscriberpreferencedefs/`: a map by name, no list (§8.7). */
export const DEFINITIONS_DOCUMENT: string = JSON.stringify(
  Object.fromEntries(DEFINITIONS.map((definition) => [definition.name, represent(definition)])),
);
