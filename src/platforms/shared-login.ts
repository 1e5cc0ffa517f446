import { performance } from 'node:perf_hooks';
import { TurnupError } from '../errors/index.ts';
import type { CallHooks } from '../http-client/index.ts';

/** How long a refused login is not tried again: each try may count towards a ban. */
const REFUSAL_MS = 30_000;

/** What one target's login gave, shared by all its calls in this process. */
export interface SharedLogin<T> {
  /**
   * Logs in when needed, once for all who wait.
   * @throws TurnupError of class `auth`, also without a call for a while after a refusal; or whatever the login threw
   */
  get(hooks: CallHooks): Promise<T>;
  /** The target no longer takes this one: the next call logs in again. */
  expire(used: T): void;
  /** The target refused the login in answer to an ordinary call: stop all others at once. */
  refuse(error: TurnupError): void;
}

/** Thrown by `hooks.beforeCall` of the attempt that happened to log in: says nothing to the others that wait. */
class NotMine extends Error {
  override readonly cause: unknown;

  constructor(cause: unknown) {
    super('the attempt that logged in was stopped');
    this.cause = cause;
  }
}

// The login serves every attempt: it goes on when the one that began it is aborted.
const NEVER = new AbortController().signal;

/** @param logIn does it, with hooks that outlive the attempt that asked */
export function createSharedLogin<T>(
  logIn: (hooks: CallHooks) => Promise<T>,
  { refusalMs = REFUSAL_MS }: { readonly refusalMs?: number | undefined } = {},
): SharedLogin<T> {
  let kept: { readonly value: T } | null = null;
  let flight: Promise<T> | null = null;
  let refusal: { error: TurnupError; until: number } | null = null;

  function throwIfRefused(): void {
    if (!refusal) return;
    if (performance.now() < refusal.until) throw refusal.error;
    refusal = null;
  }

  function refuse(error: TurnupError): void {
    kept = null;
    refusal ??= { error, until: performance.now() + refusalMs };
  }

  async function begin(hooks: CallHooks): Promise<T> {
    const shared: CallHooks = {
      signal: NEVER,
      afterCall: (call) => hooks.afterCall(call),
      beforeCall: async (write) => {
        try {
          await hooks.beforeCall(write);
        } catch (error) {
          throw new NotMine(error);
        }
      },
    };
    try {
      const value = await logIn(shared);
      kept = { value };
      return value;
    } catch (error) {
      if (error instanceof TurnupError && error.class === 'auth') refuse(error);
      throw error;
    }
  }

  return {
    refuse,
    expire(used) {
      if (kept?.value === used) kept = null;
    },
    async get(hooks) {
      for (;;) {
        throwIfRefused();
        if (kept) return kept.value;
        const joined = flight !== null;
        flight ??= begin(hooks).finally(() => {
          flight = null;
        });
        try {
          return await flight;
        } catch (error) {
          if (!(error instanceof NotMine)) throw error;
          if (!joined) throw error.cause;
        }
      }
    },
  };
}
