import { readFile, stat } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { z } from 'zod';
import { TurnupError, type Fault } from '../errors/index.ts';
import type { Platform } from '../platforms/port.ts';
import { PLATFORMS } from '../platforms/registry.ts';
import { collectionsSchema, readCollections } from './collection-schema.ts';
import type { Config } from './config.ts';
import { crossCheck } from './cross-check.ts';
import { faultsOf } from './faults.ts';
import { impersonationFaults, withImpersonation } from './impersonation.ts';
import { redacted } from './redact.ts';
import { sectionShapes } from './schema.ts';
import type { Sources } from './sources.ts';
import { targetsSchema } from './target-schema.ts';
import { warningsOf } from './warnings.ts';
import { readYaml } from './yaml.ts';

const MAX_BYTES = 1_048_576;

export interface ConfigPlace {
  /** Default `process.env`. */
  env?: NodeJS.ProcessEnv;
  /** Where relative paths of the command line and `TURNUP_DATA` start from. Default: the working directory. */
  cwd?: string;
  /** Default: those of the registry. */
  platforms?: readonly Platform[];
}

export interface LoadConfigOptions extends ConfigPlace {
  /** `--config`. Default `TURNUP_CONFIG`, else `turnup.yaml`. */
  path?: string;
}

export interface ParseConfigOptions extends ConfigPlace {
  /** Where the text comes from: for messages, and relative paths in it start from its folder. */
  file: string;
}

/** The schema of the whole file. What `{ env }` and `{ file }` name is read while it parses. */
function configSchema(sources: Sources, platforms: readonly Platform[]) {
  return z.strictObject({
    ...sectionShapes(sources),
    targets: targetsSchema(sources, platforms),
    collections: collectionsSchema(sources),
  });
}

function refuse(shownFile: string, faults: readonly Fault[]): never {
  const many = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
  throw new TurnupError('TURNUP_CONFIG_INVALID', { detail: `${many} in ${shownFile}`, faults });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `REDIS_URL` stands in for a missing `redis.url` before anything is checked, so that it is checked like it. */
function withRedisUrl(root: unknown, env: NodeJS.ProcessEnv): { root: unknown; fromEnv: boolean } {
  const given = isRecord(root) ? (root['redis'] ?? {}) : null;
  if (!env['REDIS_URL'] || !isRecord(given) || (given['url'] ?? null) !== null) return { root, fromEnv: false };
  return { root: { ...(root as object), redis: { ...given, url: { env: 'REDIS_URL' } } }, fromEnv: true };
}

function missingKeys(root: unknown, hasUrl: boolean): Fault[] {
  const keys = isRecord(root) ? root['secretKeys'] : undefined;
  const none = keys === undefined || keys === null || (Array.isArray(keys) && keys.length === 0);
  if (!none || !hasUrl) return [];
  return [{ path: ['secretKeys'], message: 'is required with a Redis URL: at least one key that seals secrets' }];
}

/**
 * The configuration in `text`.
 * @throws TurnupError `TURNUP_CONFIG_INVALID` with every fault, its path and, where it has one, its line.
 */
export function parseConfig(text: string, options: ParseConfigOptions): Config {
  const { env = process.env, cwd = process.cwd(), platforms = PLATFORMS } = options;
  const file = resolve(cwd, options.file);
  const shownFile = relative(cwd, file).startsWith('..') ? file : relative(cwd, file);
  const sources: Sources = { env, folder: dirname(file) };
  const yaml = readYaml(text);
  if (yaml.faults.length > 0) refuse(shownFile, yaml.faults);

  // An empty file, or one with every section commented out, is a map without settings.
  const { root, fromEnv } = withRedisUrl(yaml.value ?? {}, env);
  const parsed = configSchema(sources, platforms).safeParse(root);
  const hasUrl = isRecord(root) && isRecord(root['redis']) && (root['redis']['url'] ?? null) !== null;
  const faults = [
    ...faultsOf(parsed.error?.issues ?? []),
    ...crossCheck(root, sources),
    ...missingKeys(root, hasUrl),
    ...(parsed.success ? impersonationFaults(parsed.data) : []),
  ];
  if (!parsed.success || faults.length > 0) {
    const located = faults.map(({ path, message }) => {
      if (fromEnv && path.join('.') === 'redis.url') return { path: ['REDIS_URL'], message };
      const line = yaml.lineOf(path);
      return { path, message: line === null ? message : `${message} (line ${line})` };
    });
    refuse(shownFile, located);
  }

  const { data } = parsed;
  const dataDir = resolve(cwd, env['TURNUP_DATA'] || '.turnup');
  const config = {
    ...data,
    file,
    dataDir,
    collections: readCollections(data.collections, { folder: sources.folder, dataDir }),
    production: env['NODE_ENV'] === 'production' || /^prod(uction)?$/i.test(data.environment.name),
    http: { ...data.http, publicUrl: data.http.publicUrl ?? null },
    redis: redacted({ ...data.redis, url: data.redis.url ?? null }, ['url']),
    secretKeys: data.secretKeys.map((key) => redacted(key, ['key'])),
    targets: withImpersonation(data),
    clients: data.clients.map((client) => redacted(client, ['token'])),
    operators: data.operators.map(({ token, ...operator }) =>
      redacted({ ...operator, token: token ?? null }, ['password', 'token']),
    ),
    metrics: redacted({ token: data.metrics.token ?? null }, ['token']),
  };
  return { ...config, warnings: warningsOf(config) };
}

async function readConfigFile(file: string, wanted: boolean): Promise<string> {
  try {
    if ((await stat(file)).size > MAX_BYTES) {
      throw new TurnupError('TURNUP_CONFIG_INVALID', { detail: `${file} is larger than 1 MiB` });
    }
    return await readFile(file, 'utf8');
  } catch (cause) {
    if (cause instanceof TurnupError) throw cause;
    const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown reason';
    const way = wanted ? '' : '; name another file with --config or TURNUP_CONFIG';
    throw new TurnupError('TURNUP_CONFIG_INVALID', { detail: `cannot read ${file} (${reason})${way}`, cause });
  }
}

/**
 * Reads and checks the configuration file, with every secret it names.
 * @throws TurnupError `TURNUP_CONFIG_INVALID`, see `parseConfig`; without faults when the file cannot be read.
 */
export async function loadConfig(options: LoadConfigOptions = {}): Promise<Config> {
  const { env = process.env, cwd = process.cwd() } = options;
  const wanted = options.path ?? env['TURNUP_CONFIG'];
  const file = resolve(cwd, wanted || 'turnup.yaml');
  const text = await readConfigFile(file, wanted !== undefined);
  return parseConfig(text, { ...options, file });
}
