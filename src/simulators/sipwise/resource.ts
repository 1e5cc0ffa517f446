import type { Account } from './accounts.ts';
import type { Filters } from './listing.ts';
import type { PatchOp, PatchStep } from './patch.ts';
import type { Query } from './query.ts';
import type { JsonObject, JsonValue } from './refusal.ts';
import type { SipwiseState } from './state.ts';

export type CollectionMethod = 'GET' | 'POST';
export type ItemMethod = 'GET' | 'PUT' | 'PATCH' | 'DELETE';

/** What a handler knows of the request at hand. */
export interface Context {
  readonly state: SipwiseState;
  readonly account: Account;
  readonly query: Query;
  readonly now: number;
}

export interface PatchSpec<Row> {
  readonly ops: readonly PatchOp[];
  /** The item as PATCH sees it, the caller's own copy; not always what GET shows (sipwise-ngcp.md §6). */
  view(row: Row, context: Context): JsonObject;
  apply(row: Row, patched: JsonObject, context: Context, steps: readonly PatchStep[]): void;
}

/**
 * One collection of the API, as data and small functions. A handler throws a `Refusal` before it writes anything:
 * what is refused leaves nothing behind.
 */
export interface ResourceSpec<Row extends { readonly id: number }> {
  /** As in the path: `customers`. */
  readonly name: string;
  /** As in `Entity '…' not found.` */
  readonly entity: string;
  /** The 404 of PUT and PATCH where it names another entity (§8.7). */
  readonly entityOf?: Partial<Record<ItemMethod, string>>;
  readonly adminOnly?: boolean;
  /** On the generic code: items only as `application/json`, `Prefer` honoured on POST (§2). */
  readonly genericCode?: boolean;
  /** False: never `next` and `prev` (§3). */
  readonly pageLinks?: boolean;
  readonly collectionMethods: readonly CollectionMethod[];
  readonly itemMethods: readonly ItemMethod[];
  readonly filters: Filters<Row>;
  readonly sortable: readonly string[];
  /** For the service document. */
  readonly fields: readonly FieldDoc[];
  table(state: SipwiseState): ReadonlyMap<number, Row>;
  /** Whose row it is; resellers see their own only. */
  resellerOf(row: Row): number | null;
  represent(row: Row, context: Context): JsonObject;
  /** Link relations beyond the common ones: name to path. */
  links?(row: Row): Record<string, string>;
  create?(input: JsonObject, context: Context): Row;
  replace?(row: Row, input: JsonObject, context: Context): void;
  patch?: PatchSpec<Row>;
  remove?(row: Row, context: Context): void;
  /** What `expand=<field>` can embed: the path of the related item, or null. */
  expand?: Readonly<Record<string, (row: Row, context: Context) => JsonObject | null>>;
}

export interface FieldDoc {
  readonly name: string;
  readonly description: string;
  readonly types: readonly string[];
}

/** A handler's result, still without the labels that depend on the request's headers. */
export interface Outcome {
  readonly status: number;
  readonly body: JsonValue | null;
  readonly location?: string;
  readonly applied?: 'minimal' | 'representation';
}

/** A resource with its row type hidden: what the router works with. */
export interface Resource {
  readonly name: string;
  readonly adminOnly: boolean;
  readonly genericCode: boolean;
  readonly collectionMethods: readonly CollectionMethod[];
  readonly itemMethods: readonly ItemMethod[];
  readonly filterNames: readonly string[];
  readonly sortable: readonly string[];
  readonly fields: readonly FieldDoc[];
  list(context: Context): Outcome;
  read(id: number, context: Context): Outcome;
  create(body: () => JsonObject, context: Context, representation: boolean): Outcome;
  replace(id: number, body: () => JsonObject, context: Context, representation: boolean): Outcome;
  patch(id: number, body: () => JsonValue, context: Context, representation: boolean): Outcome;
  remove(id: number, context: Context): Outcome;
}
