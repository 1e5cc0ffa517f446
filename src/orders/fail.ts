import type { Attempt } from './begin.ts';
import { EVIDENCE, type SealedEvidence } from './evidence.ts';
import { FENCE, LEASE, orderScript, runOrderScript, STANDSTILL, type Store } from './lua.ts';
import type { JournaledCall } from './outcome.ts';
import type { StepFailure } from './record.ts';

export interface FailInput extends Attempt {
  failure: StepFailure;
  /** No further attempt by itself: the step waits for a person. */
  final: boolean;
  /** When the next attempt comes, in ms from now; only when not final. */
  retryInMs?: number;
  calls: readonly JournaledCall[];
  /** What the target answered, where nobody knows what it means. */
  evidence?: SealedEvidence;
}

/* ARGV: 3 run, 4 direction, 5 step, 6 token, 7 final, 8 failure, 9 detail, 10 key id or '', 11 evidence or '' */
const FAIL = orderScript(`${FENCE}${STANDSTILL}${LEASE}${EVIDENCE}
local step = ARGV[5]
local S = 's:' .. step .. ':'
local turned = turnedRound(ARGV[3], ARGV[4])
local lease, state = get(S .. 'l'), get(S .. 'st')
-- The command was sent again after a lost connection.
if get(S .. 't') == ARGV[6] then return 'failed' end
if (fenced(ARGV[3], ARGV[4]) and not turned) or (lease ~= '' and lease ~= ARGV[6]) then return 'refused' end
if lease == '' then
  if state == 'done' or state == 'skipped' or state == 'undone' or wasTakenAway(step, ARGV[6]) then return 'refused' end
  if not turned then countAttempt(step, ARGV[4]) end
end
freeLease(step)
set(S .. 'x', ARGV[8], S .. 'e', now, S .. 't', ARGV[6])
keepEvidence(step, get(S .. 'a'), ARGV[10], ARGV[11])
if turned then
  set(S .. 'st', 'waiting')
  journal('stepFailed', step, 'turnup', ARGV[9])
  return 'turned'
end
if ARGV[7] == '1' then
  redis.call('HINCRBY', K, 'failed', 1)
  set(S .. 'st', 'failed')
  if get('error') == '' or ARGV[4] == 'u' then set('error', step) end
  journal('stepFailed', step, 'turnup', ARGV[9])
  if holdAtStandstill() == 'turned' then return 'turned' end
else
  set(S .. 'st', ARGV[4] == 'u' and 'undoing' or 'waiting')
  journal('stepWillRetry', step, 'turnup', ARGV[9])
end
return 'failed'
`);

/** `refused`: the attempt held the lease no longer. `turned`: the order is being undone from now on. */
export type Failed = 'failed' | 'refused' | 'turned';

/** Records a failed attempt and hands its lease back. */
export async function failStep(store: Store, input: FailInput): Promise<Failed> {
  const detail = {
    ...input.failure,
    ...(input.retryInMs !== undefined && { retryInMs: input.retryInMs }),
    ...(input.calls.length > 0 && { calls: input.calls }),
    ...(input.evidence && { evidence: 'sealed' }),
  };
  const args = [
    input.run,
    input.direction,
    input.step,
    input.token,
    input.final ? 1 : 0,
    JSON.stringify(input.failure),
    JSON.stringify(detail),
    input.evidence?.keyId ?? '',
    input.evidence?.sealed ?? '',
  ];
  return (await runOrderScript(store, FAIL, input.order, args)) as Failed;
}
