import { KEY_USE } from './key-use.ts';

/**
 * Lua, after the prelude: an amendment that is stored with its order takes the place of the order's content. Steps that
 * were kept stay as they are; all others are as if they had never been. The next run begins, so that no job of the run
 * before does anything any more (I7); what bears the order's key still does, since what was kept bears it.
 */
export const APPLY_AMENDMENT = `${KEY_USE}
local function forgetAmendment()
  for _, step in ipairs(cjson.decode(get('plan'))) do redis.call('HDEL', K, 's:' .. step.id .. ':h') end
  redis.call('HDEL', K, 'amend', 'amendKeyId', 'amendedAs')
end
-- Somebody has cancelled or closed the order meanwhile.
local function dropAmendment()
  if get('amend') == '' then return end
  leaveKey(get('amendKeyId'))
  forgetAmendment()
end
local STEP_FIELDS = { 'st', 'o', 'a', 'b', 'e', 'r', 'x', 'i', 'l', 'w', 'n', 't', 'c', 'z', 'h' }
local function applyAmendment(by)
  local fields = cjson.decode(get('amend'))
  local usedBefore, keyId, amendedAs = get('keyId'), get('amendKeyId'), get('amendedAs')
  for _, step in ipairs(cjson.decode(get('plan'))) do
    if get('s:' .. step.id .. ':h') ~= '1' then
      for _, field in ipairs(STEP_FIELDS) do redis.call('HDEL', K, 's:' .. step.id .. ':' .. field) end
    end
  end
  forgetAmendment()
  for _, field in ipairs(redis.call('HKEYS', K)) do
    if string.sub(field, 1, 5) == 'body:' then redis.call('HDEL', K, field) end
  end
  leaveKey(usedBefore)
  redis.call('HDEL', K, 'error', 'firstError', 'firstFailure', 'goal', 'lane', 'parkedBy', 'notBefore', 'deadline', 'secrets', 'keyId', 'generated')
  set('keyId', keyId, 'amendedAs', amendedAs, 'dir', 'f', 'failed', 0, 'pastDeadline', '', 'wasReleased', '1')
  for at = 1, #fields, 1000 do set(unpack(fields, at, math.min(at + 999, #fields))) end
  local left = 0
  for _, step in ipairs(cjson.decode(get('plan'))) do
    local state = get('s:' .. step.id .. ':st')
    if state ~= 'done' and state ~= 'skipped' then left = left + 1 end
  end
  set('left', left)
  local deadline = get('deadline')
  if deadline ~= '' then redis.call('ZADD', P .. ':deadlines', deadline, id)
  else redis.call('ZREM', P .. ':deadlines', id) end
  journal('amended', '', by, '{}')
end
`;
