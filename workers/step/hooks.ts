import { TurnupError } from '../../src/errors/index.ts';
import type { Attempt } from '../../src/orders/begin.ts';
import type { JournaledCall } from '../../src/orders/outcome.ts';
import type { OrderStore } from '../../src/orders/store.ts';
import type { CallHooks, CallRecord } from '../../src/platforms/port.ts';
import type { TakeCall } from '../../src/targets/rate.ts';

/** After this long since the lease was last seen to be ours, a write asks the record again. */
const TRUSTED_MS = 1_000;

export interface CallGuard extends CallHooks {
  /** Calls since the last time they were taken, for the journal. */
  takeCalls(): JournaledCall[];
  /** Tells the guard that the record has just confirmed the lease. */
  leaseConfirmed(): void;
  /** From now on writes need no lease: what the attempt alone made is taken away again. */
  discarding(): void;
}

export interface GuardOptions {
  attempt: Attempt;
  store: OrderStore;
  takeCall: TakeCall;
  signal: AbortSignal;
  /** When BullMQ's lock on the job expires unless it is renewed, on the monotonic clock, in ms. */
  lockEndsAt(): number;
  onCall?(call: CallRecord): void;
}

/** Fences, rates and journals every call of one attempt (I7, I10, DESIGN §5.6). */
export function createCallGuard(options: GuardOptions): CallGuard {
  let calls: JournaledCall[] = [];
  let confirmedAt = Number.NEGATIVE_INFINITY;
  let isDiscarding = false;
  return {
    signal: options.signal,
    async beforeCall(write) {
      options.signal.throwIfAborted();
      await options.takeCall(options.signal);
      if (!write || isDiscarding) return;
      if (performance.now() >= options.lockEndsAt()) {
        throw new TurnupError('TURNUP_LEASE_LOST', { detail: 'the lock of the job has run out' });
      }
      if (performance.now() - confirmedAt > TRUSTED_MS) {
        if (!(await options.store.confirmLease(options.attempt))) throw new TurnupError('TURNUP_LEASE_LOST');
        confirmedAt = performance.now();
      }
    },
    afterCall(call) {
      calls.push({ ...call, durationMs: Math.round(call.durationMs * 10) / 10 });
      options.onCall?.(call);
    },
    takeCalls() {
      const taken = calls;
      calls = [];
      return taken;
    },
    leaseConfirmed() {
      confirmedAt = performance.now();
    },
    discarding() {
      isDiscarding = true;
    },
  };
}
