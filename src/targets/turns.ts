import type { Redis } from 'ioredis';
import { defineScript, runScript } from '../redis/script.ts';

/** A turn that nobody ends runs out this long after it was last taken, in ms. */
const TURN_MS = 600_000;
/** Far longer than any turn: who comes back must find whose turn was the last. */
const KEPT_MS = 24 * 3600 * 1000;

/*
 * Hash: owner and number of the last turn, and until when it is kept. ARGV: 1 owner, 2 how long, in ms, 3 how long to
 * remember, in ms.
 * Numbers begin with the time, so that they go on growing also after the last one was forgotten.
 */
const TAKE = defineScript(`
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local last = redis.call('HMGET', KEYS[1], 'owner', 'number', 'until')
local number = tonumber(last[2] or '0')
if last[1] ~= ARGV[1] then
  if (tonumber(last[3] or '0')) > now then return '' end
  number = math.max(number + 1, now)
end
number = string.format('%.0f', number)
redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'number', number, 'until', now + tonumber(ARGV[2]))
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return number
`);

/** ARGV: 1 owner */
const END = defineScript(`
if redis.call('HGET', KEYS[1], 'owner') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'until', 0)
return 1
`);

/** Number of the turn, the same as before when nobody else had one in between; null while another has it. */
export async function takeTurn(redis: Redis, key: string, owner: string, turnMs = TURN_MS): Promise<number | null> {
  const number = (await runScript(redis, TAKE, key, [owner, turnMs, KEPT_MS])) as string;
  return number === '' ? null : Number(number);
}

/** Does nothing when it is another's turn by now. */
export async function endTurn(redis: Redis, key: string, owner: string): Promise<void> {
  await runScript(redis, END, key, [owner]);
}
