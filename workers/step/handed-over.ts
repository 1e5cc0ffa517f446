import type { Assignment } from '../../src/orders/assignment.ts';
import type { HandedOver } from '../../src/orders/complete.ts';
import { LEASE_TRUSTED_MS } from '../../src/orders/lua.ts';

interface Kept extends HandedOver {
  /** When the record was asked, on the monotonic clock, in ms. */
  readonly since: number;
}

export interface StartedJob {
  readonly id?: string;
  /** ms since the epoch. */
  readonly timestamp: number;
  readonly attemptsStarted: number;
}

/**
 * Steps that were handed over to the process that completed the one before. It mostly gets their jobs too, at once: then
 * it goes on without asking the record what that has just told it. What lies longer than a lease is trusted, or belongs to
 * a job that was started or added anew since, is forgotten: then the record is asked.
 */
export function createHandedOver() {
  const kept = new Map<string, Kept>();

  function forgetOld(now: number): void {
    for (const [id, { since }] of kept) {
      if (now - since < LEASE_TRUSTED_MS) return;
      kept.delete(id);
    }
  }

  return {
    keep(jobId: string, handedOver: HandedOver, since: number): void {
      forgetOld(performance.now());
      kept.set(jobId, { ...handedOver, since });
    },
    take({ id = '', timestamp, attemptsStarted }: StartedJob): { assignment: Assignment; since: number } | null {
      const found = kept.get(id);
      if (!found) return null;
      kept.delete(id);
      const isFirst = attemptsStarted === 1 && timestamp <= found.at;
      return isFirst && performance.now() - found.since < LEASE_TRUSTED_MS ? found : null;
    },
  };
}
