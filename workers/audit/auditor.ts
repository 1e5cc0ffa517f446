import { Worker, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Motor } from '../../flows/motor.ts';
import { createAuditStore } from '../../src/audits/store.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import type { Logger } from '../../src/observability/index.ts';
import type { OrderStore } from '../../src/orders/store.ts';
import type { KeyScheme } from '../../src/redis/keys.ts';
import type { KeyRing } from '../../src/secrets/index.ts';
import type { Targets } from '../../src/targets/targets.ts';
import { logComplaints } from '../complaints.ts';
import type { EngineObserver } from '../observer.ts';
import { createCustomerCheck } from './customer.ts';
import { createPlacer } from './place.ts';
import { createAuditProcessor, type AuditJobData } from './processor.ts';
import { createSchedule, SCHEDULED, type AuditSchedule, type ScheduledData } from './schedule.ts';

export interface AuditorOptions {
  readonly redis: Redis;
  readonly keys: KeyScheme;
  readonly store: OrderStore;
  readonly motor: Motor;
  readonly targets: Targets;
  readonly ledger: Ledger;
  readonly keyRing: KeyRing;
  readonly log: Logger;
  readonly observer: Pick<EngineObserver, 'platformCall'>;
  readonly persist?: () => Promise<void>;
  /** Name of this process. */
  readonly name: string;
  readonly settings: AuditSettings;
  /** As of the other workers, in ms. */
  readonly timing: { readonly lockMs: number; readonly stalledMs: number };
}

export interface AuditSettings {
  /** Of one target. */
  readonly customersPerSecond: number;
  readonly schedules: readonly AuditSchedule[];
  /** How long the orders of an audit are recognised when they are placed again. */
  readonly idempotencyMs: number;
}

/** Owner of orders that nobody in particular asked for; names of clients hold no colon. */
const NOBODY = 'turnup:audits';
const STALLS_ALLOWED = 1_000_000;
/** Targets at once in one process: an audit waits most of the time. */
const AUDITS_AT_ONCE = 8;
const KEPT_AUDITS = 200;

/** The processor of audits in one process, what begins them on time, and what sees to it that none is forgotten. */
export function createAuditor(options: AuditorOptions) {
  const { redis, keys, store, motor, targets, ledger, keyRing, log, observer, settings, timing } = options;
  const queue = motor.queues.audits;
  const audits = createAuditStore({ redis, keys, ledger, ...(options.persist && { persist: options.persist }) });
  const closing = new AbortController();
  const schedule = createSchedule({ queue, schedules: settings.schedules });
  const place = createPlacer({ store, motor, ledger, keyRing, idempotencyMs: settings.idempotencyMs });
  const process = createAuditProcessor({
    audits,
    targets,
    check: createCustomerCheck({ ledger, store, place }),
    queueOf: motor.queues.target,
    observer,
    log,
    customersPerSecond: settings.customersPerSecond,
    closing: closing.signal,
  });

  async function begin({ target, repair }: ScheduledData): Promise<unknown> {
    const audit = await audits.create({ target, repair, by: 'turnup', owner: NOBODY, onlyIfNone: true });
    if (audit === null)
      log.warn({ target }, 'an audit is under way still when the next one is due: that one is left out');
    else await motor.startAudit(audit);
    return { audit };
  }

  const worker = new Worker(
    queue.name,
    async (job: Job, token) =>
      job.name === SCHEDULED ? begin(job.data as ScheduledData) : process(job as Job<AuditJobData>, token),
    {
      connection: redis,
      prefix: keys.prefix,
      name: options.name,
      autorun: false,
      concurrency: AUDITS_AT_ONCE,
      lockDuration: timing.lockMs,
      stalledInterval: timing.stalledMs,
      maxStalledCount: STALLS_ALLOWED,
    },
  );
  logComplaints(worker, log);
  worker.on('failed', (job, error) => log.warn({ err: error, job: job?.id }, 'an audit stopped and goes on soon'));

  /** What a crash left between the store and the queue, and what waits for a target that is no longer configured. */
  async function lookAfter(): Promise<void> {
    await schedule.watch();
    const { items } = await audits.list({ limit: KEPT_AUDITS });
    for (const { id, target, state } of items) {
      if (state !== 'queued' && state !== 'running') continue;
      if (targets.get(target)) await motor.startAudit(id);
      else {
        const detail = `the target ${target} is not in the configuration`;
        await audits.end(id, 'failed', { code: 'TURNUP_NOT_FOUND', title: 'The target is not configured', detail });
      }
    }
  }

  return {
    store: audits,
    lookAfter,
    async start(): Promise<void> {
      await schedule.install();
      void worker.run().catch((error: unknown) => log.error({ err: error, queue: worker.name }, 'worker ended'));
    },
    /** Audits in hand stop where they are; any worker goes on with them. */
    async close(): Promise<void> {
      closing.abort();
      await worker.close();
    },
  };
}
