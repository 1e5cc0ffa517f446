import type { Attempt } from './begin.ts';
import { KEY_USE } from './key-use.ts';
import { FENCE, LEASE, orderScript, runOrderScript, type Store } from './lua.ts';
import type { JournaledCall } from './outcome.ts';

export interface IntendInput extends Attempt {
  /** What is about to be done; must hold no clear secret. The first intent of a run stays: undo needs its before-image. */
  intent: string;
  /** Under which it is sealed; left out: it needs none. */
  keyId?: string;
  /** For the journal: `create` or `change`. */
  verb: 'create' | 'change';
  /** Name of the worker process. */
  worker?: string;
  calls: readonly JournaledCall[];
}

/* ARGV: 3 run, 4 direction, 5 step, 6 token, 7 intent, 8 detail without its opening brace, 9 key id or '' */
const INTEND = orderScript(`${FENCE}${LEASE}${KEY_USE}
local step, token = ARGV[5], ARGV[6]
local S = 's:' .. step .. ':'
local lease, state = get(S .. 'l'), get(S .. 'st')
if fenced(ARGV[3], ARGV[4]) or (lease ~= '' and lease ~= token) then return 0 end
if lease == '' then
  if state == 'done' or state == 'skipped' then return 0 end
  local attempt = countAttempt(step, ARGV[4])
  if redis.call('HSETNX', K, S .. 'i', ARGV[7]) == 1 then useKeyForIntents(ARGV[9]) end
  set(S .. 'l', token)
  journal('stepStarted', step, 'turnup', '{"attempt":' .. attempt .. ',' .. ARGV[8])
end
set(S .. 'w', now)
return 1
`);

/* ARGV: 3 run, 4 direction, 5 step, 6 token */
const CONFIRM = orderScript(`${FENCE}
local S = 's:' .. ARGV[5] .. ':'
if fenced(ARGV[3], ARGV[4]) or get(S .. 'l') ~= ARGV[6] then return 0 end
set(S .. 'w', now)
return 1
`);

/**
 * Takes the lease and writes down what the attempt is about to do, in one step. False when another attempt holds the
 * lease, the step is done, or another run or direction rules: then nothing may be written to the target.
 */
export async function intendStep(store: Store, input: IntendInput): Promise<boolean> {
  const { worker, verb, calls } = input;
  const detail = JSON.stringify({ worker, intent: verb, ...(calls.length > 0 && { calls }) }).slice(1);
  const args = [input.run, input.direction, input.step, input.token, input.intent, detail, input.keyId ?? ''];
  return (await runOrderScript(store, INTEND, input.order, args)) === 1;
}

/** Whether the attempt still holds its lease; asked before a write. */
export async function confirmLease(store: Store, attempt: Attempt): Promise<boolean> {
  const args = [attempt.run, attempt.direction, attempt.step, attempt.token];
  return (await runOrderScript(store, CONFIRM, attempt.order, args)) === 1;
}
