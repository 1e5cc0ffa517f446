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
`;
