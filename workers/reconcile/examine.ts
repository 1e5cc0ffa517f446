import { stepJobId } from '../../flows/jobs.ts';
import type { Motor } from '../../flows/motor.ts';
import { TurnupError } from '../../src/errors/index.ts';
import { HANDED_OVER } from '../../src/orders/lua.ts';
import type { StoredStep } from '../../src/orders/plan.ts';
import type { Placement } from '../../src/orders/read.ts';
import type { OrderStore } from '../../src/orders/store.ts';
import { TERMINAL_STATES } from '../../src/orders/states.ts';
import { toFailure } from '../step/errors.ts';
import type { Repair } from './repairs.ts';

/** Something about an order that should not be, and how to mend it. Mending twice does no harm. */
export interface Fault {
  repair: Repair;
  step: string | null;
  /** False when it turned out that there was nothing to mend. */
  mend(): Promise<boolean>;
}

export interface ExamineOptions {
  store: OrderStore;
  motor: Motor;
  /** How long a write of the target may take, in ms. */
  writeTimeoutMs(target: string): number;
}

// Not the starts: who begins a step must know that somebody was at its job before (I3).
/** So often a step may lose its job before a person has to look. */
const MOST_LOSSES = 5;
const FRESH = { resetAttemptsMade: true };

/**
 * Compares the record of an order that is going on with its jobs (I2, I11). It looks at several things one after the
 * other, so what it finds may be an order that moves: only a fault that is found twice is one.
 */
export function createExaminer({ store, motor, writeTimeoutMs }: ExamineOptions) {
  const { queues } = motor;

  return async function examine(order: Placement): Promise<Fault | null> {
    if (TERMINAL_STATES.includes(order.state) || order.state === 'held' || order.state === 'pending') return null;
    return (await examineLeases(order)) ?? (await examineJobs(order));
  };

  async function examineLeases(order: Placement): Promise<Fault | null> {
    const { leases, lane } = await store.leases(order.id, order.plan);
    const held = new Map(leases.map(({ step, token }) => [step, token]));
    for (const { id: step } of order.plan) {
      const token = held.get(step) ?? '';
      if (token === '' && order.stepStates[step] !== 'active') continue;
      const state = await stateOf(order, order.stepStates[step] === 'undoing' ? 'u' : 'f', step);
      // A step that was handed over is held for a job that is still to start; forward it will, or is put back.
      const gone = token === HANDED_OVER ? order.direction === 'u' && isOver(state) : state !== 'active';
      if (!gone) continue;
      const timeoutMs = writeTimeoutMs(order.target);
      return fault('leaseOrphaned', step, () => store.freeLease(order.id, { step, token }, timeoutMs));
    }
    const isFree = lane === null || ['waiting', 'active', 'undoing'].includes(order.stepStates[lane] ?? '');
    return isFree ? null : fault('laneOrphaned', lane, () => store.freeLane(order.id));
  }

  async function examineJobs(order: Placement): Promise<Fault | null> {
    const state = await queues.orders.getJobState(order.id);
    switch (state) {
      case 'unknown':
        return fault('orderJobMissing', null, () => renewOrderJob(order));
      case 'failed':
        return fault('orderJobFailed', null, () => retryOrderJob(order, 'failed'));
      case 'completed':
        return fault('orderJobEnded', null, () => retryOrderJob(order, 'completed'));
      case 'waiting-children':
        return order.direction === 'u' ? examineUndo(order) : examineSteps(order);
      default:
        // It runs soon, and then sees by itself what is missing.
        return null;
    }
  }

  async function examineSteps(order: Placement): Promise<Fault | null> {
    const open = order.plan.filter((step) => !isDone(order, step.id));
    if (open.length === 0) return fault('orderJobStuck', null, () => renewOrderJob(order));
    const next = open.filter(
      (step) => order.stepStates[step.id] !== 'failed' && (step.after === null || isDone(order, step.after)),
    );
    return firstFault(order, 'f', next);
  }

  async function examineUndo(order: Placement): Promise<Fault | null> {
    if (Object.values(order.stepStates).includes('active')) return null;
    const steps = order.plan.filter((step) => order.toUndo.includes(step.id));
    const states = await Promise.all(steps.map((step) => stateOf(order, 'u', step.id)));
    if (states.every((state) => state === 'unknown')) {
      return fault('undoNotStarted', null, () => motor.undo(order.id).then(() => true));
    }
    const next = steps.filter(
      (step) => order.stepStates[step.id] !== 'failed' && !builtOn(order, step).some((id) => order.toUndo.includes(id)),
    );
    return firstFault(order, 'u', next);
  }

  async function firstFault(order: Placement, direction: 'f' | 'u', steps: readonly StoredStep[]) {
    for (const step of steps) {
      const found = await examineStepJob(order, direction, step.id);
      if (found) return found;
    }
    return null;
  }

  /** Of a step that nothing of the order stands before. */
  async function examineStepJob(order: Placement, direction: 'f' | 'u', step: string): Promise<Fault | null> {
    const state = await stateOf(order, direction, step);
    switch (state) {
      case 'unknown':
        return fault('stepJobMissing', step, () => renewStepJob(order, direction, step));
      case 'waiting-children':
        return fault('stepJobStuck', step, () => renewStepJob(order, direction, step));
      case 'failed':
      case 'completed':
        return fault(state === 'failed' ? 'stepJobFailed' : 'stepJobEnded', step, async () => {
          if (state === 'failed' && (await isLost(order, direction, step))) return true;
          const job = await queues.target(order.target).getJob(stepJobId(order.id, order.run, direction, step));
          await job?.retry(state, FRESH);
          return job !== undefined;
        });
      default:
        return null;
    }
  }

  function isLost({ id, run }: Placement, direction: 'f' | 'u', step: string): Promise<boolean> {
    const failure = toFailure(new TurnupError('TURNUP_JOB_LOST'));
    return store.lose({ order: id, run, direction, step, failure, most: MOST_LOSSES });
  }

  function stateOf(order: Placement, direction: 'f' | 'u', step: string): Promise<string> {
    return queues.target(order.target).getJobState(stepJobId(order.id, order.run, direction, step));
  }

  async function renewOrderJob(order: Placement): Promise<boolean> {
    await queues.orders.remove(order.id, { removeChildren: false });
    await motor.start(order.id);
    return true;
  }

  async function retryOrderJob(order: Placement, state: 'failed' | 'completed'): Promise<boolean> {
    const job = await queues.orders.getJob(order.id);
    await job?.retry(state, FRESH);
    return job !== undefined;
  }

  /** What BullMQ takes for the end of a step may wake those behind it: they ask the record, and wait (I11). */
  async function renewStepJob(order: Placement, direction: 'f' | 'u', step: string): Promise<boolean> {
    const jobId = stepJobId(order.id, order.run, direction, step);
    await queues.target(order.target).remove(jobId, { removeChildren: false });
    await motor.start(order.id);
    return true;
  }
}

function fault(repair: Repair, step: string | null, mend: () => Promise<boolean>): Fault {
  return { repair, step, mend };
}

const isOver = (jobState: string): boolean => ['unknown', 'failed', 'completed'].includes(jobState);

function isDone(order: Placement, step: string): boolean {
  const state = order.stepStates[step];
  return state === 'done' || state === 'skipped';
}

function builtOn(order: Placement, step: StoredStep): string[] {
  return order.plan.filter((other) => other.after === step.id).flatMap((other) => [other.id, ...builtOn(order, other)]);
}
