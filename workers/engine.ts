import { Worker, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import { ORDERS_QUEUE, STEP_BACKOFF, targetQueue, type StepJobData } from '../flows/jobs.ts';
import { createMotor } from '../flows/motor.ts';
import { createLedger } from '../src/ledger/ledger.ts';
import type { Logger } from '../src/observability/index.ts';
import { createOrderStore } from '../src/orders/store.ts';
import type { KeyScheme } from '../src/redis/keys.ts';
import type { KeyRing } from '../src/secrets/index.ts';
import { createTargets, type TargetConfig, type TargetsOptions } from '../src/targets/targets.ts';
import { createAuditor, type AuditSettings } from './audit/auditor.ts';
import { logComplaints } from './complaints.ts';
import { createLedgerKeeper } from './ledger-keeper.ts';
import { watchLocks } from './locks.ts';
import { createOrderProcessor } from './order-processor.ts';
import { createReconciler } from './reconciler.ts';
import type { EngineObserver } from './observer.ts';
import { createStepProcessor, RetryLater, type StepProcessor } from './step/processor.ts';

export interface EngineOptions {
  redis: Redis;
  keys: KeyScheme;
  clients: readonly string[];
  targets: ReadonlyMap<string, TargetConfig>;
  /** Makes what was written as safe as the configuration asks. Left out: nothing more is needed. */
  persist?: () => Promise<void>;
  keyRing: KeyRing;
  log: Logger;
  observer: EngineObserver;
  onBreaker?: TargetsOptions['onBreaker'];
  breaker?: TargetsOptions['breaker'];
  /** Name of this process, for the journal and the dashboard. */
  name: string;
  /** Left out: audits are done, but none begins by itself. */
  audits?: AuditSettings;
  timing: EngineTiming;
}

/** All in ms. */
export interface EngineTiming {
  /** A job's lock; renewed at half of it. A worker that dies is noticed within this and `stalledMs`. */
  lockMs: number;
  stalledMs: number;
  reconcileMs: number;
  /** How long a stop waits for steps in hand before it hands them back. */
  shutdownMs: number;
  settledMs: number;
  archiveMs: number;
}

/** Orders at once in one process; they do next to nothing but Redis. */
const ORDERS_AT_ONCE = 16;
/** Steps are repeatable, so a job may stall as often as workers die (DESIGN §4). */
const STALLS_ALLOWED = 1_000_000;
/** BullMQ looks at the pause of a queue only where a limiter is set; this one never limits. */
const NO_LIMIT = { max: 2 ** 31, duration: 1_000 };

const UNSCHEDULED: AuditSettings = { customersPerSecond: 5, schedules: [], idempotencyMs: 30 * 86_400_000 };

/** What is left for an end in good order after the steps in hand were aborted. */
const LAST_MS = 3_000;

export type Engine = ReturnType<typeof createEngine>;

/** The processors of one process: one worker for orders, one per target, and a reconciler. */
export function createEngine(options: EngineOptions) {
  const { redis, keys, keyRing, log, timing } = options;
  const { persist } = options;
  const store = createOrderStore({ redis, keys, clients: options.clients, ...(persist && { persist }) });
  const motor = createMotor({ connection: redis, keys, store, targets: [...options.targets.keys()] });
  const targets = createTargets({
    targets: options.targets,
    redis,
    keys,
    queueOf: motor.queues.target,
    ...(options.breaker && { breaker: options.breaker }),
    ...(options.onBreaker && { onBreaker: options.onBreaker }),
  });
  const ledger = createLedger({
    redis,
    keys,
    onFault: (order, error) => log.error({ err: error, order }, 'an ended order could not be entered in the ledger'),
  });
  const keeper = createLedgerKeeper(ledger, log);
  const common = {
    connection: redis,
    prefix: keys.prefix,
    name: options.name,
    autorun: false,
    lockDuration: timing.lockMs,
    stalledInterval: timing.stalledMs,
    maxStalledCount: STALLS_ALLOWED,
    // A breaker that a person closes is noticed within this.
    maximumRateLimitDelay: 1_000,
    settings: {
      backoffStrategy: (attempts: number, type?: string, error?: Error) =>
        type === STEP_BACKOFF && error instanceof RetryLater ? error.delayMs : Math.min(250 * 2 ** attempts, 15_000),
    },
  };

  const orderWorker = new Worker(
    ORDERS_QUEUE,
    createOrderProcessor({ store, motor, ledger: keeper, log, observer: options.observer }),
    {
      ...common,
      concurrency: ORDERS_AT_ONCE,
    },
  );
  const processors: StepProcessor[] = [];
  const stepWorkers = targets.names().map((name) => startStepWorker(name));
  const workers = [orderWorker, ...stepWorkers];
  for (const worker of workers) logComplaints(worker, log);
  const auditor = createAuditor({
    redis,
    keys,
    store,
    motor,
    targets,
    ledger,
    keyRing,
    log,
    observer: options.observer,
    ...(persist && { persist }),
    name: options.name,
    settings: options.audits ?? UNSCHEDULED,
    timing,
  });
  const reconciler = createReconciler({
    store,
    motor,
    targets,
    ledger,
    auditor,
    connection: redis,
    keys,
    log,
    observer: options.observer,
    name: options.name,
    everyMs: timing.reconcileMs,
    retention: { settledMs: timing.settledMs, archiveMs: timing.archiveMs },
  });

  function startStepWorker(name: string): Worker {
    const target = targets.get(name)!;
    let lockEndsAt: (jobId: string) => number = () => Number.NEGATIVE_INFINITY;
    const processor = createStepProcessor({
      store,
      motor,
      targets,
      target,
      keyRing,
      log,
      observer: options.observer,
      worker: options.name,
      lockEndsAt: (jobId) => lockEndsAt(jobId),
    });
    // Three named parameters: BullMQ hands the signal only to processors that show they take one.
    const worker = new Worker(targetQueue(name), (job: Job, token, signal) => processor.process(job, token, signal), {
      ...common,
      concurrency: target.settings.concurrency,
      limiter: NO_LIMIT,
    });
    processors.push(processor);
    lockEndsAt = watchLocks(worker, timing.lockMs);
    worker.on('failed', (job, error) => {
      // Only now that the job has ended can the jobs of an order that was turned round be moved.
      if (job && error.name === 'UnrecoverableError') {
        motor
          .undo((job.data as StepJobData).order)
          .catch((cause: unknown) => log.warn({ err: cause }, 'undo not started'));
      }
    });
    return worker;
  }

  return {
    store,
    motor,
    targets,
    ledger,
    audits: auditor.store,
    reconciler,
    async start(): Promise<void> {
      await targets.restoreLimits();
      for (const worker of workers) {
        void worker.run().catch((error: unknown) => log.error({ err: error, queue: worker.name }, 'worker ended'));
      }
      await auditor.start();
      await reconciler.start();
    },
    /**
     * Takes no new step, lets those in hand finish within `shutdownMs`, then aborts them: they are found and redone.
     * Gives up waiting a little later, since BullMQ closes a lost connection only when it is back.
     */
    async close(): Promise<void> {
      const handBack = setTimeout(() => {
        log.warn('steps in hand did not finish in time and are handed back');
        for (const worker of workers) worker.cancelAllJobs('the process stops');
      }, timing.shutdownMs);
      const closed = await within(timing.shutdownMs + LAST_MS, async () => {
        await Promise.all([reconciler.close(), auditor.close(), ...workers.map((worker) => worker.close())]);
        clearTimeout(handBack);
        await Promise.all([keeper.close(), ...processors.map((processor) => processor.recorded())]);
        await targets.close();
        await motor.close();
      });
      clearTimeout(handBack);
      if (!closed) log.warn('not everything could be closed in time; what was in hand is found and redone');
    },
  };
}

/** Whether the work was done within that time. It may go on all the same. */
async function within(ms: number, work: () => Promise<void>): Promise<boolean> {
  const limit = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => limit.resolve(false), ms);
  try {
    return await Promise.race([work().then(() => true), limit.promise]);
  } finally {
    clearTimeout(timer);
  }
}
