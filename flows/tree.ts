import type { FlowJob } from 'bullmq';
import type { Placement } from '../src/orders/read.ts';
import type { StoredStep } from '../src/orders/plan.ts';
import { orderJob, stepJob } from './jobs.ts';
import { linesOf } from './plan.ts';

/**
 * The lines of steps that may be added beneath the order's job now, each from its last step down to the first open
 * one. One line behind the customer's: everything in one line. Several: the customer's, and once it is done the others.
 */
export function openLines(order: Placement): FlowJob[] {
  if (order.direction === 'u') return undoTrees(order);
  const open = order.plan.filter((step) => !isOver(order, step));
  const { trunk, branches } = linesOf(open);
  if (linesOf(order.plan).branches.length <= 1) return open.length > 0 ? [lineOf(order, open)] : [];
  return trunk.length > 0 ? [lineOf(order, trunk)] : branches.map((line) => lineOf(order, line));
}

/** The whole flow to add at the start: the order's job and what can be added beneath it. */
export function orderFlow(order: Placement): FlowJob {
  return { ...orderJob(order), children: openLines(order) };
}

/** Steps from first to last as nested jobs, the last one outermost. */
export function lineOf(order: Placement, steps: readonly StoredStep[]): FlowJob {
  const [first, ...rest] = steps;
  let job = stepJob(order, first!) as FlowJob;
  for (const step of rest) job = { ...stepJob(order, step), children: [job] } as FlowJob;
  return job;
}

/**
 * What takes an order back, as one tree: every undo step above the undo of what was built on it, so that subscribers
 * go before their customer and the customer before its contact.
 */
function undoTrees(order: Placement): FlowJob[] {
  const builtOn = Map.groupBy(order.plan, (step) => step.after);
  function treesAbove(after: string | null): FlowJob[] {
    return (builtOn.get(after) ?? []).flatMap((step): FlowJob[] => {
      const children = treesAbove(step.id);
      if (!order.toUndo.includes(step.id)) return children;
      return [{ ...stepJob(order, step), ...(children.length > 0 && { children }) }];
    });
  }
  return treesAbove(null);
}

function isOver(order: Placement, step: StoredStep): boolean {
  const state = order.stepStates[step.id];
  return state === 'done' || state === 'skipped';
}
