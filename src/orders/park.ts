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
elseif fenced(ARGV[3], ARGV[4]) then return 0
elseif get('lane') == step then redis.call('HDEL', K, 'lane') end
goOn()
if get('parkedBy') ~= ARGV[7] or ARGV[9] == '1' then
  set('parkedBy', ARGV[7])
  journal('parked', step, 'turnup', ARGV[8])
end
return 1
`);

/** Hands the lease back without counting the attempt: the target is away, not the order at fault (I6). */
export async function parkStep(store: Store, input: ParkInput): Promise<boolean> {
  const detail = { target: input.target, ...input.failure, ...(input.calls.length > 0 && { calls: input.calls }) };
  const { run, direction, step, token, target, calls } = input;
  const args = [run, direction, step, token, target, JSON.stringify(detail), calls.length > 0 ? 1 : 0];
  return (await runOrderScript(store, PARK, input.order, args)) === 1;
}
