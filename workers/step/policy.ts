import type { ErrorClass } from '../../src/errors/index.ts';

interface RetryPolicy {
  /** Attempts before the step waits for a person. */
  readonly attempts: number;
  readonly firstMs: number;
  readonly longestMs: number;
}

const NEVER: RetryPolicy = { attempts: 1, firstMs: 0, longestMs: 0 };

/**
 * How often a step is tried (DESIGN §6). Few for `transient`: a 500 may never heal by retrying.
 * More for `ambiguous`, since each attempt begins with a look and mostly finds the work done.
 * `outage`, `auth` and `throttled` have none: they park the target and count no attempt.
 */
const POLICIES: Record<ErrorClass, RetryPolicy> = {
  transient: { attempts: 4, firstMs: 500, longestMs: 15_000 },
  ambiguous: { attempts: 8, firstMs: 500, longestMs: 15_000 },
  bug: { attempts: 3, firstMs: 1_000, longestMs: 10_000 },
  outage: NEVER,
  auth: NEVER,
  throttled: NEVER,
  rejected: NEVER,
  conflict: NEVER,
};

/** Undoing has patience: what is left behind is a wrong bill, and nobody waits for it. */
const UNDO_POLICIES: Record<ErrorClass, RetryPolicy> = {
  ...POLICIES,
  transient: { attempts: 10, firstMs: 1_000, longestMs: 300_000 },
  ambiguous: { attempts: 12, firstMs: 1_000, longestMs: 300_000 },
};

const policyOf = (errorClass: ErrorClass, direction: 'f' | 'u') =>
  (direction === 'u' ? UNDO_POLICIES : POLICIES)[errorClass];

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
