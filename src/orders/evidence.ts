import { KEY_USE } from './key-use.ts';
import { orderScript, runOrderScript, whileStoreIsThere, type Store } from './lua.ts';

/** What a target answered to an attempt, sealed and bound to its order and step. */
export interface SealedEvidence {
  sealed: string;
  keyId: string;
}

/** What seals it is told this too: moved to another order or step it does not open. */
export const evidencePlace = (order: string, step: string): string => `${order} evidence ${step}`;

export interface StoredEvidence {
  step: string;
  at: string;
  run: number;
  attempt: number;
  sealed: string;
}

/** Of one order. What a step is answered is mostly answered to its next attempt, and to other steps, as well. */
const MOST_STEPS = 10;

/**
 * Lua, after the prelude: the newest evidence of each step, `<ms> <run> <attempt> <key id> <sealed>`. Of too many steps
 * that of the oldest goes.
 */
export const EVIDENCE = `${KEY_USE}
local E = P .. ':evidence:' .. id
local function dropEvidence(step)
  local before = redis.call('HGET', E, step)
  if not before then return end
  redis.call('HDEL', E, step)
  leaveKey(string.match(before, '^%d+ %d+ %d+ (%S+) '))
end
local function keepEvidence(step, attempt, keyId, sealed)
  if sealed == '' then return end
  dropEvidence(step)
  while redis.call('HLEN', E) >= ${MOST_STEPS} do
    local oldest, since
    for _, other in ipairs(redis.call('HKEYS', E)) do
      local at = tonumber(string.match(redis.call('HGET', E, other), '^%d+'))
      if not since or at < since then oldest, since = other, at end
    end
    dropEvidence(oldest)
  end
  useKey(keyId)
  redis.call('HSET', E, step, string.format('%.0f', now) .. ' ' .. get('run') .. ' ' .. attempt .. ' ' .. keyId .. ' ' .. sealed)
end
local function dropAllEvidence()
  for _, step in ipairs(redis.call('HKEYS', E)) do dropEvidence(step) end
end
`;

/* ARGV: 3 by. Whoever opens it is told, whether it can be opened or not. */
const READ = orderScript(`
if get('state') == '' then return 'gone' end
local E = P .. ':evidence:' .. id
local steps = redis.call('HKEYS', E)
if #steps == 0 then return {} end
table.sort(steps)
journal('evidenceRead', '', ARGV[3], cjson.encode({ steps = steps }))
local reply = {}
for _, step in ipairs(steps) do
  reply[#reply + 1] = step
  reply[#reply + 1] = redis.call('HGET', E, step)
end
return reply
`);

/** What targets answered to an order's attempts, by step; null of an order of which only its archive is left. */
export async function readEvidence(store: Store, id: string, by: string): Promise<StoredEvidence[] | null> {
  const reply = (await runOrderScript(store, READ, id, [by])) as string[] | 'gone';
  if (reply === 'gone') return null;
  const found: StoredEvidence[] = [];
  for (let at = 0; at < reply.length; at += 2) found.push(toStored(reply[at]!, reply[at + 1]!));
  return found;
}

/** Steps that have some. Tells nobody what it says. */
export async function evidenceSteps(store: Store, id: string): Promise<string[]> {
  const steps = await whileStoreIsThere(() => store.redis.hkeys(store.keys.evidence(id)));
  return steps.toSorted();
}

function toStored(step: string, text: string): StoredEvidence {
  const [ms, run, attempt, , sealed = ''] = text.split(' ');
  return { step, at: new Date(Number(ms)).toISOString(), run: Number(run), attempt: Number(attempt), sealed };
}
