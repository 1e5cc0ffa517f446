import type { StoredStep } from '../../src/orders/plan.ts';
import { TurnupError } from '../../src/errors/index.ts';
import type { Finding, StepContext, StepKind } from '../../src/platforms/port.ts';
import type { Found } from './view.ts';

export interface Look {
  readonly found: Found;
  /** What is really there, for the step to go on from; null: nothing. */
  readonly finding: Finding | null;
  /** Nothing can be told of what the step would do. */
  readonly isOver: boolean;
}

const SETTLED: ReadonlySet<Found['state'] | undefined> = new Set(['conflict', 'rejected', 'unknown']);

/** What is known of the steps before one. */
export interface Before {
  /** One of them cannot be done. */
  readonly isStopped: boolean;
  /** What they make, and this one changes or lies in, is not there yet, and has no id to look by. */
  readonly isNew: boolean;
}

interface StepBefore {
  readonly step: { readonly id: string; readonly item: string | null };
  readonly kind: { readonly nature: StepKind['nature'] };
  readonly view: { readonly found?: Found };
}

/** @param steps those that come before a step, nearest first */
export function beforeOf(
  { item, within = [] }: Pick<StoredStep, 'item' | 'within'>,
  { nature }: Pick<StepKind, 'nature'>,
  steps: readonly StepBefore[],
): Before {
  // The first thing that is made of an item is the item itself; what else is made hangs on it.
  const own = steps.findLast(({ step, kind }) => step.item === item && kind.nature === 'create');
  const around = [
    ...(nature === 'change' && own ? [own] : []),
    ...steps.filter(({ step }) => within.includes(step.id)),
  ];
  return {
    isStopped: steps.some(({ view }) => SETTLED.has(view.found?.state)),
    isNew: around.some(({ view }) => view.found?.state === 'absent'),
  };
}

/**
 * What the target has of a step, through the step's own look.
 *
 * @throws TurnupError for what is no finding: the target is down, or refuses the login
 */
export async function lookAtTarget(kind: StepKind, ctx: StepContext, { isStopped, isNew }: Before): Promise<Look> {
  if (isStopped) return { found: { state: 'unknown' }, finding: null, isOver: true };
  if (isNew) return { found: { state: 'absent' }, finding: null, isOver: false };
  try {
    const finding = await kind.find(ctx);
    if (finding.state === 'absent') return { found: { state: 'absent' }, finding: null, isOver: false };
    const { differs } = finding;
    if (finding.state === 'different') {
      return { found: { state: 'different', ...(differs && { differs }) }, finding, isOver: false };
    }
    const { result } = finding;
    const state = kind.nature === 'create' ? 'adopted' : 'unchanged';
    return { found: { state, result, ...(differs && { differs }) }, finding, isOver: false };
  } catch (error) {
    if (!(error instanceof TurnupError) || (error.class !== 'conflict' && error.class !== 'rejected')) throw error;
    const { code, title, detail = null, hint } = error;
    return { found: { state: error.class, error: { code, title, detail, hint } }, finding: null, isOver: true };
  }
}
