import { readAssignment, type Assignment } from './assignment.ts';
import {
  ASSIGNMENT,
  FENCE,
  HANDED_OVER,
  LEASE,
  LEASE_TRUSTED_MS,
  orderScript,
  TO_UNDO,
  runOrderScript,
  type Store,
} from './lua.ts';

export interface Attempt {
  order: string;
  run: number;
  direction: 'f' | 'u';
  step: string;
  /** The lease of this attempt; any unique text. */
  token: string;
}

export interface BeginInput extends Attempt {
  item: string | null;
  /** Ids of all steps this one needs, also indirectly. */
  needs: readonly string[];
  /** Whether no other step of the order that is exclusive as well may be active. */
  exclusive: boolean;
  /** Id of a needed step: that it `created` proves that nothing of this one is there. */
  absentAfter?: string | null;
  /** When the job was added, in ms, when this is the first time that anybody starts it; else null. */
  firstOfJob?: number | null;
  /** How long a write of the target may take, in ms: an attempt that vanished may still be at work that long. */
  writeTimeoutMs: number;
  worker: string;
}

export type Begun =
  | { kind: 'go'; assignment: Assignment }
  /** The step is done already: return at once. */
  | { kind: 'done'; outcome: string }
  /** Another run or direction rules, or the order is over (I7). */
  | { kind: 'superseded' }
  /** Steps this one needs that are not done in the record (I11). */
  | { kind: 'needs'; missing: string[] }
  /** An earlier attempt vanished in the middle of a write: come back later. */
  | { kind: 'takeover'; waitMs: number }
  /** Another exclusive step of the order is at work: come back later. */
  | { kind: 'busy'; waitMs: number }
  /** The order's deadline is over: the caller fails the step for good, unless the record says so already. */
  | { kind: 'deadline'; recorded: boolean };

/*
 * ARGV: 3 run, 4 direction, 5 step, 6 token, 7 item, 8 exclusive, 9 how long a write may go on, in ms, 10 worker, 11 the step that,
 * when it created, proves that nothing is there, 12 when the job was added if it was never started before, else '',
 * from 13 the needs.
 *
 * Mostly this only reads: the lease is taken with the intent, before the first write. Where it is proven that nothing
 * is there, the intent needs no look and is written here. An undo step takes its lease here too.
 *
 * A lease that was neither released nor completed belongs to an attempt that vanished (crash, lost lock). If it had
 * begun to write it may still be writing: the step waits until that write must have ended, and a little longer, since
 * a lease that was confirmed is trusted for a moment before the write begins.
 * An undo begins only when nothing that was done later is left.
 * A token that holds the lease already: the command was sent again after a lost connection.
 */
const BEGIN = orderScript(`${FENCE}${TO_UNDO}${LEASE}${ASSIGNMENT}
local run, dir, step, token, item = ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7]
local S = 's:' .. step .. ':'
local state = get(S .. 'st')
if fenced(run, dir) then
  -- What an attempt that vanished may have done is for the undo of the step to find out.
  if turnedRound(run, dir) and state == 'active' and get(S .. 'l') ~= token then
    set(S .. 'st', 'waiting')
    takeAway(step)
    if get('lane') == step then redis.call('HDEL', K, 'lane') end
  end
  return { 'superseded' }
end
-- Another order was let past: this one begins nothing until a retry has put it back into its line (I5).
if get('released') == '1' then return { 'superseded' } end
if dir == 'f' and (state == 'done' or state == 'skipped') then return { 'done', state == 'skipped' and 'skipped' or get(S .. 'o') } end
if dir == 'u' then
  if not toUndo(step) then return { 'done', 'undone' } end
  local plan = cjson.decode(get('plan'))
  local above, missing = { [step] = true }, { 'needs' }
  for _, other in ipairs(plan) do
    if other.after and other.after ~= cjson.null and above[other.after] then
      above[other.id] = true
      if toUndo(other.id) then missing[#missing + 1] = other.id end
    end
  end
  if missing[2] then return missing end
end

if dir == 'f' then
  local missing = { 'needs' }
  for i = 13, #ARGV do
    local needed = get('s:' .. ARGV[i] .. ':st')
    if needed ~= 'done' and needed ~= 'skipped' then missing[#missing + 1] = ARGV[i] end
  end
  if missing[2] then return missing end
end

local lease, written = get(S .. 'l'), tonumber(get(S .. 'w'))
local handed = false
if lease == '${HANDED_OVER}' and dir == 'f' then
  handed = tonumber(ARGV[12]) ~= nil and tonumber(ARGV[12]) <= written and get(S .. 'n') == ''
  if handed then token = lease
  elseif get(S .. 'n') == '' then
    -- Somebody was at this job before and may be at work without having said so: from now on it may end its write.
    set(S .. 'n', 1, S .. 'w', now)
    written = now
  end
end
if written and lease ~= token then
  local wait = written + tonumber(ARGV[9]) - now
  if wait > 0 then return { 'takeover', tostring(math.ceil(wait)) } end
end
if lease ~= '' and lease ~= token then
  takeAway(step)
  redis.call('HDEL', K, S .. 'w')
  lease = ''
  -- Until this attempt takes the lease nobody is at work on the step.
  if dir == 'f' then set(S .. 'st', 'waiting') end
  journal('takenOver', step, 'turnup', cjson.encode({ worker = ARGV[10] }))
end
local deadline = tonumber(get('deadline'))
if dir == 'f' and deadline and deadline <= now and get('pastDeadline') == '' then
  if handed then
    -- Nothing was attempted yet.
    redis.call('HINCRBY', K, S .. 'a', -1)
    freeLease(step)
  end
  return { 'deadline', state == 'failed' and '1' or '0' }
end
if ARGV[8] == '1' then
  local holder = get('lane')
  if holder ~= '' and holder ~= step then
    local queue = redis.call('SADD', P .. ':lane:' .. id, step) and redis.call('SCARD', P .. ':lane:' .. id)
    redis.call('PEXPIRE', P .. ':lane:' .. id, 3600000)
    return { 'busy', tostring(30 * queue) }
  end
  set('lane', step)
  redis.call('SREM', P .. ':lane:' .. id, step)
end

local before = get(S .. 'i')
local blind = dir == 'f' and ARGV[11] ~= '' and before == '' and get('wasReleased') == ''
  and get('s:' .. ARGV[11] .. ':st') == 'done' and get('s:' .. ARGV[11] .. ':o') == 'created'
local attempt = tonumber(get(S .. 'a')) or 0
if handed then blind = true
elseif lease == token then blind = dir == 'f' and before ~= ''
elseif blind or dir == 'u' then
  attempt = countAttempt(step, dir)
  set(S .. 'l', token)
  if blind then set(S .. 'i', 'absent', S .. 'w', now) end
  journal('stepStarted', step, 'turnup', '{"attempt":' .. attempt .. ',"worker":' .. cjson.encode(ARGV[10]) ..
    (blind and ',"intent":"create"' or '') .. '}')
else
  attempt = (state == 'failed' and 0 or attempt) + 1
end

local reply = assignmentOf(step, item, attempt, handed and '' or before, blind, token, 13)
table.insert(reply, 1, 'go')
return reply
`);

/** What an attempt needs to know, and whether it may go on. */
export async function beginStep(store: Store, input: BeginInput): Promise<Begun> {
  const reply = (await runOrderScript(store, BEGIN, input.order, [
    input.run,
    input.direction,
    input.step,
    input.token,
    input.item ?? '',
    input.exclusive ? 1 : 0,
    input.writeTimeoutMs + LEASE_TRUSTED_MS,
    input.worker,
    input.absentAfter ?? '',
    input.firstOfJob ?? '',
    ...input.needs,
  ])) as string[];
  const [kind, ...rest] = reply;
  switch (kind) {
    case 'go':
      return { kind, assignment: readAssignment(rest) };
    case 'done':
      return { kind, outcome: rest[0] ?? '' };
    case 'needs':
      return { kind, missing: rest };
    case 'takeover':
    case 'busy':
      return { kind, waitMs: Number(rest[0]) };
    case 'deadline':
      return { kind, recorded: rest[0] === '1' };
    default:
      return { kind: 'superseded' };
  }
}
