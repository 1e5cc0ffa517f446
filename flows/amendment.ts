import type { StoredStep } from '../src/orders/plan.ts';
import type { StepState } from '../src/orders/states.ts';
import { ancestors } from './plan.ts';

/**
 * What becomes of a step when its order is amended. `keep`: it is done and stays. `redo`: what it did is taken back if it
 * did anything, and it is done anew. `undo`: it is taken back and gone. `add`: the order did not have it. `do`: the order
 * had it, and it has done nothing yet.
 */
export type StepChange = 'keep' | 'redo' | 'undo' | 'add' | 'do';

export interface AmendedPlan {
  /** By step of the amended plan. */
  readonly changes: ReadonlyMap<string, StepChange>;
  /** Steps of the plan before that are gone and have done something. */
  readonly undo: readonly StoredStep[];
}

interface Before {
  readonly plan: readonly StoredStep[];
  /** `toUndo`: it did something on the target, or may have. */
  readonly steps: { readonly [id: string]: { readonly state: StepState; readonly toUndo: boolean } };
}

const isDone = (state: StepState | undefined): boolean => state === 'done' || state === 'skipped';

/**
 * The difference of two plans of one order. A step stays only where all before it stay, in both plans: what hangs on
 * something goes with it.
 *
 * @param isOther whether the step sends or compares anything that is changed
 */
export function amendPlan(
  { plan: before, steps }: Before,
  after: readonly StoredStep[],
  isOther: (step: StoredStep) => boolean,
): AmendedPlan {
  const left = new Map(after.map((step) => [step.id, step]));
  const kept = new Set<string>();
  for (const step of before) {
    const same = left.get(step.id);
    const stays = same !== undefined && same.kind === step.kind && same.item === step.item && same.class === step.class;
    if (!stays || !isDone(steps[step.id]?.state) || isOther(step)) continue;
    // Also what is new before it: a reload has to come after the change it makes known.
    const earlier = [...ancestors(before, step), ...ancestors(after, same)];
    if (earlier.every((id) => kept.has(id))) kept.add(step.id);
  }
  const hasEffect = (id: string): boolean => isDone(steps[id]?.state) || (steps[id]?.toUndo ?? false);
  const changeOf = ({ id }: StoredStep): StepChange => {
    if (kept.has(id)) return 'keep';
    if (hasEffect(id)) return 'redo';
    return Object.hasOwn(steps, id) ? 'do' : 'add';
  };
  return {
    changes: new Map(after.map((step) => [step.id, changeOf(step)])),
    undo: before.filter(({ id }) => !left.has(id) && steps[id]?.toUndo),
  };
}
