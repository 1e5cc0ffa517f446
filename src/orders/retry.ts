import { END, orderScript, runOrderScript, type Store } from './lua.ts';
import { aheadOf, BEHIND, MAILBOXES, REENTER_MAILBOX } from './mailbox.ts';
import type { OrderState } from './states.ts';

export type Retried =
  /** A failed and undone order starts again as a new run; `head`: its jobs may be added now. */
  | { kind: 'replayed'; run: number; head: boolean }
  | { kind: 'retried'; steps: string[]; run: number; direction: 'f' | 'u' }
  | { kind: 'refused'; state: OrderState; reason: string }
  | { kind: 'missing' };

/* ARGV: 3 by, from 4 the steps to retry (none = all failed ones) */
const RETRY = orderScript(`${END}${MAILBOXES}${REENTER_MAILBOX}${BEHIND}
local state, dir = get('state'), get('dir')
if state == '' then return { 'missing' } end
local plan = cjson.decode(get('plan'))

if state == 'failed' and dir == 'u' and get('closed') ~= '1' then
  local run = redis.call('HINCRBY', K, 'run', 1)
  for _, step in ipairs(plan) do
    local S = 's:' .. step.id .. ':'
    redis.call('HDEL', K, S .. 'st', S .. 'o', S .. 'a', S .. 'b', S .. 'e', S .. 'r', S .. 'x', S .. 'i', S .. 'l', S .. 'w', S .. 'n', S .. 't', S .. 'c', S .. 'z', S .. 'h')
  end
  redis.call('HDEL', K, 'error', 'firstError', 'firstFailure', 'goal', 'completed', 'started', 'lane', 'parkedBy', 'released', 'base')
  set('dir', 'f', 'left', #plan, 'failed', 0)
  if (tonumber(get('deadline')) or now + 1) <= now then set('pastDeadline', '1') end
  journal('replayed', '', ARGV[3], cjson.encode({ run = run }))
  redis.call('ZREM', P .. ':settled', id)
  eachName(function(name) redis.call('PERSIST', name) end)
  redis.call('ZADD', P .. ':live', now + 30000, id)
  local isHead = enterBoxes()
  moveState(isHead and 'acknowledged' or 'pending', ARGV[3], 'replayed')
  return { 'replayed', tostring(run), isHead and '1' or '0' }
end

local wanted = {}
for i = 4, #ARGV do wanted[ARGV[i]] = true end
local steps = {}
for _, step in ipairs(plan) do
  if get('s:' .. step.id .. ':st') == 'failed' and (#ARGV < 4 or wanted[step.id]) then steps[#steps + 1] = step.id end
end
-- The dashboard names one failed step; siblings of it may be under way still.
if (state ~= 'held' and (state ~= 'inProgress' or #ARGV < 4)) or #steps == 0 then return { 'refused', state } end
local ahead = reenterMailbox()
if ahead then return { 'refused', state, ahead } end
for _, step in ipairs(steps) do
  local S = 's:' .. step .. ':'
  set(S .. 'st', dir == 'f' and 'waiting' or 'undoing', S .. 'a', 0)
  redis.call('HINCRBY', K, 'failed', -1)
end
redis.call('HDEL', K, 'error')
if (tonumber(get('deadline')) or now + 1) <= now then set('pastDeadline', '1') end
journal('retried', '', ARGV[3], cjson.encode({ steps = steps }))
-- An order that was held while it waited for its turn waits on.
moveState(isBehind() and 'pending' or get('goal') == 'cancelled' and 'pendingCancellation' or 'inProgress', ARGV[3], 'retried')
redis.call('ZADD', P .. ':live', now + 30000, id)
local reply = { 'retried', get('run'), dir }
for _, step in ipairs(steps) do reply[#reply + 1] = step end
return reply
`);

/**
 * Lets a held order go on: its failed steps may run again with fresh attempts (I9). A failed order that was undone
 * starts again as its next run. Adds and moves no job.
 */
export async function retryOrder(
  store: Store,
  id: string,
  by: string,
  steps: readonly string[] = [],
): Promise<Retried> {
  const [kind, ...rest] = (await runOrderScript(store, RETRY, id, [by, ...steps])) as string[];
  if (kind === 'missing') return { kind };
  if (kind === 'refused') {
    const [state, ahead] = rest as [OrderState, string?];
    const reason = ahead
      ? aheadOf(ahead)
      : `The order is ${state}; only a held order, or a failed one that was undone, can be retried.`;
    return { kind, state, reason };
  }
  if (kind === 'replayed') {
    return { kind, run: Number(rest[0]), head: rest[1] === '1' };
  }
  const [run, direction, ...retried] = rest;
  return { kind: 'retried', run: Number(run), direction: direction as 'f' | 'u', steps: retried };
}
