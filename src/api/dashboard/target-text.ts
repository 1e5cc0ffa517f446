import type { BreakerView } from '../../targets/breaker.ts';

const clockTime = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;

/** What a person on the board must know of a target's queue; empty when it goes on as it should. */
export function targetText(breaker: BreakerView, throttledUntil: string | null): string {
  const { state, since, until, reason, by } = breaker;
  if (state === 'closed') {
    return throttledUntil === null ? '' : `The target asked for no calls until ${clockTime(throttledUntil)}.`;
  }
  const what = state === 'open' ? 'Parked' : 'Tried with one step at a time, parked';
  const why = reason === null ? '' : `: ${reason.title}${reason.detail ? ` (${reason.detail})` : ''}`;
  const end = until === null ? ', until a person closes the breaker' : `, next try ${clockTime(until)}`;
  return `${what} since ${since === null ? 'a while' : clockTime(since)} by ${by ?? 'turnup'}${why}${end}.`;
}
