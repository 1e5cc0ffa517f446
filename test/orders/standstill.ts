import type { StoredStep } from '../../src/orders/plan.ts';
import type { StepState } from '../../src/orders/states.ts';

/** What "held" means, said once more in the simplest way: something failed, and whatever is open comes after a failure. */
export function isAtStandstill(plan: readonly StoredStep[], states: Readonly<Record<string, StepState>>): boolean {
  const stateOf = (id: string): StepState => states[id] ?? 'waiting';
  const before = (step: StoredStep): StoredStep[] => {
    const next = plan.find((other) => other.id === step.after);
    return next ? [next, ...before(next)] : [];
  };
  const failed = (step: StoredStep): boolean => stateOf(step.id) === 'failed';
  const open = plan.filter((step) => !['done', 'skipped', 'failed'].includes(stateOf(step.id)));
  return plan.some(failed) && open.every((step) => before(step).some(failed));
}

/** The same of an undo, which runs the other way: what is still to be undone comes before a failure. */
export function isUndoAtStandstill(
  plan: readonly StoredStep[],
  states: Readonly<Record<string, StepState>>,
  toUndo: readonly string[],
): boolean {
  const builtOn = (id: string): string[] =>
    plan.filter((step) => step.after === id).flatMap((step) => [step.id, ...builtOn(step.id)]);
  const failed = (id: string): boolean => states[id] === 'failed';
  return plan.some((step) => failed(step.id)) && toUndo.every((id) => failed(id) || builtOn(id).some(failed));
}
