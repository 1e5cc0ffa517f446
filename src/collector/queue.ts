import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { paceMs, type CollectionConfig } from '../config/index.ts';
import type { KeyScheme } from '../redis/keys.ts';

export const COLLECTIONS_QUEUE = 'collections';

export interface CollectionJobData {
  readonly source: string;
  /** Of a run that a person asked for; the schedule's have none before they begin. */
  readonly id: string | null;
  readonly by: string;
  /** Seconds since 1970. */
  readonly since: number | null;
}

/** A source that is away is tried a few times more before the schedule's next turn. */
const ATTEMPTS = 4;
const BACKOFF_MS = 60_000;
const KEPT = { count: 20 };
const SCHEDULER_PREFIX = 'collect-';

const schedulerId = (source: string): string => `${SCHEDULER_PREFIX}${source}`;

export type CollectionQueue = ReturnType<typeof createCollectionQueue>;

/** The queue of runs, from outside the worker. */
export function createCollectionQueue(connection: Redis, keys: KeyScheme) {
  const queue = new Queue<CollectionJobData>(COLLECTIONS_QUEUE, { connection, prefix: keys.prefix });
  // Without a listener BullMQ prints what the connection complains of, which its owner hears of anyway.
  queue.on('error', () => undefined);

  async function schedule({ name, schedule: when }: CollectionConfig): Promise<void> {
    const turn = 'cron' in when ? { pattern: when.cron, tz: when.timezone } : { every: paceMs(when.every) };
    const data: CollectionJobData = { source: name, id: null, by: 'schedule', since: null };
    const backoff = { type: 'exponential', delay: BACKOFF_MS, jitter: 0.2 };
    const opts = { attempts: ATTEMPTS, backoff, removeOnComplete: KEPT, removeOnFail: KEPT };
    await queue.upsertJobScheduler(schedulerId(name), turn, { name: 'run', data, opts });
  }

  return {
    /** Runs these sources by their schedules, and no others. */
    async schedule(sources: readonly CollectionConfig[]): Promise<void> {
      const wanted = new Set(sources.map(({ name }) => schedulerId(name)));
      for (const { key } of await queue.getJobSchedulers()) {
        if (key.startsWith(SCHEDULER_PREFIX) && !wanted.has(key)) await queue.removeJobScheduler(key);
      }
      for (const source of sources) await schedule(source);
    },

    /** When the next run begins by itself, in ms; null when none is planned. */
    async next(source: string): Promise<number | null> {
      return (await queue.getJobScheduler(schedulerId(source)))?.next ?? null;
    },

    /** A run that a person asked for: it is tried once, and they see what comes of it. */
    async start(data: CollectionJobData & { readonly id: string }): Promise<void> {
      await queue.add('run', data, { jobId: `run-${data.id}`, removeOnComplete: KEPT, removeOnFail: KEPT });
    },

    close: () => queue.close(),
  };
}
