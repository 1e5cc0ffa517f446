import { DelayedError, UnrecoverableError, Worker, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import { v7 as uuid } from 'uuid';
import { COLLECTIONS_QUEUE, createCollectionQueue, type CollectionJobData } from '../src/collector/queue.ts';
import { runCollection, TUNING, type CollectorDeps, type RunResult } from '../src/collector/run.ts';
import { readKey } from '../src/collector/ssh/two-factors.ts';
import type { CollectionConfig } from '../src/config/index.ts';
import { TurnupError, type Fault } from '../src/errors/index.ts';
import { logComplaints } from './complaints.ts';

export interface CollectionsOptions extends Omit<CollectorDeps, 'tuning'> {
  readonly redis: Redis;
  readonly sources: ReadonlyMap<string, CollectionConfig>;
  /** Name of this process. */
  readonly name: string;
  readonly timing: { readonly lockMs: number; readonly stalledMs: number };
}

/** A run goes on where it was broken off, as often as workers die. */
const STALLS_ALLOWED = 1_000_000;
/** Before a run that was broken off by the end of this process is another's. */
const HAND_BACK_MS = 1_000;

/** @throws TurnupError `TURNUP_CONFIG_INVALID` with every key that cannot be used */
function checkKeys(sources: readonly CollectionConfig[]): void {
  const faults = sources.flatMap((source): readonly Fault[] => {
    try {
      readKey(source);
      return [];
    } catch (error) {
      if (error instanceof TurnupError) return error.faults;
      throw error;
    }
  });
  if (faults.length > 0) throw new TurnupError('TURNUP_CONFIG_INVALID', { detail: 'keys of collections', faults });
}

/**
 * Collects from the sources by their schedules and when a person asks.
 * @throws TurnupError `TURNUP_CONFIG_INVALID`
 */
export async function startCollections(options: CollectionsOptions) {
  const { redis, keys, sources, log, observer } = options;
  // A worker that dies is noticed by its lock and by its lease: both run out together.
  const tuning = { ...TUNING, leaseMs: options.timing.lockMs };
  const deps: CollectorDeps = { redis, keys, log, observer, tuning };
  const queue = createCollectionQueue(redis, keys);
  const stop = new AbortController();

  async function process(job: Job<CollectionJobData>, token = '', signal = stop.signal): Promise<unknown> {
    const source = sources.get(job.data.source);
    if (!source) throw new UnrecoverableError(`there is no collection ${job.data.source}`);
    const { id, by, since } = job.data;
    const request = { id: id ?? uuid(), by, since, byHand: id !== null };
    const result = await runCollection(deps, source, request, AbortSignal.any([stop.signal, signal]));
    return conclude(job, token, result);
  }

  async function later(job: Job, token: string, ms: number): Promise<never> {
    await job.moveToDelayed(Date.now() + ms, token);
    throw new DelayedError();
  }

  async function conclude(job: Job<CollectionJobData>, token: string, result: RunResult): Promise<unknown> {
    if (result.kind === 'lost') return later(job, token, HAND_BACK_MS);
    if (result.kind === 'busy') {
      // One that the schedule just began can be left out; one that a worker left in the middle, or a person wants, cannot.
      const isFirst = job.attemptsStarted === 1 && job.data.id === null;
      return isFirst ? { outcome: 'busy' } : later(job, token, result.ms);
    }
    if (result.kind === 'held') return { outcome: 'held' };
    const { summary, error } = result;
    if (summary.outcome === 'stopped') return later(job, token, HAND_BACK_MS);
    if (!error) return { outcome: summary.outcome, counts: summary.counts };
    const message = `${error.code}: ${error.message}`;
    const isPassing = error.class === 'outage' || error.class === 'transient';
    throw isPassing ? new Error(message) : new UnrecoverableError(message);
  }

  const worker = new Worker<CollectionJobData>(
    COLLECTIONS_QUEUE,
    // Three named parameters: BullMQ hands the signal only to processors that show they take one.
    (job: Job<CollectionJobData>, token, signal) => process(job, token, signal),
    {
      connection: redis,
      prefix: keys.prefix,
      name: options.name,
      autorun: false,
      concurrency: sources.size,
      lockDuration: options.timing.lockMs,
      stalledInterval: options.timing.stalledMs,
      maxStalledCount: STALLS_ALLOWED,
    },
  );
  logComplaints(worker, log);
  try {
    checkKeys([...sources.values()]);
    await queue.schedule([...sources.values()]);
  } catch (error) {
    await Promise.allSettled([worker.close(), queue.close()]);
    throw error;
  }
  void worker.run().catch((error: unknown) => log.error({ err: error, queue: worker.name }, 'worker ended'));

  return {
    /** Breaks off what is under way: it goes on where it was, here or elsewhere. */
    async close(): Promise<void> {
      stop.abort();
      await worker.close();
      await queue.close();
    },
  };
}
