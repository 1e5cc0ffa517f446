import type { OnceCache } from '../once-cache.ts';

/** A member of an object of the platform; read defensively, since releases differ in null and absent. */
export type Item = { readonly [member: string]: unknown };

export interface PatchOperation {
  readonly op: 'add' | 'replace' | 'remove';
  readonly path: string;
  readonly value?: unknown;
}

/** The REST API v1 as the steps use it, bound to one attempt. Every method throws `SipwiseRefusal` for a refusal. */
export interface SipwiseClient {
  readonly resellerId: number;
  get(path: string): Promise<Item>;
  /** @returns the id from `Location`: the body of a 201 is empty on most resources (sipwise-ngcp.md §2). */
  create(collection: string, body: object): Promise<number>;
  put(path: string, body: object): Promise<void>;
  patch(path: string, operations: readonly PatchOperation[]): Promise<void>;
  remove(path: string): Promise<void>;
  definitions(): Promise<PreferenceDefinitions>;
  forgetDefinitions(): Promise<void>;
  /** Ids by what they are looked up with, e.g. `billingprofile default`; shared by all attempts on the target. */
  readonly ids: OnceCache<number>;
}

type PreferenceType = 'string' | 'int' | 'boolean' | 'enum' | 'blob';

export interface PreferenceDefinition {
  readonly type: PreferenceType;
  /** 1: one value. 0: a list. More: a list of at most so many (sipwise-ngcp.md §8.7). */
  readonly max: number;
  readonly readOnly: boolean;
  /** Of an enum; null is its default. */
  readonly values?: readonly (string | null)[];
}

export type PreferenceDefinitions = ReadonlyMap<string, PreferenceDefinition>;
