import { orderScript, runOrderScript, type Store } from './lua.ts';
import type { OrderState } from './states.ts';

export type Retried =
  | { kind: 'retried'; steps: string[]; run: number; direction: 'f' | 'u' }
  | { kind: 'refused'; state: OrderState; reason: string }
  | { kind: 'missing' };

/* ARGV: 3 by, from 4 the steps to retry (none = all failed ones) */
const RETRY = orderScript(`
local state = get('state')
if state == '' then return { 'missing' } end
local wanted = {}
for i = 4, #ARGV do wanted[ARGV[i]] = true end
local steps = {}
for _, step in ipairs(cjson.decode(get('plan'))) do
  if get('s:' .. step.id .. ':st') == 'failed' and (#ARGV < 4 or wanted[step.id]) then steps[#steps + 1] = step.id end
end
if (state ~= 'held' and state ~= 'inProgress') or #steps == 0 then return { 'refused', state } end
local dir = get('dir')
for _, step in ipairs(steps) do
  local S = 's:' .. step .. ':'
  set(S .. 'st', dir == 'f' and 'waiting' or 'done', S .. 'a', 0)
  redis.call('HINCRBY', K, 'failed', -1)
end
redis.call('HDEL', K, 'error')
if get('deadline') ~= '' then set('pastDeadline', '1') end
journal('retried', '', ARGV[3], cjson.encode({ steps = steps }))
moveState('inProgress', ARGV[3], 'retried')
redis.call('ZADD', P .. ':live', now + 30000, id)
return { 'retried', get('run'), dir, unpack(steps) }
`);

/** Lets a held order go on: its failed steps may run again with fresh attempts (I9). Adds and moves no job. */
export async function retryOrder(store: Store, id: string, by: string, steps: readonly string[] = []): Promise<Retried> {
  const [kind, ...rest] = (await runOrderScript(store, RETRY, id, [by, ...steps])) as string[];
  if (kind === 'missing') return { kind };
  if (kind === 'refused') {
    const state = rest[0] as OrderState;
    return { kind, state, reason: `The order is ${state}; only a held order can be retried.` };
  }
  const [run, direction, ...retried] = rest;
  return { kind: 'retried', run: Number(run), direction: direction as 'f' | 'u', steps: retried };
}
