/**
 * Lua, after the prelude: how many sealed things of live orders each key has sealed. A key that is in use must stay in
 * the configuration.
 */
export const KEY_USE = `
local function useKey(keyId)
  if keyId ~= '' then redis.call('HINCRBY', P .. ':sealed-with', keyId, 1) end
end
local function leaveKey(keyId)
  if keyId ~= '' and redis.call('HINCRBY', P .. ':sealed-with', keyId, -1) <= 0 then
    redis.call('HDEL', P .. ':sealed-with', keyId)
  end
end
-- An order's before-images, each key counted once. They are kept as long as the order is: undo may need them.
local function useKeyForIntents(keyId)
  local used = get('intentKeys')
  if keyId == '' or string.find(' ' .. used .. ' ', ' ' .. keyId .. ' ', 1, true) then return end
  set('intentKeys', used .. ' ' .. keyId)
  useKey(keyId)
end
local function leaveKeysOfIntents()
  for keyId in string.gmatch(get('intentKeys'), '%S+') do leaveKey(keyId) end
end
`;
