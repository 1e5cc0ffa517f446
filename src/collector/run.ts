import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { CollectionConfig } from '../config/index.ts';
import { TurnupError, type ErrorCode } from '../errors/index.ts';
import type { Logger } from '../observability/index.ts';
import type { KeyScheme } from '../redis/keys.ts';
import { SYNC_BYTES } from './fetch-file.ts';
import { forgetExpired, isHouseDue, removeExpired } from './house.ts';
import { LEASE_MS, takeLease, type Lease } from './lease.ts';
import { createLedger } from './ledger.ts';
import { toFailure, type RunOutcome, type RunSummary } from './model.ts';
import { handOverStored, passOnce, type PassContext } from './pass.ts';
import { createPlace } from './place.ts';
import { toSourceError } from './ssh/failures.ts';
import { openSession, type SessionFacts } from './ssh/session.ts';
import { createTally, type CollectorObserver } from './tally.ts';

export interface CollectorTuning {
  readonly leaseMs: number;
  readonly syncBytes: number;
  /** First wait before a lost connection is made anew. */
  readonly reconnectMs: number;
}

export const TUNING: CollectorTuning = { leaseMs: LEASE_MS, syncBytes: SYNC_BYTES, reconnectMs: 2_000 };

export interface CollectorDeps {
  readonly redis: Redis;
  readonly keys: KeyScheme;
  readonly log: Logger;
  readonly observer: CollectorObserver;
  readonly tuning: CollectorTuning;
}

export interface RunRequest {
  readonly id: string;
  /** `schedule`, or who asked. */
  readonly by: string;
  /** Seconds since 1970. */
  readonly since: number | null;
  /** A person asked: what is held is released, what was refused is tried again. */
  readonly byHand: boolean;
}

/**
 * `busy`: another collects from the source, `ms` longer unless it goes on. `lost`: another has taken over. `held`: a
 * person must look first; nobody was called, and the list of runs does not grow by it.
 */
export type RunResult =
  | { readonly kind: 'ended'; readonly summary: RunSummary; readonly error: TurnupError | null }
  | { readonly kind: 'busy'; readonly ms: number }
  | { readonly kind: 'lost' }
  | { readonly kind: 'held' };

/** After these a person must look: a login that is locked locks all systems of its owner, a key may be an attacker's. */
const HOLDING: readonly ErrorCode[] = [
  'TURNUP_SOURCE_LOGIN_REFUSED',
  'TURNUP_SOURCE_TOO_WEAK',
  'TURNUP_SOURCE_NOT_TRUSTED',
  'TURNUP_SOURCE_ADDRESS',
  'TURNUP_FOLDER_CHANGED',
  'TURNUP_CONFIG_INVALID',
];
/** Connections in a row that brought nothing. */
const MOST_FAILURES = 4;

/** Whether it may be over in a moment. */
function isPassing({ code, class: errorClass }: TurnupError): boolean {
  return code === 'TURNUP_SOURCE_UNREACHABLE' || (code === 'TURNUP_SOURCE_FAILED' && errorClass === 'transient');
}

interface Work {
  readonly outcome: RunOutcome | 'held';
  readonly error: TurnupError | null;
}

/** One run of one source: everything that it has and we have not. */
export async function runCollection(
  deps: CollectorDeps,
  source: CollectionConfig,
  request: RunRequest,
  stop: AbortSignal,
): Promise<RunResult> {
  const taken = await takeLease(deps.redis, deps.keys, source, deps.tuning.leaseMs);
  if ('busyMs' in taken) return { kind: 'busy', ms: taken.busyMs };
  try {
    return await runWithLease(deps, source, request, stop, taken.lease);
  } finally {
    await taken.lease.release().catch((error: unknown) => deps.log.warn({ err: error }, 'a lease was left behind'));
  }
}

/** What this machine did not let us do, a folder that may not be written for one, has a code and a call. */
function unforeseen(cause: unknown): TurnupError {
  const { code, syscall } = cause as NodeJS.ErrnoException;
  const detail = code === undefined ? undefined : [code, syscall].filter(Boolean).join(' ');
  return new TurnupError('TURNUP_INTERNAL', { cause, ...(detail !== undefined && { detail }) });
}

async function runWithLease(
  deps: CollectorDeps,
  source: CollectionConfig,
  request: RunRequest,
  stop: AbortSignal,
  lease: Lease,
): Promise<RunResult> {
  const { redis, keys, observer, tuning } = deps;
  const startedAt = new Date();
  const log = deps.log.child({ source: source.name, run: request.id });
  const ledger = createLedger(redis, keys, source.name, lease);
  const place = createPlace(source.into, source.minimumFreeBytes);
  const signal = AbortSignal.any([stop, lease.signal]);
  const run = { id: request.id, by: request.by, startedAt: startedAt.toISOString() };
  const tally = createTally(run, source.name, observer, (progress) => {
    ledger.progress(progress).catch((error: unknown) => log.debug({ err: error }, 'progress not told'));
  });
  const common = {
    source,
    place,
    ledger,
    lease,
    signal,
    tally,
    log,
    since: request.since,
    syncBytes: tuning.syncBytes,
  };
  let connection: SessionFacts | null = null;
  let again = request.byHand;
  let isHouseDay = false;

  async function connectAndFetch(): Promise<Work> {
    tally.phase('connecting');
    const session = await openSession(source);
    connection = session.facts;
    log.info({ connection }, 'connected');
    const end = (): void => session.end();
    signal.addEventListener('abort', end);
    try {
      const ctx: PassContext = { ...common, remote: session, again, onBytes: tally.bytes };
      let passed = await passOnce(ctx);
      again = false;
      if (passed.waiting > 0 && !passed.isLimited) {
        tally.phase('settling');
        await sleep(source.settleSeconds * 1000, undefined, { signal });
        passed = await passOnce({ ...ctx, again });
      }
      if (isHouseDay) await forgetExpired(common, passed.listed, Date.now());
      const fault = tally.fault();
      return { outcome: fault ? 'failed' : passed.isLimited ? 'more' : 'done', error: fault };
    } finally {
      signal.removeEventListener('abort', end);
      session.end();
    }
  }

  /** A connection that is lost is made anew, as long as it brings something now and then. */
  async function fetchAll(): Promise<Work> {
    for (let failures = 0; ;) {
      const before = tally.counts().bytes;
      try {
        return await connectAndFetch();
      } catch (thrown) {
        signal.throwIfAborted();
        const error = thrown instanceof TurnupError ? thrown : toSourceError(thrown);
        failures = tally.counts().bytes > before ? 1 : failures + 1;
        if (!isPassing(error) || failures >= MOST_FAILURES) throw error;
        log.warn({ err: error, failures }, 'connection lost or not made');
        await sleep(tuning.reconnectMs * 2 ** (failures - 1), undefined, { signal });
      }
    }
  }

  async function work(): Promise<Work> {
    await place.prepare();
    if (!(await ledger.isFolder(await place.identity(), request.byHand))) {
      throw new TurnupError('TURNUP_FOLDER_CHANGED', { detail: source.into });
    }
    isHouseDay = await isHouseDue(ledger, startedAt.getTime());
    if (isHouseDay) {
      const removed = await removeExpired(common, startedAt.getTime());
      if (removed > 0) log.info({ removed }, 'files removed, their time was over');
    }
    tally.phase('handingOver');
    await handOverStored(common);
    const held = await ledger.held();
    if (held && !request.byHand) return { outcome: 'held', error: null };
    if (held) await ledger.release();
    return fetchAll();
  }

  async function settleRun(): Promise<Work> {
    try {
      return await work();
    } catch (error) {
      if (lease.signal.aborted || stop.aborted) return { outcome: 'stopped', error: null };
      return { outcome: 'failed', error: error instanceof TurnupError ? error : unforeseen(error) };
    }
  }

  const { outcome, error } = await settleRun();
  if (lease.signal.aborted || error?.code === 'TURNUP_LEASE_LOST') {
    log.warn('the lease is lost; another may have taken the source over');
    return { kind: 'lost' };
  }
  if (outcome === 'held') {
    await ledger.rested();
    return { kind: 'held' };
  }
  if (error && HOLDING.includes(error.code)) {
    await ledger.hold({ ...toFailure(error), at: new Date().toISOString() });
    log.error({ err: error }, 'the source is held until a run is started by hand');
  } else if (error) log.warn({ err: error }, 'the run failed');
  const summary: RunSummary = {
    ...run,
    endedAt: new Date().toISOString(),
    outcome,
    counts: tally.counts(),
    error: error && toFailure(error),
    connection,
  };
  await ledger.ended(summary, outcome === 'done' || outcome === 'more');
  observer.collectionRun(source.name, outcome, Date.now() - startedAt.getTime());
  log.info({ outcome, ...summary.counts }, 'run ended');
  return { kind: 'ended', summary, error };
}
