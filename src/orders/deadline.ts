import { TurnupError } from '../errors/index.ts';
import { serverTime } from './archive.ts';
import {
  FENCE,
  HANDED_OVER,
  LEASE,
  LEASE_TRUSTED_MS,
  orderScript,
  runOrderScript,
  STANDSTILL,
  whileStoreIsThere,
  type Store,
} from './lua.ts';
import type { StepFailure } from './record.ts';

/**
 * `held`: the order waits for a person, and so does whoever asked when it is done. `turned`: it is being undone, as it
 * asked for. `busy`: a step is at work and may still finish; look again soon. `none`: there was nothing to stop.
 */
export type Overdue = 'held' | 'turned' | 'busy' | 'none';

/** Ids of orders whose deadline has passed and that nothing has stopped yet. */
export async function dueDeadlines(store: Store, limit: number): Promise<string[]> {
  return whileStoreIsThere(async () =>
    store.redis.zrangebyscore(store.keys.deadlines(), 0, await serverTime(store), 'LIMIT', 0, limit),
  );
}

/** How long a step at work is left alone before it is looked at again, in ms. */
const LOOK_AGAIN_MS = 1_000;

/*
 * ARGV: 3 failure, 4 how long a write may go on, in ms, from 5 the steps whose jobs somebody has in hand.
 * Stops every step that could run next; a step cannot say so itself while its queue is parked. A lease whose holder
 * nobody has in hand and whose last write must have ended is nobody's.
 */
const HOLD_OVERDUE = orderScript(`${FENCE}${STANDSTILL}${LEASE}
local due = P .. ':deadlines'
local deadline = tonumber(get('deadline'))
local state = get('state')
if not deadline or over() or state == 'held' or get('dir') ~= 'f' or get('pastDeadline') ~= '' then
  redis.call('ZREM', due, id)
  return 'none'
end
if deadline > now then
  redis.call('ZADD', due, deadline, id)
  return 'none'
end
local inHand = {}
for at = 5, #ARGV do inHand[ARGV[at]] = true end
local plan, next = cjson.decode(get('plan')), {}
local busy = state == 'pending' and get('mailed') ~= '1'
for _, step in ipairs(plan) do
  local S = 's:' .. step.id .. ':'
  local is = get(S .. 'st')
  local before = step.after and step.after ~= cjson.null and get('s:' .. step.after .. ':st') or 'done'
  if (is == '' or is == 'waiting' or is == 'active') and (before == 'done' or before == 'skipped') then
    local lease, written = get(S .. 'l'), tonumber(get(S .. 'w'))
    if inHand[step.id] then busy = true
    elseif lease ~= '' and lease ~= '${HANDED_OVER}' and written and written + tonumber(ARGV[4]) > now then busy = true
    else next[#next + 1] = step.id end
  end
end
if busy then
  redis.call('ZADD', due, now + ${LOOK_AGAIN_MS}, id)
  return 'busy'
end
redis.call('ZREM', due, id)
if #next == 0 then return 'none' end
for _, step in ipairs(next) do
  local S = 's:' .. step .. ':'
  if not takeAway(step) then redis.call('HDEL', K, S .. 'w') end
  if get('lane') == step then redis.call('HDEL', K, 'lane') end
  set(S .. 'st', 'failed', S .. 'x', ARGV[3], S .. 'e', now)
  redis.call('HINCRBY', K, 'failed', 1)
  if get('error') == '' then set('error', step) end
  journal('stepFailed', step, 'turnup', ARGV[3])
end
return holdAtStandstill() == 'turned' and 'turned' or 'held'
`);

/**
 * Stops an order whose deadline has passed while it waits: for its turn, for its target, for its next attempt.
 * @param inHand steps whose jobs a worker has at the moment: those find out themselves
 */
export async function holdOverdue(
  store: Store,
  id: string,
  writeTimeoutMs: number,
  inHand: readonly string[],
): Promise<Overdue> {
  const { code, title, class: errorClass, hint } = new TurnupError('TURNUP_DEADLINE_PASSED');
  const failure: StepFailure = { code, title, detail: null, class: errorClass, hint };
  return (await runOrderScript(store, HOLD_OVERDUE, id, [
    JSON.stringify(failure),
    writeTimeoutMs + LEASE_TRUSTED_MS,
    ...inHand,
  ])) as Overdue;
}
