import type { Job } from 'bullmq';
import type { Motor } from '../flows/motor.ts';
import { stepJobId } from '../flows/jobs.ts';
import type { Logger } from '../src/observability/index.ts';
import type { Placement } from '../src/orders/read.ts';
import { TERMINAL_STATES } from '../src/orders/states.ts';
import type { OrderStore } from '../src/orders/store.ts';

export interface ReconcilerOptions {
  store: OrderStore;
  motor: Motor;
  log: Logger;
  everyMs: number;
  /** How long settled orders keep their record and jobs, and after that their archive. */
  retention: { settledMs: number; archiveMs: number };
}

const BATCH = 200;

/**
 * Repairs what a crash left between two writes (I2): accepted orders without jobs, jobs that failed or vanished without
 * our code, mailboxes that were not passed on, orders whose time has come. And keeps house: archiving, forgetting.
 * Every worker runs one; the list of orders to look at is shared, and each repair is harmless when done twice.
 */
export function createReconciler(options: ReconcilerOptions) {
  const { store, motor, log, everyMs, retention } = options;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let closed = false;

  async function lookAt(id: string): Promise<void> {
    const order = await store.placement(id);
    if (!order) return;
    if (order.state === 'pending') {
      if (await store.passMailbox(id)) await repair(order, 'the mailbox was not passed on', () => motor.start(id));
      return;
    }
    if (TERMINAL_STATES.includes(order.state) || order.state === 'held') return;
    if (order.direction === 'u') await motor.undo(id);
    await reviveJobs(order);
  }

  async function reviveJobs(order: Placement): Promise<void> {
    const job = await motor.queues.orders.getJob(order.id);
    if (!job) return repair(order, 'the order had no jobs', () => motor.start(order.id));
    const state = await job.getState();
    if (state === 'failed') return repair(order, 'the job of the order had failed', () => job.retry('failed', FRESH));
    if (state === 'completed') {
      return repair(order, 'the job of the order had ended early', () => job.retry('completed', FRESH));
    }
    if (state !== 'waiting-children') return;
    await reviveSteps(order);
  }

  async function reviveSteps(order: Placement): Promise<void> {
    const queue = motor.queues.target(order.target);
    if (order.direction === 'u') {
      for (const step of order.toUndo) {
        const job = await queue.getJob(stepJobId(order.id, order.run, 'u', step));
        if (job && order.stepStates[step] !== 'failed') await reviveStep(order, step, job);
      }
      return;
    }
    let missing = false;
    for (const step of order.plan) {
      const state = order.stepStates[step.id];
      if (state === 'done' || state === 'skipped' || state === 'failed') continue;
      const before = step.after === null ? 'done' : order.stepStates[step.after];
      if (before !== 'done' && before !== 'skipped') continue;
      const job = await queue.getJob(stepJobId(order.id, order.run, 'f', step.id));
      if (!job) missing = true;
      else await reviveStep(order, step.id, job);
    }
    if (missing) await repair(order, 'jobs of open steps were missing', () => motor.start(order.id));
  }

  async function reviveStep(order: Placement, step: string, job: Job): Promise<void> {
    const state = await job.getState();
    if (state !== 'failed' && state !== 'completed') return;
    await repair(
      order,
      `the job of ${step} had ${state} although the step is open`,
      () => job.retry(state, FRESH),
      step,
    );
  }

  async function repair(order: Placement, what: string, mend: () => Promise<unknown>, step: string | null = null) {
    await mend();
    await store.note(order.id, { type: 'repaired', step, by: 'turnup', detail: { what } });
    log.warn({ order: order.id, step, what }, 'repaired');
  }

  async function archive(): Promise<void> {
    for (const id of await store.dueForArchive(retention.settledMs, BATCH)) {
      const order = await store.placement(id);
      if (order && !(await motor.removeJobs(order))) continue;
      await store.archive(id, retention.archiveMs);
    }
    await store.forgetExpired(BATCH);
  }

  /** One round over everything that is due. */
  async function round(): Promise<void> {
    for (const id of await store.dueForMailbox(BATCH)) {
      if (await store.enterMailbox(id)) await motor.start(id);
    }
    for (const id of await store.dueForLook(BATCH, Math.max(everyMs * 2, 1_000))) await lookAt(id);
    await archive();
  }

  function schedule(): void {
    if (closed) return;
    // Spread out, so that many workers do not look all at once.
    timer = setTimeout(
      () => {
        running = round()
          .catch((error: unknown) => log.warn({ err: error }, 'reconciler round failed'))
          .finally(schedule);
      },
      everyMs * (0.75 + Math.random() / 2),
    );
    timer.unref();
  }

  return {
    start: schedule,
    round,
    async close(): Promise<void> {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
}

const FRESH = { resetAttemptsMade: true, resetAttemptsStarted: true };
