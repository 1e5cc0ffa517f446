import type { CollectionConfig } from './collection-schema.ts';
import type { Sections } from './schema.ts';
import type { TargetConfig } from './target-schema.ts';

/** A key that seals secrets. `key` has 32 bytes. */
export interface KeyConfig {
  readonly id: string;
  readonly key: Buffer;
}

/** A CRM that places orders. */
export interface ClientConfig {
  readonly name: string;
  readonly token: string;
  readonly targets: readonly string[];
  /** Whether it may read call records of them. */
  readonly calls: boolean;
  /** By target: on behalf of which of the platform's customers. */
  readonly impersonate: { readonly [target: string]: number };
}

export type OperatorRole = 'viewer' | 'operator' | 'admin';

export interface OperatorConfig {
  readonly name: string;
  readonly password: string;
  readonly token: string | null;
  readonly role: OperatorRole;
}

type Plain = Pick<Sections, 'environment' | 'limits' | 'log' | 'retention' | 'workers' | 'audits' | 'dashboard'>;

/** The configuration, checked, with defaults filled in and secrets read. Secrets do not show when it is printed. */
export interface Config extends Readonly<Plain> {
  /** Absolute path of the file it was read from. */
  readonly file: string;
  /** Absolute path of the one folder for everything kept on disk. */
  readonly dataDir: string;
  /** NODE_ENV or the environment's name says production. */
  readonly production: boolean;
  readonly http: Omit<Sections['http'], 'publicUrl'> & { readonly publicUrl: string | null };
  /** `url` null: an embedded Redis. */
  readonly redis: Omit<Sections['redis'], 'url'> & { readonly url: string | null };
  /** Empty only when `redis.url` is null; see `withSecretKeys`. */
  readonly secretKeys: readonly KeyConfig[];
  readonly clients: readonly ClientConfig[];
  readonly operators: readonly OperatorConfig[];
  /** By name, in the order of the file. */
  readonly targets: ReadonlyMap<string, TargetConfig>;
  /** By name, in the order of the file. */
  readonly collections: ReadonlyMap<string, CollectionConfig>;
  readonly metrics: { readonly token: string | null };
  /** What is allowed but should be known, one sentence each. */
  readonly warnings: readonly string[];
}
