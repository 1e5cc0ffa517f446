import { isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import { collectionShape } from './collection-shape.ts';
import { redacted } from './redact.ts';
import { name as namePattern } from './schema.ts';
import type { Sources } from './sources.ts';

type Parsed = z.output<z.ZodObject<ReturnType<typeof collectionShape>>>;

/** How lines of a file become records. */
export type CsvConfig = NonNullable<Parsed['csv']>;

/** One source that files are fetched from. */
export interface CollectionConfig extends Readonly<
  Omit<Parsed, 'localAddress' | 'passphrase' | 'checksum' | 'into' | 'parser' | 'csv' | 'schedule'>
> {
  readonly name: string;
  readonly localAddress: string | null;
  readonly passphrase: string | null;
  readonly checksum: NonNullable<Parsed['checksum']> | null;
  /** A pace such as `5m`, or times. */
  readonly schedule: { readonly every: string } | { readonly cron: string; readonly timezone: string };
  /** Absolute path of the local folder. */
  readonly into: string;
  /** `null`: files are handed over as they are. */
  readonly csv: CsvConfig | null;
}

function checkTogether(value: Parsed, ctx: z.RefinementCtx): void {
  const fault = (path: (string | number)[], message: string) => ctx.addIssue({ code: 'custom', path, message });
  const { localAddress, sourceAddresses, parser, csv } = value;
  if (localAddress !== undefined && !sourceAddresses.includes(localAddress)) {
    fault(['localAddress'], 'must be one of sourceAddresses');
  }
  if (parser === 'csv' && csv === undefined) fault(['csv'], 'is required with "parser: csv"');
  if (parser === 'none' && csv !== undefined) fault(['csv'], 'is only for "parser: csv"');
  for (const [name, { column }] of Object.entries(csv?.fields ?? {})) {
    if (csv?.header === false && typeof column === 'string') {
      fault(['csv', 'fields', name, 'column'], 'must be a place from 1 on: the files have no line of names');
    }
  }
}

/** Two sources in one folder would take each other's names, and two limits for one server would be none. */
function checkAmong(collections: Readonly<Record<string, Parsed>>, ctx: z.RefinementCtx): void {
  const folders = new Map<string, string>();
  const servers = new Map<string, string>();
  for (const [name, { into, host, port, connections }] of Object.entries(collections)) {
    const server = `${host.toLowerCase()}:${port}`;
    const other = servers.get(server);
    const fault = (key: string, message: string) => ctx.addIssue({ code: 'custom', path: [name, key], message });
    if (into !== undefined && folders.has(into)) fault('into', `is the same as that of ${folders.get(into)}`);
    if (other !== undefined && collections[other]!.connections !== connections) {
      fault('connections', `must be as for ${other}, which has the same server`);
    }
    if (into !== undefined) folders.set(into, name);
    servers.set(server, name);
  }
}

/** `collections`: a name each. */
export function collectionsSchema(sources: Sources) {
  const source = z.strictObject(collectionShape(sources)).superRefine(checkTogether);
  return z.record(namePattern, source).superRefine(checkAmong).default({});
}

/** What the schema gives, with a place on the disk. */
export function readCollections(
  collections: z.output<ReturnType<typeof collectionsSchema>>,
  places: { readonly folder: string; readonly dataDir: string },
): ReadonlyMap<string, CollectionConfig> {
  return new Map(
    Object.entries(collections).map(([name, { parser: _parser, into, schedule, ...value }]) => {
      const { every, cron = '', timezone } = schedule;
      const standard = join(places.dataDir, 'collections', name);
      const config: CollectionConfig = {
        ...value,
        name,
        localAddress: value.localAddress ?? null,
        passphrase: value.passphrase ?? null,
        checksum: value.checksum ?? null,
        schedule: every === undefined ? { cron, timezone } : { every },
        into: into === undefined ? standard : isAbsolute(into) ? into : resolve(places.folder, into),
        csv: value.csv ?? null,
      };
      return [name, redacted(config, ['password', 'privateKey', 'passphrase'])];
    }),
  );
}
