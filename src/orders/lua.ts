import type { Redis } from 'ioredis';
import { TurnupError } from '../errors/index.ts';
import type { KeyScheme } from '../redis/keys.ts';
import { defineScript, runScript, type Script } from '../redis/script.ts';
import { isRedisUnable } from '../redis/unable.ts';

export interface Store {
  readonly redis: Redis;
  readonly keys: KeyScheme;
  /** Names of the configured clients: under these an externalId may be found. */
  readonly clients: readonly string[];
}

/**
 * What every order script starts with. All keys share the hash tag of KEYS[1] (the order), so building the others
 * from ARGV[1] is safe in a cluster. Times are the Redis server's, the one clock all workers share.
 */
const PRELUDE = `
local P, id = ARGV[1], ARGV[2]
local K = KEYS[1]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local function get(field) return redis.call('HGET', K, field) or '' end
local function set(...) redis.call('HSET', K, ...) end
local function journal(kind, step, by, detail)
  redis.call('XADD', P .. ':journal:' .. id, '*', 't', kind, 's', step, 'b', by, 'd', detail)
end
local function moveState(to, by, why)
  local from = get('state')
  if from == to then return end
  set('state', to)
  local target = get('target')
  if from ~= '' then
    redis.call('ZREM', P .. ':ix:state:' .. from, id)
    redis.call('HINCRBY', P .. ':counts', target .. ' ' .. from, -1)
  end
  redis.call('ZADD', P .. ':ix:state:' .. to, 0, id)
  redis.call('HINCRBY', P .. ':counts', target .. ' ' .. to, 1)
  journal('state', '', by, cjson.encode({ from = from, to = to, why = why }))
end
`;

/** Which steps an undo has to bring back: those that created or changed, and those of which nobody knows. */
export const TO_UNDO = `
local function toUndo(step)
  local S = 's:' .. step .. ':'
  local state, outcome = get(S .. 'st'), get(S .. 'o')
  if state == 'undone' or state == 'skipped' then return false end
  -- An amendment leaves it as it is.
  if get(S .. 'h') == '1' then return false end
  if outcome ~= '' then return outcome == 'created' or outcome == 'changed' end
  return get(S .. 'i') ~= ''
end
local function rememberFirstError()
  local step = get('error')
  if step ~= '' then set('firstError', step, 'firstFailure', get('s:' .. step .. ':x')) end
end
local function anyActive(plan)
  for _, step in ipairs(plan) do
    if get('s:' .. step.id .. ':st') == 'active' then return true end
  end
  return false
end
local function pivotPassed(plan)
  for _, step in ipairs(plan) do
    if step.class == 'pivot' then
      local state = get('s:' .. step.id .. ':st')
      if state == 'done' or state == 'active' or get('s:' .. step.id .. ':i') ~= '' then return step.id end
    end
  end
  return nil
end
local function firstFailed(plan)
  for _, step in ipairs(plan) do
    if get('s:' .. step.id .. ':st') == 'failed' then return step.id end
  end
  return ''
end
-- A held order names a step that is failed, also after others of several were retried or done by hand.
local function nameError(plan)
  local named = get('error')
  if named == '' or get('s:' .. named .. ':st') ~= 'failed' then set('error', firstFailed(plan)) end
end
-- In an undo "failed" means that the undo of the step failed.
local function forgetFailures(plan, to)
  for _, step in ipairs(plan) do
    local S = 's:' .. step.id .. ':'
    if get(S .. 'st') == 'failed' then set(S .. 'st', to, S .. 'a', 0) end
  end
  set('failed', 0)
end
`;

/**
 * For scripts that end an attempt: is there anything left of this order that can run without a person? If not, the
 * order is held, or turned round where it asked for that.
 */
export const STANDSTILL = `${TO_UNDO}
local function atStandstill(plan)
  local stuck = {}
  for _, step in ipairs(plan) do
    local state = get('s:' .. step.id .. ':st')
    if state == 'failed' then stuck[step.id] = true
    elseif state ~= 'done' and state ~= 'skipped' then
      if step.after and step.after ~= cjson.null and stuck[step.after] then stuck[step.id] = true
      else return false end
    end
  end
  return true
end
local function undoAtStandstill(plan)
  local stuck = {}
  for at = #plan, 1, -1 do
    local step = plan[at]
    if get('s:' .. step.id .. ':st') == 'failed' then stuck[step.id] = true end
    if toUndo(step.id) and not stuck[step.id] then return false end
    if stuck[step.id] and step.after and step.after ~= cjson.null then stuck[step.after] = true end
  end
  return true
end
-- What can be done again until it is done is no reason to take back what went well.
local function asksForUndo(plan)
  if get('onFailure') ~= 'undo' or pivotPassed(plan) then return false end
  for _, step in ipairs(plan) do
    if step.class ~= 'retriable' and get('s:' .. step.id .. ':st') == 'failed' then return true end
  end
  return false
end
local function holdAtStandstill()
  if tonumber(get('failed')) == 0 then return '' end
  local plan = cjson.decode(get('plan'))
  if get('dir') == 'u' then
    if undoAtStandstill(plan) then
      nameError(plan)
      moveState('held', 'turnup', 'an undo step failed and nothing else can run')
    end
    return ''
  end
  if not atStandstill(plan) then return '' end
  nameError(plan)
  if asksForUndo(plan) then
    rememberFirstError()
    set('dir', 'u', 'goal', 'failed')
    forgetFailures(plan, 'waiting')
    journal('undoing', '', 'turnup', cjson.encode({ why = 'onFailure', firstError = get('firstError') }))
    return 'turned'
  end
  moveState('held', 'turnup', 'a step failed and nothing else can run')
  return ''
end
`;

/**
 * Which attempts may still write to the record: the fence (I7) and the lease (DESIGN §5.6). An attempt whose order was
 * turned round while it was under way may still report what it did, so that the undo knows.
 */
export const FENCE = `
local function over()
  local state = get('state')
  return state == 'completed' or state == 'partial' or state == 'failed' or state == 'cancelled'
end
local function fenced(run, dir)
  return get('run') ~= run or get('dir') ~= dir or over()
end
local function turnedRound(run, dir)
  return get('run') == run and dir == 'f' and get('dir') == 'u' and not over()
end
`;

/** Ends an order. Only now the time runs after which its externalId and Idempotency-Key may be used anew. */
export const END = `
local function eachName(act)
  local names = { P .. ':idem:' .. get('client') .. ':e:' .. get('ext') }
  if get('idemKey') ~= '' then names[2] = P .. ':idem:' .. get('client') .. ':k:' .. get('idemKey') end
  for _, name in ipairs(names) do
    if string.sub(redis.call('GET', name) or '', 1, #id) == id then act(name) end
  end
end
local function endOrder(to, by, why)
  set('completed', now)
  moveState(to, by, why)
  redis.call('ZREM', P .. ':live', id)
  redis.call('ZREM', P .. ':scheduled', id)
  redis.call('ZREM', P .. ':deadlines', id)
  redis.call('ZADD', P .. ':settled', now, id)
  eachName(function(name) redis.call('PEXPIRE', name, get('idemMs')) end)
  -- What of it is on the target now is still to be entered in the ledger; a crash must not lose that.
  if (to == 'completed' or to == 'partial') and get('customer') ~= '' then
    set('unfolded', '1')
    redis.call('RPUSH', P .. ':unfolded', id)
  end
end
`;

/** After a lease was confirmed a write may begin for this long without asking again, in ms. */
export const LEASE_TRUSTED_MS = 1_000;

/** How long after a takeover somebody looks whether the attempt that vanished came back and made something, in ms. */
export const LEFTOVER_MS = 5_000;

/** The lease of a step that was handed over, until somebody other than the first at its job asks. */
export const HANDED_OVER = 'next';

/**
 * Taking the lease of a step is what begins it: attempts count, the order goes on, the journal says so. Attempts that
 * only look never take one, so that a crash while looking leaves nothing behind.
 */
export const LEASE = `
local function goOn()
  if get('started') == '' then set('started', now) end
  local state = get('state')
  if state == 'acknowledged' or state == 'pending' or state == 'held' then
    moveState(get('goal') == 'cancelled' and 'pendingCancellation' or 'inProgress', 'turnup',
      state == 'held' and 'a failed step runs again' or nil)
  end
end
local function countAttempt(step, dir)
  local S = 's:' .. step .. ':'
  local state = get(S .. 'st')
  if state == 'failed' then
    redis.call('HINCRBY', K, 'failed', -1)
    if dir == 'f' and get('error') == step then redis.call('HDEL', K, 'error') end
    set(S .. 'a', 0)
  elseif dir == 'u' and state ~= 'undoing' then set(S .. 'a', 0) end
  set(S .. 'st', dir == 'f' and 'active' or 'undoing', S .. 'b', now)
  goOn()
  return redis.call('HINCRBY', K, S .. 'a', 1)
end
-- A lease is taken away from an attempt that vanished. Should it come back after all, it is known to have written.
-- Whoever has a step that was handed over need not have said when it began to write: from now on it may end its write.
-- Gives whether a write may be under way.
local function takeAway(step)
  local S = 's:' .. step .. ':'
  local lease = get(S .. 'l')
  if lease == '' then return false end
  local unsaid = lease == '${HANDED_OVER}' and get(S .. 'n') == ''
  if unsaid then set(S .. 'w', now) end
  if get(S .. 'i') == 'absent' then redis.call('ZADD', P .. ':leftovers', now + ${LEFTOVER_MS}, id .. ' ' .. get('run') .. ' ' .. step) end
  set(S .. 'z', get(S .. 'z') .. ' ' .. lease .. ' ')
  redis.call('HDEL', K, S .. 'l', S .. 'n')
  return unsaid
end
local function wasTakenAway(step, token)
  return string.find(get('s:' .. step .. ':z'), ' ' .. token .. ' ', 1, true) ~= nil
end
local function freeLease(step)
  local S = 's:' .. step .. ':'
  redis.call('HDEL', K, S .. 'l', S .. 'w', S .. 'n')
  if get('lane') == step then redis.call('HDEL', K, 'lane') end
end
`;

/** What an attempt is told of its step; read by `readAssignment`. ARGV from `first` on are the needs. */
export const ASSIGNMENT = `
local function assignmentOf(step, item, attempt, before, blind, token, first)
  local S = 's:' .. step .. ':'
  local reply = { tostring(attempt), get('ext'), get('client'), get('body'), item ~= '' and get('body:' .. item) or '',
    get('secrets'), before, get('deadline'), get(S .. 'o'), get(S .. 'r'),
    tostring(redis.call('EXISTS', P .. ':breaker:' .. get('target'))), blind and '1' or '0', token, get('base') }
  for i = first, #ARGV do
    local N = 's:' .. ARGV[i] .. ':'
    reply[#reply + 1] = ARGV[i]
    reply[#reply + 1] = get(N .. 'st') == 'skipped' and 'skipped' or get(N .. 'o')
    reply[#reply + 1] = get(N .. 'r')
  end
  return reply
end
`;

export function orderScript(lua: string): Script {
  return defineScript(PRELUDE + lua);
}

/**
 * Runs an order script with ARGV[1] = key prefix, ARGV[2] = order id, then `args`.
 * Throws `TURNUP_STORE_UNAVAILABLE` when Redis cannot be reached; script faults pass through.
 */
export async function runOrderScript(
  store: Store,
  script: Script,
  id: string,
  args: readonly (string | number)[],
): Promise<unknown> {
  return whileStoreIsThere(() => runScript(store.redis, script, store.keys.order(id), [store.keys.own, id, ...args]));
}

const REPLY_ERROR = 'ReplyError';
/** Faults of our own code: no retry by the caller mends them. */
const OURS = [TypeError, SyntaxError, RangeError, ReferenceError];

/** Translates the loss of Redis, once, for every verb. */
export async function whileStoreIsThere<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TurnupError) throw error;
    if (error instanceof Error && error.name === REPLY_ERROR && !isRedisUnable(error)) throw error;
    if (OURS.some((kind) => error instanceof kind)) throw error;
    throw new TurnupError('TURNUP_STORE_UNAVAILABLE', { cause: error });
  }
}
