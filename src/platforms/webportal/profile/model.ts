import type { ErrorClass } from '../../../errors/index.ts';
import type { Json } from '../../port.ts';
import type { Converter } from './converters.ts';
import type { COMPANY_KEYS, USER_KEYS } from './fields.ts';
import type { ObjectName, OperationInfo, OperationName } from './operations.ts';
import type { Pointer } from './pointer.ts';
import type { AuthShape } from './schema.ts';
import type { Template } from './template.ts';

/* A profile that was checked, with everything in it read. */

export type Format = 'json' | 'form' | 'xml';

export type Test =
  | { readonly kind: 'equals' | 'not'; readonly value: Json }
  | { readonly kind: 'in'; readonly values: readonly Json[] }
  | { readonly kind: 'present'; readonly is: boolean }
  | { readonly kind: 'empty' };

export interface Condition {
  /** Null: any. */
  readonly statuses: readonly number[] | null;
  readonly test: { readonly at: Pointer; readonly is: Test } | null;
}

export interface FoundRule extends Condition {
  readonly item: Pointer;
  readonly many: boolean;
}

export interface Field {
  readonly name: string;
  readonly at: Pointer;
  readonly converter: Converter;
  /** Null: one value. True: a list. Text: one text with this between the elements. */
  readonly list: true | string | null;
  readonly empty: Json;
  readonly required: boolean;
  readonly max: number | null;
  readonly isSecret: boolean;
}

export type Fields = ReadonlyMap<string, Field>;

export type Paging =
  | {
      readonly kind: 'page';
      readonly param: string;
      readonly first: number;
      readonly size: number;
      readonly sizeParam: string | null;
    }
  | { readonly kind: 'offset'; readonly param: string; readonly size: number; readonly sizeParam: string | null }
  | { readonly kind: 'cursor'; readonly param: string; readonly next: Pointer };

/** What is put at a place of a body. */
export type Member = readonly [at: Pointer, value: Template | { readonly is: Json }];

/** What is sent for a call. */
export interface CallSpec {
  readonly method: string;
  readonly path: Template;
  readonly query: readonly (readonly [name: string, value: Template])[];
  readonly headers: readonly (readonly [name: string, value: Template])[];
  readonly set: readonly Member[];
  readonly format: Format;
}

export interface Operation extends CallSpec {
  readonly name: OperationName;
  readonly info: OperationInfo;
  /** Whether the fields of its object are sent. */
  readonly sendsFields: boolean;
  readonly send: 'changed' | 'whole';
  readonly found: readonly FoundRule[];
  readonly done: readonly Condition[];
  readonly absent: readonly Condition[];
  readonly exists: readonly Condition[];
  /** Null: the natural key is the id. */
  readonly id: Pointer | 'location' | null;
  readonly ticket: Pointer | null;
  readonly paging: Paging | null;
  readonly repeat: 'unsafe' | 'idempotent';
  readonly children: 'refused' | 'taken-along' | null;
  readonly show: readonly (readonly [name: string, at: Pointer])[];
}

export interface Jobs {
  readonly poll: CallSpec;
  readonly pending: readonly Condition[];
  readonly done: readonly Condition[];
  readonly failed: readonly Condition[];
  readonly result: Pointer;
  readonly text: Pointer | null;
  readonly everyMs: number;
  readonly forMs: number;
}

export interface ErrorRule extends Condition {
  readonly class: ErrorClass;
  /** Null: all. */
  readonly on: readonly string[] | null;
  readonly text: Pointer | null;
  readonly hint: string | null;
}

export interface LoginSession {
  readonly call: CallSpec;
  readonly done: readonly Condition[];
  readonly refused: readonly Condition[];
  readonly token: Pointer | null;
  readonly cookie: string | null;
  readonly header: { readonly name: string; readonly prefix: string };
}

type Kind<K extends AuthShape['kind']> = Extract<AuthShape, { kind: K }>;

export type Auth =
  | Kind<'basic'>
  | Kind<'bearer'>
  | Kind<'header'>
  | Kind<'client-certificate'>
  | {
      readonly kind: 'oauth-client-credentials';
      readonly path: Template;
      readonly send: 'basic' | 'body';
      readonly scope: string | null;
      readonly expired: readonly Condition[];
    }
  | ({ readonly kind: 'login-session'; readonly expired: readonly Condition[] } & LoginSession);

export interface Profile {
  readonly title: string;
  readonly verifiedAgainst: 'none' | 'gui' | 'production';
  readonly basePath: string;
  readonly accept: string;
  readonly countryCode: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly keys: { readonly company: (typeof COMPANY_KEYS)[number]; readonly user: (typeof USER_KEYS)[number] };
  readonly auth: Auth;
  readonly operations: ReadonlyMap<OperationName, Operation>;
  readonly jobs: Jobs | null;
  /** Fields of the portal's own are among them as `native.<name>`. */
  readonly fields: Readonly<Record<ObjectName, Fields>>;
  readonly values: { readonly [list: string]: { readonly [value: string]: Json } };
  /** Secrets beside those that every order may have, e.g. `native.user.puk`, `services.pin`. */
  readonly secrets: readonly string[];
  readonly errors: readonly ErrorRule[];
  /** Where placeholders are given a converter: by its name. */
  readonly converters: ReadonlyMap<string, Converter>;
}
