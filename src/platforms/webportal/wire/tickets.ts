import { performance } from 'node:perf_hooks';
import { TurnupError } from '../../../errors/index.ts';
import type { Operation, Profile } from '../profile/model.ts';
import { readAt } from '../profile/pointer.ts';
import type { WireAnswer } from './condition.ts';
import { judgeJob, type Verdict } from './judge.ts';
import { WebportalRefusal, type JudgedCall } from './refusal.ts';

export interface Job {
  readonly profile: Profile;
  readonly operation: Operation;
  readonly about: JudgedCall;
  /** The answer that gave the ticket. */
  readonly begun: WireAnswer;
  readonly signal: AbortSignal;
  poll(ticket: string): Promise<WireAnswer>;
  pause(ms: number): Promise<void>;
}

/**
 * Asks after a call that was queued until it is over. Whatever goes wrong with asking, the work may be done all the same.
 *
 * @throws TurnupError what the job failed with; `TURNUP_OUTCOME_UNKNOWN` when that cannot be known
 */
export async function awaitJob({ profile, operation, about, begun, signal, poll, pause }: Job): Promise<Verdict> {
  const { jobs } = profile;
  const ticket = readAt(begun.document, operation.ticket ?? []);
  if (!jobs || (typeof ticket !== 'string' && typeof ticket !== 'number') || ticket === '') {
    throw new WebportalRefusal(profile, about, begun, null);
  }
  const end = performance.now() + jobs.forMs;
  const unknown = (why: string): TurnupError =>
    new TurnupError('TURNUP_OUTCOME_UNKNOWN', { detail: `${operation.name} was queued, and ${why}` });
  for (;;) {
    await pause(jobs.everyMs);
    const answer = await polled(() => poll(String(ticket)), signal);
    if (answer !== null) {
      const result = { ...answer, document: readAt(answer.document, jobs.result) };
      const verdict = judgeJob(profile, operation, about, answer, result);
      if (verdict !== 'pending') return verdict;
    }
    if (performance.now() >= end) throw unknown(`its ticket was not over after ${jobs.forMs / 1000} s`);
  }
}

/** Null where this poll says nothing; the next one may. */
async function polled(ask: () => Promise<WireAnswer>, signal: AbortSignal): Promise<WireAnswer | null> {
  try {
    const answer = await ask();
    return answer.status === 502 || answer.status === 504 ? null : answer;
  } catch (error) {
    if (!signal.aborted && error instanceof TurnupError && error.class === 'transient') return null;
    throw error;
  }
}
