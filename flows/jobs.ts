import type { NextStep } from '../src/orders/complete.ts';
import type { StoredStep } from '../src/orders/plan.ts';
import type { Placement } from '../src/orders/read.ts';
import { ancestors, lineNameOf } from './plan.ts';

export const ORDERS_QUEUE = 'orders';
/** Queue of the rounds of the reconciler. */
export const UPKEEP_QUEUE = 'upkeep';
/** Queue of audits and of what begins them on time. */
export const AUDITS_QUEUE = 'audits';

/** Queue of a target's steps. Target names hold no colon, as BullMQ wants. */
export function targetQueue(target: string): string {
  return `target-${target}`;
}

export interface OrderJobData {
  order: string;
  run: number;
}

export interface StepJobData {
  order: string;
  run: number;
  direction: 'f' | 'u';
  step: string;
  /** Of the order: what a kind of step does depends on it. */
  action: string;
  kind: string;
  item: string | null;
  /** All steps that must be done before, nearest first. */
  needs: string[];
  exclusive: boolean;
  absentAfter: string | null;
  /** The one step directly after this one, when it may be handed over to its job as this one ends. */
  next: (NextStep & { exclusive: boolean }) | null;
}

/** Deterministic, so that adding again after a crash is harmless (DESIGN §4). */
export function stepJobId(order: string, run: number, direction: 'f' | 'u', step: string): string {
  return `${order}.${run}.${direction}.${step}`;
}

/** The order and step a job id names; the step is null for the order's own job. */
export function parseJobId(jobId: string): { order: string; step: string | null } {
  const [order = '', , , ...step] = jobId.split('.');
  return { order, step: step.length > 0 ? step.join('.') : null };
}

/**
 * BullMQ's own bound on attempts. How often a step is really tried is decided per error class from the record, always
 * below this; it only has to be there because a job without attempts is never retried.
 */
const ATTEMPTS = 20;
const UNDO_ATTEMPTS = 40;

export const STEP_BACKOFF = 'step';

/**
 * No failure option: with none, a failed child leaves its ancestors waiting, and retrying it lets the order go on.
 * No removal option: an order's jobs go together, once it is archived (I11).
 */
const JOB_OPTIONS = {
  attempts: ATTEMPTS,
  backoff: { type: STEP_BACKOFF },
  removeOnComplete: false,
  removeOnFail: false,
  stackTraceLimit: 1,
} as const;

/** Alone in its order a step has nobody to be in the way of. */
const isExclusive = (plan: readonly StoredStep[], step: StoredStep): boolean =>
  (step.exclusive ?? false) && plan.some((other) => other.item !== null && lineNameOf(other) !== lineNameOf(step));

function handedOver(plan: readonly StoredStep[], step: StoredStep): StepJobData['next'] {
  const [next, ...others] = plan.filter((other) => other.after === step.id);
  if (!next?.absentAfter || others.length > 0) return null;
  return {
    step: next.id,
    absentAfter: next.absentAfter,
    item: next.item,
    needs: ancestors(plan, next),
    exclusive: isExclusive(plan, next),
  };
}

export function orderJob(order: { id: string; run: number; title: string }) {
  const data: OrderJobData = { order: order.id, run: order.run };
  return { name: order.title, queueName: ORDERS_QUEUE, data, opts: { ...JOB_OPTIONS, jobId: order.id } };
}

export function stepJob(
  order: Pick<Placement, 'id' | 'run' | 'direction' | 'target' | 'action' | 'plan'>,
  step: StoredStep,
) {
  const { direction } = order;
  const data: StepJobData = {
    order: order.id,
    run: order.run,
    direction,
    step: step.id,
    action: order.action,
    kind: step.kind,
    item: step.item,
    needs: ancestors(order.plan, step),
    exclusive: isExclusive(order.plan, step),
    absentAfter: step.absentAfter ?? null,
    next: direction === 'f' ? handedOver(order.plan, step) : null,
  };
  const jobId = stepJobId(order.id, order.run, direction, step.id);
  return {
    name: direction === 'u' ? `undo ${step.title}` : step.title,
    queueName: targetQueue(order.target),
    data,
    opts: { ...JOB_OPTIONS, jobId, ...(direction === 'u' && { attempts: UNDO_ATTEMPTS }) },
  };
}
