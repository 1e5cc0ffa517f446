import { FlowProducer, Queue, type FlowJob, type Job, type JobNode } from 'bullmq';
import type { Redis } from 'ioredis';
import { TurnupError } from '../src/errors/index.ts';
import type { Placement } from '../src/orders/read.ts';
import type { Closed } from '../src/orders/close.ts';
import type { Released } from '../src/orders/release.ts';
import type { Retried } from '../src/orders/retry.ts';
import type { Skipped } from '../src/orders/skip.ts';
import type { Turned } from '../src/orders/turn.ts';
import { TERMINAL_STATES, type StepState } from '../src/orders/states.ts';
import type { OrderStore } from '../src/orders/store.ts';
import type { KeyScheme } from '../src/redis/keys.ts';
import { AUDITS_QUEUE, ORDERS_QUEUE, parseJobId, stepJobId, targetQueue, UPKEEP_QUEUE } from './jobs.ts';
import { openLines, orderFlow } from './tree.ts';

export type Motor = ReturnType<typeof createMotor>;

/** Everything that moves BullMQ from outside a processor: start, retry, remove. The record decides, this carries out. */
export function createMotor(options: {
  connection: Redis;
  keys: KeyScheme;
  store: OrderStore;
  targets: readonly string[];
}) {
  const { connection, keys, store } = options;
  const common = { connection, prefix: keys.prefix };
  const producer = new FlowProducer(common);
  const orders = new Queue(ORDERS_QUEUE, common);
  const upkeep = new Queue(UPKEEP_QUEUE, common);
  const audits = new Queue(AUDITS_QUEUE, common);
  const targets = new Map(options.targets.map((name) => [name, new Queue(targetQueue(name), common)]));

  // Without a listener BullMQ prints what the connection complains of, which its owner hears of anyway.
  producer.on('error', () => undefined);
  for (const queue of [orders, upkeep, audits, ...targets.values()]) queue.on('error', () => undefined);

  function queueOf(target: string): Queue {
    const queue = targets.get(target);
    if (!queue) throw new TurnupError('TURNUP_NOT_FOUND', { detail: `target ${target}` });
    return queue;
  }

  /** Adds the jobs of an order that is head of its mailbox. Harmless when they are there. */
  async function start(id: string): Promise<void> {
    const order = await store.placement(id);
    if (!order || order.state === 'pending' || TERMINAL_STATES.includes(order.state)) return;
    await producer.add(orderFlow(order));
  }

  async function startAll(ids: readonly string[]): Promise<void> {
    for (const id of ids) await start(id);
  }

  /** Adds what may run now beneath the order's own job, which must be active or waiting for children. */
  async function addOpenLines(order: Placement, parent: { id: string; queue: string }): Promise<JobNode[]> {
    const lines = openLines(order).map((line) => ({ ...line, opts: { ...line.opts, parent } }));
    return producer.addBulk(lines);
  }

  /** Adds one step beneath a job that waits for it. */
  async function addBeneath(line: FlowJob, parent: { id: string; queue: string }): Promise<void> {
    await producer.add({ ...line, opts: { ...line.opts, parent } });
  }

  /**
   * Runs jobs again that have ended although the record holds their steps open: a Redis that is full may take BullMQ's
   * word of the end, which frees memory, and refuse the result. A step that failed waits for a person.
   */
  async function runAgain(order: Placement, steps: readonly string[]): Promise<void> {
    const queue = queueOf(order.target);
    for (const step of steps) {
      if (WILL_NOT_CHANGE.includes(order.stepStates[step]!)) continue;
      const job = await queue.getJob(stepJobId(order.id, order.run, order.direction, step));
      const state = await job?.getState();
      if (state === 'completed' || state === 'failed') await moveBack(job, state);
    }
  }

  /**
   * Turns the jobs of an order round whose record says so: once no forward step is under way, what has not run is
   * removed, which wakes the order's job, and that adds the undo beneath itself. Harmless when repeated.
   */
  async function undo(id: string): Promise<void> {
    const order = await store.placement(id);
    if (!order || order.direction !== 'u' || TERMINAL_STATES.includes(order.state)) return;
    if (await isUnderWay(order)) return;
    const job = await orders.getJob(id);
    if (!job) return void (await producer.add(orderFlow(order)));
    const queue = queueOf(order.target);
    const undoing = await Promise.all(order.toUndo.map((step) => queue.getJob(stepJobId(id, order.run, 'u', step))));
    if (undoing.some((step) => step !== undefined)) return;
    await job.removeUnprocessedChildren();
    // It leaves children that failed, and a failed direct child would keep the order's job from ever waking.
    for (const step of order.plan)
      await queue.remove(stepJobId(id, order.run, 'f', step.id), { removeChildren: false });
  }

  /** Whether a forward step will still report. A step whose job cannot run any more will not, whatever the record says. */
  async function isUnderWay(order: Placement): Promise<boolean> {
    const active = order.plan.map(({ id }) => id).filter((step) => order.stepStates[step] === 'active');
    if (active.length === 0) return false;
    const queue = queueOf(order.target);
    for (const step of active) {
      const state = await queue.getJobState(stepJobId(order.id, order.run, 'f', step));
      if (!WILL_NOT_RUN.includes(state)) return true;
    }
    await store.disown(order.id, order.run, active);
    return false;
  }

  /** One retry, whoever asks (I9): the record first, then the failed jobs with fresh attempts. */
  async function retry(id: string, by: string, steps?: readonly string[]): Promise<Retried> {
    const retried = await store.retry(id, by, steps);
    if (retried.kind === 'replayed') {
      // The job of the run before carries the order's id; the new run's takes its place.
      await orders.remove(id, { removeChildren: false });
      if (retried.head) await start(id);
      return retried;
    }
    if (retried.kind !== 'retried') return retried;
    const order = await store.placement(id);
    if (!order) return { kind: 'missing' };
    const queue = queueOf(order.target);
    const jobs = retried.steps.map((step) => queue.getJob(stepJobId(id, retried.run, retried.direction, step)));
    const moved = await Promise.all(jobs.map(async (job) => moveBack(await job)));
    if (moved.includes(false)) await start(id);
    return retried;
  }

  /** What the dashboard's retry button does. Throws `TURNUP_STATE_CONFLICT` when the record says no. */
  async function retryJob(jobId: string, by: string): Promise<void> {
    const { order, step } = parseJobId(jobId);
    const retried = await retry(order, by, step === null ? undefined : [step]);
    if (retried.kind === 'missing') throw new TurnupError('TURNUP_NOT_FOUND', { detail: `order ${order}` });
    if (retried.kind === 'refused') throw new TurnupError('TURNUP_STATE_CONFLICT', { detail: retried.reason });
  }

  async function cancelOrUndo(id: string, verb: 'cancel' | 'undo', by: string, reason: string): Promise<Turned> {
    const turned = await store.turn(id, verb, by, reason);
    if (turned.kind === 'turned') await undo(id);
    if (turned.kind === 'cancelled') await startAll(turned.next);
    return turned;
  }

  async function close(id: string, by: string, reason: string): Promise<Closed> {
    const closed = await store.close(id, by, reason);
    if (closed.kind === 'closed') {
      await (await orders.getJob(id))?.removeUnprocessedChildren();
      await startAll(closed.next);
    }
    return closed;
  }

  async function release(id: string, by: string, reason: string): Promise<Released> {
    const released = await store.release(id, by, reason);
    if (released.kind === 'released') await startAll(released.next);
    return released;
  }

  async function skip(
    id: string,
    step: string,
    by: string,
    reason: string,
    result: Record<string, unknown>,
  ): Promise<Skipped> {
    const skipped = await store.skip(id, step, by, reason, result);
    if (skipped.kind !== 'skipped') return skipped;
    const order = await store.placement(id);
    if (!order) return { kind: 'missing' };
    const job = await queueOf(order.target).getJob(stepJobId(id, skipped.run, skipped.direction, step));
    if (!(await moveBack(job))) await start(id);
    return skipped;
  }

  /** Adds the job of an audit. Harmless when it is there. */
  async function startAudit(id: string): Promise<void> {
    const opts = { jobId: id, attempts: AUDIT_ATTEMPTS, backoff: { type: 'fixed', delay: AUDIT_BACKOFF_MS } };
    await audits.add('audit', { audit: id }, { ...opts, removeOnComplete: true, removeOnFail: true });
  }

  /** Removes every job the order's runs and undo name, root first. Active jobs stay: gives false then. */
  async function removeJobs(order: Placement): Promise<boolean> {
    const queue = targets.get(order.target);
    await orders.remove(order.id, { removeChildren: false });
    if (!queue) return true;
    const ids = order.plan.flatMap((step) =>
      Array.from({ length: order.run }, (_, at) => at + 1).flatMap((run) =>
        (['f', 'u'] as const).map((direction) => stepJobId(order.id, run, direction, step.id)),
      ),
    );
    const removed = await Promise.all(ids.toReversed().map((jobId) => queue.remove(jobId, { removeChildren: false })));
    const left = await Promise.all(ids.filter((_, at) => removed[at] === 0).map((jobId) => queue.getJob(jobId)));
    return left.every((job) => job === undefined);
  }

  return {
    start,
    startAll,
    addOpenLines,
    addBeneath,
    runAgain,
    retry,
    retryJob,
    undo,
    cancel: (id: string, by: string, reason: string) => cancelOrUndo(id, 'cancel', by, reason),
    undoHeld: (id: string, by: string, reason: string) => cancelOrUndo(id, 'undo', by, reason),
    closeOrder: close,
    release,
    skip,
    startAudit,
    removeJobs,
    queues: { orders, upkeep, audits, target: queueOf, all: () => [orders, ...targets.values(), upkeep, audits] },
    async close(): Promise<void> {
      await Promise.allSettled([
        producer.close(),
        orders.close(),
        upkeep.close(),
        audits.close(),
        ...[...targets.values()].map((queue) => queue.close()),
      ]);
    },
  };
}

/** It fails only when Redis does. */
const AUDIT_ATTEMPTS = 1_000;
const AUDIT_BACKOFF_MS = 5_000;

const WILL_NOT_CHANGE: readonly StepState[] = ['done', 'skipped', 'undone', 'failed'];
const WILL_NOT_RUN = ['waiting-children', 'completed', 'failed', 'unknown'];

/** Moves a job that ended back to waiting with fresh attempts. False when there is no such job to move. */
async function moveBack(job: Job | undefined, from: 'failed' | 'completed' = 'failed'): Promise<boolean> {
  if (!job) return false;
  try {
    // Not the starts: who begins a step must know that somebody was at its job before (I3).
    await job.retry(from, { resetAttemptsMade: true });
    return true;
  } catch {
    // It has not ended so (any more): it waits or runs already, which is what was asked for.
    return (await job.getState()) !== 'unknown';
  }
}
