import type { Attempt } from './begin.ts';
import { orderScript, runOrderScript, type Store } from './lua.ts';
import type { JournaledCall } from './outcome.ts';
import type { StepFailure } from './record.ts';

export interface ParkInput extends Attempt {
  target: string;
  failure: StepFailure;
  calls: readonly JournaledCall[];
}

/* ARGV: 3 step, 4 token, 5 target, 6 detail, 7 whether there were calls: every one is told (I10) */
const PARK = orderScript(`
local step = ARGV[3]
local S = 's:' .. step .. ':'
if get(S .. 'l') ~= ARGV[4] then return 0 end
redis.call('HDEL', K, S .. 'l', S .. 'w')
redis.call('HINCRBY', K, S .. 'a', -1)
local state = get(S .. 'st')
if state ~= 'undoing' then set(S .. 'st', 'waiting') end
if get('lane') == step then redis.call('HDEL', K, 'lane') end
if get('parkedBy') ~= ARGV[5] or ARGV[7] == '1' then
  set('parkedBy', ARGV[5])
  journal('parked', step, 'turnup', ARGV[6])
end
return 1
`);

/** Hands the lease back without counting the attempt: the target is away, not the order at fault (I6). */
export async function parkStep(store: Store, input: ParkInput): Promise<boolean> {
  const detail = { target: input.target, ...input.failure, ...(input.calls.length > 0 && { calls: input.calls }) };
  const args = [input.step, input.token, input.target, JSON.stringify(detail), input.calls.length > 0 ? 1 : 0];
  return (await runOrderScript(store, PARK, input.order, args)) === 1;
}
