import { orderScript, runOrderScript, type Store } from './lua.ts';

/**
 * Lua: the mailboxes an order stands in. That of its customer; those of other customers whose numbers it moves; and the
 * target's own, which bears no customer's number, when it has operations: those may touch what belongs to any customer.
 * An order begins when it is head of all. It enters them all at once, so that no two orders ever wait for one another.
 */
export const MAILBOXES = `
local function boxesOf(O)
  local of = redis.call('HMGET', O, 'target', 'customer', 'operates', 'peers')
  local base, boxes = P .. ':mailbox:' .. (of[1] or '') .. ':', {}
  if of[2] and of[2] ~= '' then boxes[1] = base .. of[2] end
  if of[3] == '1' then boxes[#boxes + 1] = base end
  if of[4] then
    for _, peer in ipairs(cjson.decode(of[4])) do boxes[#boxes + 1] = base .. peer end
  end
  return boxes
end
local function orderAhead(O, other)
  for _, box in ipairs(boxesOf(O)) do
    local head = redis.call('LINDEX', box, 0)
    if head and head ~= other then return head end
  end
  return nil
end
-- Gives whether the order is head of all of them.
local function enterBoxes()
  for _, box in ipairs(boxesOf(K)) do redis.call('RPUSH', box, id) end
  return orderAhead(K, id) == nil
end
`;

/** Lua: takes this order out of its mailboxes and promotes the new heads; gives their ids, parted by a blank. */
export const LEAVE_MAILBOX = `${MAILBOXES}
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
  local boxes, heads, seen = {}, {}, {}
  for _, box in ipairs(boxesOf(K)) do
    if redis.call('LINDEX', box, 0) == id then boxes[#boxes + 1] = box end
    redis.call('LREM', box, 1, id)
  end
  for _, box in ipairs(boxes) do
    local head = redis.call('LINDEX', box, 0)
    if head and not seen[head] and not orderAhead(P .. ':order:' .. head, head) then
      seen[head] = true
      promote(head)
      heads[#heads + 1] = head
    end
  end
  return table.concat(heads, ' ')
end
`;

/** What `leaveMailbox` gave. */
export const readHeads = (heads: string | undefined): string[] => (heads ? heads.split(' ') : []);

/**
 * Lua, after `MAILBOXES`: puts a released order back into its mailbox, or gives the id of the order that was let past and is not finished:
 * until then this one may neither go on nor be undone (I5).
 */
export const REENTER_MAILBOX = `
local function reenterMailbox()
  if get('released') ~= '1' then return nil end
  local ahead = orderAhead(K, id)
  if ahead then return ahead end
  enterBoxes()
  redis.call('HDEL', K, 'released')
  return nil
end
`;

/** Lua, after `MAILBOXES`: whether another order of the customer comes first, so that this one may not begin yet (I5). */
export const BEHIND = `
local function isBehind()
  return get('mailed') == '1' and orderAhead(K, id) ~= nil
end
`;

export const aheadOf = (ahead: string): string =>
  `Order ${ahead} of the same customer was let past and is not finished; try again when it is.`;

const ENTER = orderScript(`${MAILBOXES}
redis.call('ZREM', P .. ':scheduled', id)
if get('mailed') == '1' or get('state') ~= 'pending' then return 0 end
set('mailed', '1')
redis.call('ZADD', P .. ':live', now + 30000, id)
if not enterBoxes() then return 0 end
moveState('acknowledged', 'turnup', 'its time has come')
return 1
`);

/** Puts an order whose notBefore has passed into its mailbox. True when it is head and its jobs may be added. */
export async function enterMailbox(store: Store, id: string): Promise<boolean> {
  return (await runOrderScript(store, ENTER, id, [])) === 1;
}

const PASS = orderScript(`${LEAVE_MAILBOX}
local waits = get('state') == 'pending' and get('mailed') == '1'
for _, box in ipairs(boxesOf(K)) do
  local head = redis.call('LINDEX', box, 0)
  while head and head ~= id do
    local state = redis.call('HGET', P .. ':order:' .. head, 'state')
    if state and state ~= 'completed' and state ~= 'partial' and state ~= 'failed' and state ~= 'cancelled' then break end
    redis.call('LPOP', box)
    head = redis.call('LINDEX', box, 0)
  end
  -- It stood in a mailbox that is gone.
  if waits and not head then redis.call('RPUSH', box, id) end
end
if not waits or orderAhead(K, id) then return '' end
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
