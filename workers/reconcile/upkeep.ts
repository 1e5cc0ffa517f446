import { Worker, type Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from '../../src/observability/index.ts';
import type { KeyScheme } from '../../src/redis/keys.ts';
import { logComplaints } from '../complaints.ts';

const SCHEDULER = 'reconcile';
/** Rounds that stay to be looked at on the dashboard. */
const KEPT = 20;
/** A worker that dies in the middle of a round must not keep the others from the next one for long. */
const LOCK_MS = 10_000;
const STALLED_MS = 5_000;
const STALLS_ALLOWED = 1_000_000;

export interface UpkeepOptions {
  queue: Queue;
  connection: Redis;
  keys: KeyScheme;
  /** Name of this process. */
  name: string;
  everyMs: number;
  log: Logger;
  /** What it gives is shown with the job. */
  round(): Promise<unknown>;
}

/** Lets one process at a time do a round, at fixed times, as long as any process is there. */
export function createUpkeep({ queue, connection, keys, name, everyMs, log, round }: UpkeepOptions) {
  let timer: NodeJS.Timeout | undefined;
  const worker = new Worker(queue.name, async () => round(), {
    connection,
    prefix: keys.prefix,
    name,
    autorun: false,
    concurrency: 1,
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_MS,
    maxStalledCount: STALLS_ALLOWED,
  });
  logComplaints(worker, log);
  worker.on('failed', (_job, error) => log.warn({ err: error }, 'a round of the reconciler failed'));

  /** As this process is configured: a schedule that an earlier version or configuration left is replaced. */
  async function install(): Promise<void> {
    await queue.setGlobalConcurrency(1);
    for (const { key } of await queue.getJobSchedulers()) {
      if (key !== SCHEDULER) await queue.removeJobScheduler(key);
    }
    const opts = { removeOnComplete: { count: KEPT }, removeOnFail: { count: KEPT } };
    await queue.upsertJobScheduler(SCHEDULER, { every: everyMs }, { name: 'look after all orders', opts });
  }

  async function isInstalled(): Promise<boolean> {
    const [schedulers, pending, active] = await Promise.all([
      queue.getJobSchedulersCount(),
      queue.getDelayedCount(),
      queue.getJobCountByTypes('waiting', 'active'),
    ]);
    return schedulers > 0 && pending + active > 0;
  }

  /** A Redis that lost its data has lost the schedule too, and nobody would do a round again. */
  async function watch(): Promise<void> {
    if (!(await isInstalled())) await install();
  }

  return {
    async start(): Promise<void> {
      await install();
      void worker.run().catch((error: unknown) => log.error({ err: error, queue: queue.name }, 'worker ended'));
      timer = setInterval(() => {
        watch().catch((error: unknown) => log.debug({ err: error }, 'the schedule could not be looked at'));
      }, everyMs);
      timer.unref();
    },
    async close(): Promise<void> {
      clearInterval(timer);
      await worker.close();
    },
  };
}
