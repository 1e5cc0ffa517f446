import { TurnupError } from '../../src/errors/index.ts';
import type { Attempt } from '../../src/orders/begin.ts';
import { LEASE_TRUSTED_MS } from '../../src/orders/lua.ts';
import type { JournaledCall } from '../../src/orders/outcome.ts';
import type { OrderStore } from '../../src/orders/store.ts';
import type { CallHooks, CallRecord } from '../../src/platforms/port.ts';
import type { TakeCall } from '../../src/targets/rate.ts';

export interface CallGuard extends CallHooks {
  /** Calls since the last time they were taken, for the journal. */
  takeCalls(): JournaledCall[];
  /** Whether the target answered any call of the attempt properly, be it with a refusal. */
  answered(): boolean;
  /** Tells the guard that the record confirmed the lease: asked at `since`, on the monotonic clock, in ms. */
  leaseConfirmed(since: number): void;
  /** Whether a write may have gone out. */
  wrote(): boolean;
  /** From now on writes need no lease: what the attempt alone made is taken away again. */
  discarding(): void;
}

export interface GuardOptions {
  attempt: Attempt;
  store: OrderStore;
  takeCall: TakeCall;
  signal: AbortSignal;
  /** Kind of the step. */
  kind: string;
  /** Whose order it is. */
  client: string;
  /** When BullMQ's lock on the job expires unless it is renewed, on the monotonic clock, in ms. */
  lockEndsAt(): number;
  onCall?(call: CallRecord): void;
  /** For a write of an attempt that has only looked: takes the lease as its intent would. False: it may not go on. */
  takeLease(): Promise<boolean>;
}

/** Fences, rates and journals every call of one attempt (I7, I10, DESIGN §5.6). */
export function createCallGuard(options: GuardOptions): CallGuard {
  let calls: JournaledCall[] = [];
  let confirmedAt = Number.NEGATIVE_INFINITY;
  let isDiscarding = false;
  let isAnswered = false;
  let hasWritten = false;

  async function holdsLease(): Promise<boolean> {
    if (await options.store.confirmLease(options.attempt)) return true;
    return confirmedAt === Number.NEGATIVE_INFINITY && (await options.takeLease());
  }

  return {
    signal: options.signal,
    step: options.kind,
    client: options.client,
    async beforeCall(write) {
      options.signal.throwIfAborted();
      await options.takeCall(options.signal);
      if (!write || isDiscarding) return;
      if (performance.now() >= options.lockEndsAt()) {
        throw new TurnupError('TURNUP_LEASE_LOST', { detail: 'the lock of the job has run out' });
      }
      const now = performance.now();
      if (now - confirmedAt > LEASE_TRUSTED_MS) {
        if (!(await holdsLease())) throw new TurnupError('TURNUP_LEASE_LOST');
        confirmedAt = now;
      }
      hasWritten = true;
    },
    afterCall(call) {
      isAnswered ||= call.outcome === 'ok' || call.outcome === 'refused';
      calls.push({ ...call, durationMs: Math.round(call.durationMs * 10) / 10 });
      options.onCall?.(call);
    },
    takeCalls() {
      const taken = calls;
      calls = [];
      return taken;
    },
    answered: () => isAnswered,
    wrote: () => hasWritten,
    leaseConfirmed(since) {
      confirmedAt = since;
    },
    discarding() {
      isDiscarding = true;
    },
  };
}
