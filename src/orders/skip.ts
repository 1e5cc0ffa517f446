import { orderScript, runOrderScript, STANDSTILL, type Store } from './lua.ts';
import { aheadOf, BEHIND, MAILBOXES, REENTER_MAILBOX } from './mailbox.ts';
import type { OrderState, StepState } from './states.ts';

export type Skipped =
  | { kind: 'skipped'; run: number; direction: 'f' | 'u' }
  | { kind: 'refused'; reason: string }
  | { kind: 'missing' };

/* ARGV: 3 by, 4 step, 5 reason, 6 result */
const SKIP = orderScript(`${STANDSTILL}${MAILBOXES}${REENTER_MAILBOX}${BEHIND}
local state = get('state')
if state == '' then return { 'missing' } end
local step = ARGV[4]
local S = 's:' .. step .. ':'
local is = get(S .. 'st')
if state ~= 'held' or is ~= 'failed' then return { 'refused', state, is } end
local ahead = reenterMailbox()
if ahead then return { 'refused', state, is, ahead } end
local dir = get('dir')
set(S .. 'st', dir == 'f' and 'skipped' or 'undone', S .. 'e', now)
if dir == 'f' then
  set(S .. 'r', ARGV[6])
  redis.call('HINCRBY', K, 'left', -1)
end
redis.call('HDEL', K, S .. 'x', S .. 'l', S .. 'w')
redis.call('HINCRBY', K, 'failed', -1)
journal('skipped', step, ARGV[3], '{"reason":' .. cjson.encode(ARGV[5]) .. ',"result":' .. ARGV[6] .. '}')
local plan = cjson.decode(get('plan'))
local failed = tonumber(get('failed'))
if failed == 0 or (dir == 'f' and not atStandstill(plan)) or (dir == 'u' and not undoAtStandstill(plan)) then
  moveState(isBehind() and 'pending' or get('goal') == 'cancelled' and 'pendingCancellation' or 'inProgress', ARGV[3],
    step .. ' was done by hand')
end
nameError(plan)
redis.call('ZADD', P .. ':live', now + 5000, id)
return { 'skipped', get('run'), dir }
`);

/** Records that a person did a failed step by hand; `result` is what later steps need of it. */
export async function skipStep(
  store: Store,
  id: string,
  step: string,
  by: string,
  reason: string,
  result: Record<string, unknown>,
): Promise<Skipped> {
  const reply = (await runOrderScript(store, SKIP, id, [by, step, reason, JSON.stringify(result)])) as string[];
  const [kind, first, second, ahead] = reply;
  if (kind === 'skipped') return { kind, run: Number(first), direction: second as 'f' | 'u' };
  if (kind !== 'refused') return { kind: 'missing' };
  if (ahead) return { kind, reason: aheadOf(ahead) };
  const [state, is] = [first as OrderState, (second || 'waiting') as StepState];
  return {
    kind,
    reason:
      state === 'held' ? `Step ${step} is ${is}; only a failed one is skipped.` : `The order is ${state}, not held.`,
  };
}
