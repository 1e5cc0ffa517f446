import { parse } from 'yaml';
import { plainText } from './text.ts';

/*
 * A wire profile as this portal reads it (tim-web-portal.md §4): for its routes, and for how it words its answers. What
 * it then does follows rules of its own.
 */

type Many<T> = T | readonly T[];

export interface Condition {
  readonly status?: Many<number>;
  readonly at?: string;
  readonly equals?: unknown;
  readonly not?: unknown;
  readonly in?: readonly unknown[];
  readonly present?: boolean;
  readonly empty?: true;
}

export interface Found {
  readonly status: Many<number>;
  readonly at?: string;
  readonly many?: boolean;
  readonly when?: Condition;
}

export interface Paging {
  readonly kind: 'page' | 'offset' | 'cursor';
  readonly param: string;
  readonly first?: number;
  readonly size?: number;
  readonly next?: string;
}

export interface Route {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly set?: Readonly<Record<string, unknown>>;
  readonly format?: string;
}

export interface Operation extends Route {
  readonly body?: string;
  readonly found?: Many<Found>;
  readonly done?: Many<Condition>;
  readonly absent?: Many<Condition>;
  readonly exists?: Many<Condition>;
  readonly id?: string;
  readonly ticket?: string;
  readonly children?: string;
  readonly paging?: Paging;
}

export interface Field {
  readonly at: string;
  readonly as?: string;
  readonly list?: true | string;
  readonly empty?: unknown;
  readonly required?: boolean;
}

export interface ErrorRule extends Condition {
  readonly class: string;
  readonly on?: readonly string[];
  readonly text?: string;
}

export interface Jobs {
  readonly poll: Route & {
    readonly pending: Many<Condition>;
    readonly done: Many<Condition>;
    readonly failed: Many<Condition>;
    readonly result?: string;
  };
}

export interface Auth {
  readonly kind: string;
  readonly name?: string;
  readonly prefix?: string;
  readonly method?: string;
  readonly path?: string;
  readonly send?: string;
  readonly set?: Readonly<Record<string, unknown>>;
  readonly done?: Many<Condition>;
  readonly refused?: Many<Condition>;
  readonly expired?: Many<Condition>;
  readonly token?: string;
  readonly cookie?: string;
  readonly header?: { readonly name?: string; readonly prefix?: string };
}

export interface PortalProfile {
  readonly title: string;
  readonly basePath: string;
  readonly countryCode: string;
  readonly companyKey: string;
  readonly userKey: string;
  readonly auth: Auth;
  readonly operations: ReadonlyMap<string, Operation>;
  readonly jobs: Jobs | null;
  /** By thing and name; fields of the portal's own beside the others. */
  readonly fields: Readonly<Record<string, ReadonlyMap<string, Field>>>;
  readonly values: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly errors: readonly ErrorRule[];
}

/** The file is none that this portal can be made from. */
export class ProfileUnreadable extends Error {}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const recordOf = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {});

export const listOf = <T>(value: Many<T> | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];

/** @throws ProfileUnreadable */
export function readPortalProfile(text: string): PortalProfile {
  let root: unknown;
  try {
    root = parse(text, { schema: 'core', maxAliasCount: 100 });
  } catch {
    throw new ProfileUnreadable('the profile is no YAML');
  }
  if (!isRecord(root) || !isRecord(root['operations']) || !isRecord(root['auth'])) {
    throw new ProfileUnreadable('the profile has no operations or no auth: check it with "turnup webportal check"');
  }
  const keys = recordOf(root['keys']);
  const native = recordOf(root['native']);
  const fields = Object.entries(recordOf(root['fields'])).map(([object, members]) => {
    const all = { ...recordOf(members), ...recordOf(native[object]) };
    const entries = Object.entries(all).map(([name, field]): [string, Field] => [
      name,
      typeof field === 'string' ? { at: field } : (field as Field),
    ]);
    return [object, new Map(entries)] as const;
  });
  return {
    title: String(root['title']),
    basePath: plainText(root['basePath'] ?? ''),
    countryCode: plainText(recordOf(root['defaults'])['countryCode'] ?? '39'),
    companyKey: plainText(keys['company'] ?? 'externalId'),
    userKey: plainText(keys['user'] ?? 'number'),
    auth: root['auth'] as unknown as Auth,
    operations: new Map(Object.entries(root['operations'] as Record<string, Operation>)),
    jobs: (root['jobs'] as Jobs | undefined) ?? null,
    fields: Object.fromEntries(fields),
    values: recordOf(root['values']) as PortalProfile['values'],
    errors: (root['errors'] as ErrorRule[] | undefined) ?? [],
  };
}

const NO_FIELDS: ReadonlyMap<string, Field> = new Map();

export const fieldsOf = ({ fields }: PortalProfile, object: string): ReadonlyMap<string, Field> =>
  fields[object] ?? NO_FIELDS;
