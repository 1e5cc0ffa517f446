import type { FlowJob } from 'bullmq';
import type { Placement } from '../src/orders/read.ts';
import type { StoredStep } from '../src/orders/plan.ts';
import { orderJob, stepJob } from './jobs.ts';

/**
 * The lines of steps that may be added beneath the order's job now, each from its last step down to the first open
 * one. One subscriber: one line of everything. Several: the customer's line, and once it is done one line a subscriber.
 */
export function openLines(order: Placement): FlowJob[] {
  if (order.direction === 'u') return undoTrees(order);
  const open = order.plan.filter((step) => !isOver(order, step));
  const trunk = open.filter((step) => step.item === null);
  const branches = [
    ...Map.groupBy(
      order.plan.filter((step) => step.item !== null),
      (step) => step.item,
    ).values(),
  ]
    .map((line) => line.filter((step) => !isOver(order, step)))
    .filter((line) => line.length > 0);
  const items = new Set(order.plan.map((step) => step.item).filter((item) => item !== null));
  if (items.size <= 1) return open.length > 0 ? [lineOf(order, open)] : [];
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
