import { whileStoreIsThere } from '../orders/lua.ts';
import type { Redis } from 'ioredis';
import type { KeyScheme } from '../redis/keys.ts';
import { defineScript, runScript, type Script } from '../redis/script.ts';
import { FINDING_STATES } from './audit.ts';

export interface AuditRedis {
  readonly redis: Redis;
  readonly keys: KeyScheme;
}

/** KEYS[1]: the audit. ARGV: 1 prefix of keys, 2 id of the audit. Times are the Redis server's. */
const PRELUDE = `
local P, id, K = ARGV[1], ARGV[2], KEYS[1]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local function get(field) return redis.call('HGET', K, field) or '' end
local function set(...) redis.call('HSET', K, ...) end
local function isOpen()
  local state = get('state')
  return state == 'queued' or state == 'running'
end
local function isHead() return redis.call('LINDEX', P .. ':open-audits:' .. get('target'), 0) == id end
local function ended(to)
  set('state', to, 'ended', now)
  redis.call('HDEL', K, 'waits')
  redis.call('LREM', P .. ':open-audits:' .. get('target'), 0, id)
  redis.call('UNLINK', P .. ':audit-later:' .. id)
end
`;

const auditScript = (lua: string): Script => defineScript(PRELUDE + lua);

export const runAuditScript = (
  { redis, keys }: AuditRedis,
  script: Script,
  id: string,
  args: readonly (string | number)[],
): Promise<unknown> => whileStoreIsThere(() => runScript(redis, script, keys.audit(id), [keys.own, id, ...args]));

/** Audits that are kept to be read; those that are not over are kept in any case. */
const KEPT = 200;

/*
 * ARGV: 3 '1' = none may be open on the target, then the fields. Gives whether it was added.
 * It may be sent again after a lost connection.
 */
export const CREATE = auditScript(`
if redis.call('EXISTS', K) == 1 then return 1 end
local fields = {}
for at = 4, #ARGV do fields[#fields + 1] = ARGV[at] end
local target = fields[2]
if ARGV[3] == '1' and redis.call('LLEN', P .. ':open-audits:' .. target) > 0 then return 0 end
set(unpack(fields))
set('state', 'queued', 'created', now, 'turn', 0, 'orders', 0, 'checked', 0)
redis.call('RPUSH', P .. ':open-audits:' .. target, id)
redis.call('ZADD', P .. ':audits', 0, id)
local spare = redis.call('ZCARD', P .. ':audits') - ${KEPT}
for _, old in ipairs(spare > 0 and redis.call('ZRANGE', P .. ':audits', 0, spare - 1) or {}) do
  local state = redis.call('HGET', P .. ':audit:' .. old, 'state')
  if state ~= 'queued' and state ~= 'running' then
    redis.call('ZREM', P .. ':audits', old)
    redis.call('UNLINK', P .. ':audit:' .. old, P .. ':audit-findings:' .. old)
  end
end
return 1
`);

/*
 * ARGV: 3 how many customers there are of the target. Gives 'over', 'behind', or the fields of the audit.
 */
export const BEGIN = auditScript(`
if not isOpen() then return 'over' end
if not isHead() then return 'behind' end
if get('state') == 'queued' then
  set('state', 'running', 'started', now)
  if get('total') == '' then set('total', ARGV[3]) end
end
return redis.call('HGETALL', K)
`);

/*
 * ARGV: 3 turn, 4 customer, 5 what becomes of it: '' looked at, 'later' put off, 'last' looked at after it was put off;
 * 6 orders placed until now, then the findings: state, JSON or ''.
 */
export const ADVANCE = auditScript(`
if get('state') ~= 'running' or get('turn') ~= ARGV[3] then return 0 end
redis.call('HINCRBY', K, 'turn', 1)
redis.call('HDEL', K, 'waits')
local customer, what = ARGV[4], ARGV[5]
set('orders', ARGV[6])
if what == 'last' then redis.call('LREM', P .. ':audit-later:' .. id, 1, customer)
else set('cursor', customer) end
if what == 'later' then redis.call('RPUSH', P .. ':audit-later:' .. id, customer)
else redis.call('HINCRBY', K, 'checked', 1) end
if what ~= 'last' then redis.call('HINCRBY', K, 'passed', 1) end
for at = 7, #ARGV, 2 do
  redis.call('HINCRBY', K, 'n:' .. ARGV[at], 1)
  if ARGV[at + 1] ~= '' then redis.call('RPUSH', P .. ':audit-findings:' .. id, ARGV[at + 1]) end
end
return 1
`);

/* ARGV: 3 the state it ends with, 4 failure or ''. Gives whether it was open. */
export const END = auditScript(`
if not isOpen() then return 0 end
if ARGV[4] ~= '' then set('failure', ARGV[4]) end
ended(ARGV[3])
if ARGV[3] == 'completed' and get('customers') == '' then
  local L = P .. ':last-audit:' .. get('target')
  redis.call('HSET', L, 'at', now)
  for _, state in ipairs({ ${FINDING_STATES.map((state) => `'${state}'`).join(', ')} }) do
    redis.call('HSET', L, state, redis.call('HGET', K, 'n:' .. state) or 0)
  end
end
return 1
`);

/* ARGV: 3 what it waits for, or ''. */
export const WAIT = auditScript(`
if get('state') ~= 'running' then return 0 end
if ARGV[3] == '' then redis.call('HDEL', K, 'waits') else set('waits', ARGV[3]) end
return 1
`);
