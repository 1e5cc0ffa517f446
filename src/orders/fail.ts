import type { Attempt } from './begin.ts';
import { FENCE, orderScript, runOrderScript, STANDSTILL, type Store } from './lua.ts';
import type { JournaledCall } from './outcome.ts';
import type { StepFailure } from './record.ts';

export interface FailInput extends Attempt {
  failure: StepFailure;
  /** No further attempt by itself: the step waits for a person. */
  final: boolean;
  /** When the next attempt comes, in ms from now; only when not final. */
  retryInMs?: number;
  calls: readonly JournaledCall[];
}

/* ARGV: 3 run, 4 direction, 5 step, 6 token, 7 final, 8 failure, 9 detail */
const FAIL = orderScript(`${FENCE}${STANDSTILL}
local step = ARGV[5]
local S = 's:' .. step .. ':'
if fenced(ARGV[3], ARGV[4]) or get(S .. 'l') ~= ARGV[6] then return 0 end
redis.call('HDEL', K, S .. 'l', S .. 'w')
set(S .. 'x', ARGV[8], S .. 'e', now)
if get('lane') == step then redis.call('HDEL', K, 'lane') end
if ARGV[7] == '1' then
  set(S .. 'st', 'failed')
  redis.call('HINCRBY', K, 'failed', 1)
  if get('error') == '' then set('error', step) end
  journal('stepFailed', step, 'turnup', ARGV[9])
  holdAtStandstill()
else
  set(S .. 'st', 'waiting')
  journal('stepWillRetry', step, 'turnup', ARGV[9])
end
return 1
`);

/** Records a failed attempt and hands its lease back. False when the attempt held it no longer. */
export async function failStep(store: Store, input: FailInput): Promise<boolean> {
  const detail = {
    ...input.failure,
    ...(input.retryInMs !== undefined && { retryInMs: input.retryInMs }),
    ...(input.calls.length > 0 && { calls: input.calls }),
  };
  const args = [
    ...[input.run, input.direction, input.step, input.token, input.final ? 1 : 0],
    ...[JSON.stringify(input.failure), JSON.stringify(detail)],
  ];
  return (await runOrderScript(store, FAIL, input.order, args)) === 1;
}
