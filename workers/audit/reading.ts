import { TurnupError } from '../../src/errors/index.ts';
import type { Target } from '../../src/targets/targets.ts';
import type { EngineObserver } from '../observer.ts';

/** A target as one who only looks sees it. */
export interface Reading {
  readonly client: unknown;
  /** Whether the target answered any call properly, be it with a refusal. */
  answered(): boolean;
}

/** Calls count against the target's rate; a write is a fault of ours and never goes out. */
export function readTarget(
  target: Target,
  observer: Pick<EngineObserver, 'platformCall'>,
  signal: AbortSignal,
): Reading {
  let isAnswered = false;
  const client = target.connection().bind({
    signal,
    async beforeCall(write) {
      signal.throwIfAborted();
      if (write) throw new TurnupError('TURNUP_INTERNAL', { detail: 'an audit only reads' });
      await target.takeCall(signal);
    },
    afterCall(call) {
      isAnswered ||= call.outcome === 'ok' || call.outcome === 'refused';
      observer.platformCall(target.name, call);
    },
  });
  return { client, answered: () => isAnswered };
}
