import { orderScript, runOrderScript, type Store } from './lua.ts';

/** Lua: takes this order out of its mailbox and promotes the new head; gives the new head's id or ''. */
export const LEAVE_MAILBOX = `
local function promote(other)
  local O = P .. ':order:' .. other
  if redis.call('HGET', O, 'state') ~= 'pending' then return end
  redis.call('HSET', O, 'state', 'acknowledged')
  redis.call('ZREM', P .. ':ix:state:pending', other)
  redis.call('ZADD', P .. ':ix:state:acknowledged', 0, other)
  local target = redis.call('HGET', O, 'target')
  redis.call('HINCRBY', P .. ':counts', target .. ' pending', -1)
  redis.call('HINCRBY', P .. ':counts', target .. ' acknowledged', 1)
  redis.call('ZADD', P .. ':live', now + 30000, other)
  redis.call('XADD', P .. ':journal:' .. other, '*', 't', 'state', 's', '', 'b', 'turnup', 'd',
    cjson.encode({ from = 'pending', to = 'acknowledged', why = 'order ' .. id .. ' is finished' }))
end
local function leaveMailbox()
  local box = P .. ':mailbox:' .. get('target') .. ':' .. get('customer')
  local wasHead = redis.call('LINDEX', box, 0) == id
  redis.call('LREM', box, 1, id)
  if not wasHead then return '' end
  local head = redis.call('LINDEX', box, 0)
  if not head then return '' end
  promote(head)
  return head
end
`;

/**
 * Lua: puts a released order back into its mailbox, or gives the id of the order that was let past and is not finished:
 * until then this one may neither go on nor be undone (I5).
 */
export const REENTER_MAILBOX = `
local function reenterMailbox()
  if get('released') ~= '1' then return nil end
  local box = P .. ':mailbox:' .. get('target') .. ':' .. get('customer')
  local ahead = redis.call('LINDEX', box, 0)
  if ahead then return ahead end
  redis.call('RPUSH', box, id)
  redis.call('HDEL', K, 'released')
  return nil
end
`;

/** Lua: whether another order of the customer comes first, so that this one may not begin yet (I5). */
export const BEHIND = `
local function isBehind()
  local head = redis.call('LINDEX', P .. ':mailbox:' .. get('target') .. ':' .. get('customer'), 0)
  return get('mailed') == '1' and head and head ~= id
end
`;

export const aheadOf = (ahead: string): string =>
  `Order ${ahead} of the same customer was let past and is not finished; try again when it is.`;

const ENTER = orderScript(`
redis.call('ZREM', P .. ':scheduled', id)
if get('mailed') == '1' or get('state') ~= 'pending' then return 0 end
set('mailed', '1')
redis.call('ZADD', P .. ':live', now + 30000, id)
local place = redis.call('RPUSH', P .. ':mailbox:' .. get('target') .. ':' .. get('customer'), id)
if place > 1 then return 0 end
moveState('acknowledged', 'turnup', 'its time has come')
return 1
`);

/** Puts an order whose notBefore has passed into its mailbox. True when it is head and its jobs may be added. */
export async function enterMailbox(store: Store, id: string): Promise<boolean> {
  return (await runOrderScript(store, ENTER, id, [])) === 1;
}

const PASS = orderScript(`${LEAVE_MAILBOX}
local box = P .. ':mailbox:' .. get('target') .. ':' .. get('customer')
local head = redis.call('LINDEX', box, 0)
while head and head ~= id do
  local state = redis.call('HGET', P .. ':order:' .. head, 'state')
  if state and state ~= 'completed' and state ~= 'partial' and state ~= 'failed' and state ~= 'cancelled' then return '' end
  redis.call('LPOP', box)
  head = redis.call('LINDEX', box, 0)
end
if get('state') ~= 'pending' or get('mailed') ~= '1' then return '' end
if not head then
  -- It stood in a mailbox that is gone.
  redis.call('RPUSH', box, id)
  head = id
end
if head ~= id then return '' end
promote(id)
return id
`);

/**
 * Repairs the mailbox a waiting order stands in: heads that are finished or gone are taken away. An order that waits
 * behind others and has lost its place is found when those are finished.
 * True when the order thereby became head and its jobs may be added.
 */
export async function passMailbox(store: Store, id: string): Promise<boolean> {
  return (await runOrderScript(store, PASS, id, [])) === id;
}
