import type { Redis } from 'ioredis';
import type { KeyScheme } from '../redis/keys.ts';
import { defineScript, runScript } from '../redis/script.ts';

/** What becomes of one customer's entry. */
export interface Change {
  readonly target: string;
  readonly customer: string;
  /** What was there goes first. */
  readonly drop: boolean;
  readonly set: readonly (readonly [field: string, value: string])[];
  readonly gone: readonly string[];
}

/*
 * KEYS[1]: the list of orders to be folded. ARGV: 1 prefix of keys, 2 how many orders, then their ids; then for each
 * entry: target, customer, '1' = drop, how many fields to set, the fields with their values, how many are gone, those.
 * Orders only ever leave the list at its head, and come to its end once: while the first is the first still, nobody
 * else has folded any of them. Lua unpacks a few thousand values at most.
 */
const WRITE = defineScript(`
local P, orders = ARGV[1], tonumber(ARGV[2])
if redis.call('LINDEX', KEYS[1], 0) ~= ARGV[3] then return 0 end
local at = 3 + orders
local function take()
  at = at + 1
  return ARGV[at - 1]
end
while at <= #ARGV do
  local target, customer, drop = take(), take(), take()
  local K, index = P .. ':ledger:' .. target .. ':' .. customer, P .. ':ledger-customers:' .. target
  if drop == '1' then redis.call('UNLINK', K) end
  local fields = tonumber(take())
  local last = at + 2 * fields - 1
  while at <= last do
    local to = math.min(at + 999, last)
    redis.call('HSET', K, unpack(ARGV, at, to))
    at = to + 1
  end
  local gone = tonumber(take())
  for _ = 1, gone do redis.call('HDEL', K, take()) end
  if redis.call('EXISTS', K) == 1 then redis.call('ZADD', index, 0, customer)
  else redis.call('ZREM', index, customer) end
end
for order = 3, 2 + orders do redis.call('HDEL', P .. ':order:' .. ARGV[order], 'unfolded') end
redis.call('LTRIM', KEYS[1], orders, -1)
return 1
`);

/** Writes entries and takes the orders that led to them off the list, all or nothing; false: somebody was faster. */
export async function writeFolded(
  redis: Redis,
  keys: KeyScheme,
  orders: readonly string[],
  changes: readonly Change[],
): Promise<boolean> {
  const args = changes.flatMap(({ target, customer, drop, set, gone }) => [
    target,
    customer,
    drop ? '1' : '0',
    set.length,
    ...set.flat(),
    gone.length,
    ...gone,
  ]);
  const done = await runScript(redis, WRITE, keys.unfolded(), [keys.own, orders.length, ...orders, ...args]);
  return done === 1;
}
