import type { ErrorClass } from '../../src/errors/index.ts';

export interface Policy {
  /** `retry`: tried again; `park`: the whole target is left alone and nothing is counted; `stop`: not tried again. */
  readonly does: 'retry' | 'park' | 'stop';
  /** Attempts before the step is failed: then the order is held, or undone where it asks for that. */
  readonly attempts: number;
  /** Pauses between attempts double from the first to the longest, in ms. */
  readonly firstMs: number;
  readonly longestMs: number;
}

const retry = (attempts: number, firstMs: number, longestMs: number): Policy => ({
  does: 'retry',
  attempts,
  firstMs,
  longestMs,
});
const PARK: Policy = { does: 'park', attempts: 1, firstMs: 0, longestMs: 0 };
const STOP: Policy = { does: 'stop', attempts: 1, firstMs: 0, longestMs: 0 };

/**
 * How often a step is tried (DESIGN §6). Few for `transient`: a 500 may never heal by retrying.
 * More for `ambiguous`, since each attempt begins with a look and mostly finds the work done.
 */
const POLICIES: Record<ErrorClass, Policy> = {
  transient: retry(4, 500, 15_000),
  ambiguous: retry(8, 500, 15_000),
  bug: retry(3, 1_000, 10_000),
  outage: PARK,
  auth: PARK,
  throttled: PARK,
  rejected: STOP,
  conflict: STOP,
};

/** Undoing has patience: what is left behind is a wrong bill, and nobody waits for it. */
const UNDO_POLICIES: Record<ErrorClass, Policy> = {
  ...POLICIES,
  transient: retry(10, 1_000, 300_000),
  ambiguous: retry(12, 1_000, 300_000),
};

export function policyOf(errorClass: ErrorClass, direction: 'f' | 'u'): Policy {
  return (direction === 'u' ? UNDO_POLICIES : POLICIES)[errorClass];
}

/** Whether a step that failed at its `attempt`th attempt (from 1) is over until a person acts. */
export function isFinal(errorClass: ErrorClass, attempt: number, direction: 'f' | 'u'): boolean {
  return attempt >= policyOf(errorClass, direction).attempts;
}

/** Exponential with full jitter on the upper half, in ms: many steps that failed together do not come back together. */
export function backoffMs(
  errorClass: ErrorClass,
  attempt: number,
  direction: 'f' | 'u',
  random: () => number = Math.random,
): number {
  const { firstMs, longestMs } = policyOf(errorClass, direction);
  const span = Math.min(firstMs * 2 ** (attempt - 1), longestMs);
  return Math.round(span / 2 + (random() * span) / 2);
}
