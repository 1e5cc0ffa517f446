import { TurnupError } from '../../src/errors/index.ts';
import type { StepFailure } from '../../src/orders/record.ts';
import { isRedisUnable } from '../../src/redis/unable.ts';

/** Anything thrown, as one of ours: what is not classified is a `bug`. Our own store being away is none of a step's faults. */
export function toTurnupError(error: unknown): TurnupError {
  if (error instanceof TurnupError) return error;
  if (isRedisUnable(error)) return new TurnupError('TURNUP_STORE_UNAVAILABLE', { cause: error });
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new TurnupError('TURNUP_INTERNAL', { detail: detail.slice(0, 500), cause: error });
}

export function toFailure(error: TurnupError): StepFailure {
  const { code, title, hint } = error;
  return { code, title, detail: error.detail ?? null, class: error.class, hint };
}
