import { FENCE, LEASE, orderScript, runOrderScript, STANDSTILL, type Store } from './lua.ts';
import type { StepFailure } from './record.ts';

export interface LoseInput {
  order: string;
  run: number;
  direction: 'f' | 'u';
  step: string;
  failure: StepFailure;
  /** So often the step may lose its job before a person has to look. */
  most: number;
}

/* ARGV: 3 run, 4 direction, 5 step, 6 most, 7 failure */
const LOSE = orderScript(`${FENCE}${STANDSTILL}${LEASE}
local step = ARGV[5]
local S = 's:' .. step .. ':'
local state = get(S .. 'st')
if fenced(ARGV[3], ARGV[4]) then return 0 end
if state == 'done' or state == 'skipped' or state == 'undone' or state == 'failed' then return 0 end
if redis.call('HINCRBY', K, S .. 'q', 1) <= tonumber(ARGV[6]) then return 0 end
redis.call('HDEL', K, S .. 'q')
takeAway(step)
freeLease(step)
redis.call('HINCRBY', K, 'failed', 1)
set(S .. 'st', 'failed', S .. 'x', ARGV[7], S .. 'e', now)
if get('error') == '' or ARGV[4] == 'u' then set('error', step) end
goOn()
journal('stepFailed', step, 'turnup', ARGV[7])
holdAtStandstill()
return 1
`);

/**
 * A step whose job failed without our code telling why. Gives whether it happened so often that the step is failed now and
 * waits for a person, instead of going round for ever (I2).
 */
export async function loseStepJob(store: Store, input: LoseInput): Promise<boolean> {
  const { run, direction, step, most, failure } = input;
  const args = [run, direction, step, most, JSON.stringify(failure)];
  return (await runOrderScript(store, LOSE, input.order, args)) === 1;
}
