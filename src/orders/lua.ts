import type { Redis } from 'ioredis';
import { TurnupError } from '../errors/index.ts';
import type { KeyScheme } from '../redis/keys.ts';
import { defineScript, runScript, type Script } from '../redis/script.ts';

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

/** For scripts that end an attempt: is there anything left of this order that can run without a person? */
export const STANDSTILL = `
local function atStandstill()
  local stuck = {}
  for _, step in ipairs(cjson.decode(get('plan'))) do
    local state = get('s:' .. step.id .. ':st')
    if state == 'failed' then stuck[step.id] = true
    elseif state ~= 'done' and state ~= 'skipped' then
      if step.after and step.after ~= cjson.null and stuck[step.after] then stuck[step.id] = true
      else return false end
    end
  end
  return true
end
local function holdAtStandstill()
  if tonumber(get('failed')) > 0 and atStandstill() then moveState('held', 'turnup', 'a step failed and nothing else can run') end
end
`;

/** Which attempts may still write to the record: the fence (I7) and the lease (DESIGN §5.6). */
export const FENCE = `
local function fenced(run, dir)
  if get('run') ~= run or get('dir') ~= dir then return true end
  local state = get('state')
  return state == 'completed' or state == 'partial' or state == 'failed' or state == 'cancelled'
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
/** Replies by which Redis says that it is not (yet, or any more) able to serve. */
const UNABLE = /^(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|OOM|MISCONF|NOAUTH)/;

/** Translates the loss of Redis, once, for every verb. */
export async function whileStoreIsThere<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TurnupError) throw error;
    if (error instanceof Error && error.name === REPLY_ERROR && !UNABLE.test(error.message)) throw error;
    throw new TurnupError('TURNUP_STORE_UNAVAILABLE', { cause: error });
  }
}
