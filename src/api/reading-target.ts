import { TurnupError } from '../errors/index.ts';
import type { Metrics } from '../observability/index.ts';
import type { Target, Targets } from '../targets/targets.ts';
import { ownerName, type Principal } from './auth/principal.ts';
import { asAnswer, withinLimit } from './target-answer.ts';

export interface ReadingDeps {
  readonly targets: Pick<Targets, 'breaker' | 'throttledUntil' | 'failed' | 'succeeded'>;
  readonly metrics: Pick<Metrics, 'platformCall'>;
  /** How long a caller waits, in ms; left out: as long as is usual. */
  readonly limitMs?: number;
}

const RETRY_MS = 30_000;

/** @throws TurnupError `TURNUP_TARGET_PARKED`: nothing may disturb a target that is down or asks for fewer calls (I6) */
async function requireOpen({ targets }: ReadingDeps, name: string): Promise<'closed' | 'halfOpen'> {
  const [{ state, until, reason }, throttledUntil] = await Promise.all([
    targets.breaker(name),
    targets.throttledUntil(name),
  ]);
  if (state === 'open') {
    const retryAfterMs = until === null ? RETRY_MS : Math.max(1000, Date.parse(until) - Date.now());
    throw new TurnupError('TURNUP_TARGET_PARKED', { detail: reason?.title ?? 'its breaker is open', retryAfterMs });
  }
  if (throttledUntil !== null) {
    const retryAfterMs = Math.max(1000, Date.parse(throttledUntil) - Date.now());
    throw new TurnupError('TURNUP_TARGET_PARKED', { detail: 'it asked for fewer calls', retryAfterMs });
  }
  return state;
}

/**
 * Looks at a target for somebody who waits, without ever writing, and counts against its rate.
 *
 * @param who asks
 * @param what is looked at, for operators' rules about errors
 * @throws TurnupError `TURNUP_TARGET_PARKED`; what the target answers, as a caller may see it
 */
export async function readingTarget<T>(
  deps: ReadingDeps,
  target: Target,
  who: Principal,
  what: string,
  work: (client: unknown) => Promise<T>,
): Promise<T> {
  const { targets, metrics, limitMs } = deps;
  const state = await requireOpen(deps, target.name);
  let found: T;
  try {
    found = await withinLimit((signal) => {
      const client = target.connection().bind({
        signal,
        client: ownerName(who),
        beforeCall: async (write) => {
          signal.throwIfAborted();
          if (write) throw new TurnupError('TURNUP_INTERNAL', { detail: `a look at a target (${what}) only reads` });
          await target.takeCall(signal);
        },
        afterCall: (call) => metrics.platformCall(target.name, call),
      });
      return work(client);
    }, limitMs);
  } catch (thrown) {
    if (!(thrown instanceof TurnupError)) throw thrown;
    const error = target.judge(thrown, what);
    // One read that fails is no reason to stop orders; a target that is away or refuses the login is.
    await targets.failed(target.name, error, { answered: true });
    throw asAnswer(error);
  }
  if (state === 'halfOpen') await targets.succeeded(target.name);
  return found;
}
