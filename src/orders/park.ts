import type { Attempt } from './begin.ts';
import { FENCE, LEASE, orderScript, runOrderScript, type Store } from './lua.ts';
import type { JournaledCall } from './outcome.ts';
import type { StepFailure } from './record.ts';

export interface ParkInput extends Attempt {
  target: string;
  failure: StepFailure;
  calls: readonly JournaledCall[];
}

/* ARGV: 3 run, 4 direction, 5 step, 6 token, 7 target, 8 detail, 9 whether there were calls: every one is told (I10) */
const PARK = orderScript(`${FENCE}${LEASE}
local step = ARGV[5]
local S = 's:' .. step .. ':'
local lease, state = get(S .. 'l'), get(S .. 'st')
if lease ~= '' and lease ~= ARGV[6] then return 0 end
if lease == ARGV[6] then
  freeLease(step)
  redis.call('HINCRBY', K, S .. 'a', -1)
  if state ~= 'undoing' then set(S .. 'st', 'waiting') end
elseif fenced(ARGV[3], ARGV[4]) or wasTakenAway(step, ARGV[6]) then return 0
elseif state == 'done' or state == 'skipped' or state == 'undone' then return 0
else
  -- It only looked. A step that had failed runs again from now on.
  if get('lane') == step then redis.call('HDEL', K, 'lane') end
  if state == 'failed' then
    countAttempt(step, ARGV[4])
    set(S .. 'st', ARGV[4] == 'u' and 'undoing' or 'waiting', S .. 'a', 0)
  end
end
goOn()
if get('parkedBy') ~= ARGV[7] or ARGV[9] == '1' then
  set('parkedBy', ARGV[7])
  journal('parked', step, 'turnup', ARGV[8])
end
return 1
`);

/* ARGV: 3 target, 4 detail, 5 whether no worker serves the target */
const NOTE_PARKED = orderScript(`${FENCE}
if over() or get('state') == '' or get('state') == 'held' or get('parkedBy') == ARGV[3] then return 0 end
set('parkedBy', ARGV[3])
if ARGV[5] == '1' then set('unserved', 1) end
journal('parked', '', 'turnup', ARGV[4])
return 1
`);

/**
 * Tells once in the journal of an order that has not tried itself that its target is away (I10).
 * @param unserved no worker has the target in its configuration: there is no breaker that would say so
 */
export async function noteParked(
  store: Store,
  id: string,
  target: string,
  why: { code: string; title: string; detail: string | null; by: string | null },
  unserved = false,
): Promise<boolean> {
  const args = [target, JSON.stringify({ target, ...why }), unserved ? 1 : 0];
  return (await runOrderScript(store, NOTE_PARKED, id, args)) === 1;
}

/** Hands the lease back without counting the attempt: the target is away, not the order at fault (I6). */
export async function parkStep(store: Store, input: ParkInput): Promise<boolean> {
  const detail = { target: input.target, ...input.failure, ...(input.calls.length > 0 && { calls: input.calls }) };
  const { run, direction, step, token, target, calls } = input;
  const args = [run, direction, step, token, target, JSON.stringify(detail), calls.length > 0 ? 1 : 0];
  return (await runOrderScript(store, PARK, input.order, args)) === 1;
}
