import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Row } from '../../audit/things.ts';

/*
 * How the portal of a run writes what orders say (tim-web-portal.md §4): read from the profile that comes with the
 * stand-in, in a way of its own, so that what the adapter makes of the same file can be held against it.
 */

export const VARIANTS = ['status', 'outcome'] as const;
export type Variant = (typeof VARIANTS)[number];

export type Kind = 'company' | 'office' | 'user' | 'services' | 'callForwards' | 'voicemail' | 'wlr' | 'antifraud';

/** Values of a thing, by the names that profiles have for them. */
export type Values = Readonly<Record<string, unknown>>;

interface Place {
  readonly at: string;
  readonly as?: string;
  readonly list?: boolean;
  readonly empty?: unknown;
}

interface Read {
  readonly operations: Readonly<Record<string, { readonly id?: string }>>;
  readonly fields: Readonly<Record<string, Readonly<Record<string, string | Place>>>>;
  readonly native?: Read['fields'];
  readonly values: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Where the stand-in's profiles are. */
export const profileFile = (variant: Variant): URL =>
  new URL(`../../../../src/simulators/webportal/profiles/${variant}.yaml`, import.meta.url);

const stepsOf = (pointer: string): string[] => pointer.slice(1).split('/');

function valueAt(document: unknown, pointer: string): unknown {
  return stepsOf(pointer).reduce<unknown>((at, step) => (at as Row | undefined)?.[step], document);
}

function put(document: Record<string, unknown>, pointer: string, value: unknown): void {
  const steps = stepsOf(pointer);
  const last = steps.pop()!;
  const holder = steps.reduce((at, step) => (at[step] ??= {}) as Record<string, unknown>, document);
  holder[last] = value;
}

/** Lists are sets: in whichever order they come. */
function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map(String).toSorted().join(' ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export type Dialect = ReturnType<typeof readDialect>;

export function readDialect(variant: Variant) {
  const { operations, fields, native = {}, values } = parse(readFileSync(profileFile(variant), 'utf8')) as Read;
  const placesOf = (kind: Kind): [name: string, place: Place][] =>
    Object.entries({ ...fields[kind], ...native[kind] }).map(([name, place]) => [
      name,
      typeof place === 'string' ? { at: place } : place,
    ]);
  const places = (kind: Kind): Map<string, Place> => new Map(placesOf(kind));

  function written(value: unknown, as: string): unknown {
    const [way, words = ''] = as.split(':');
    switch (way) {
      case 'upper':
        return String(value).toUpperCase();
      case 'national':
        return String(value).replace('+39', '');
      case 'enum':
        return values[words]![String(value)];
      case 'bool': {
        const [yes, no] = words.split('/');
        return words === '' ? value : value === true ? yes : no;
      }
      default:
        return value;
    }
  }

  function wire({ as = 'text', list = false }: Place, value: unknown): unknown {
    if (value === undefined || value === null) return undefined;
    return list ? (value as unknown[]).map((one) => written(one, as)) : written(value, as);
  }

  /** Emptied is the same as never filled in. */
  const cell = (place: Place, there: unknown): string => (there === place.empty ? '' : textOf(there));

  return {
    variant,
    has: (kind: Kind, name: string): boolean => places(kind).has(name),
    /** Whether the portal tells ids of its own. */
    tellsIds: (kind: Kind): boolean => operations[`${kind}.find`]?.id !== undefined,
    /** What a thing of these values looks like on the wire. */
    document(kind: Kind, all: Values): Record<string, unknown> {
      const document = {};
      for (const [name, place] of placesOf(kind)) {
        const value = wire(place, all[name]);
        if (value !== undefined) put(document, place.at, value);
      }
      return document;
    },
    /** What stands in each place of a thing that the portal holds. */
    cells: (kind: Kind, document: unknown): Record<string, string> =>
      Object.fromEntries(placesOf(kind).map(([name, place]) => [name, cell(place, valueAt(document, place.at))])),
    /** What must stand in the places of those values that are given; null takes one away. */
    given(kind: Kind, all: Values): Record<string, string> {
      const known = placesOf(kind).filter(([name]) => all[name] !== undefined);
      return Object.fromEntries(known.map(([name, place]) => [name, cell(place, wire(place, all[name]))]));
    },
    /** What must stand in each place of a new thing that has these values and no others. */
    whole: (kind: Kind, all: Values): Record<string, string> =>
      Object.fromEntries(placesOf(kind).map(([name, place]) => [name, cell(place, wire(place, all[name]))])),
  };
}
