import { APPLY_AMENDMENT } from './amendment.ts';
import { END, FENCE, orderScript, runOrderScript, TO_UNDO, type Store } from './lua.ts';
import { LEAVE_MAILBOX, readHeads } from './mailbox.ts';
import type { OrderState } from './states.ts';

export type Settled =
  /** `next`: orders that waited and are now head of their mailboxes; their jobs are to be added. */
  | { kind: 'settled'; state: OrderState; next: string[]; target: string; durationMs: number }
  /** Steps are left. */
  | { kind: 'open' }
  /** The order was turned round and a forward step is still under way. */
  | { kind: 'turning' }
  /** It was settled before, or another run rules: also one that begins here, with what the order was amended to. */
  | { kind: 'over'; state: OrderState | null };

/* ARGV: 3 run */
const SETTLE = orderScript(`${FENCE}${TO_UNDO}${END}${LEAVE_MAILBOX}${APPLY_AMENDMENT}
if over() or get('run') ~= ARGV[3] then return { 'over', get('state') } end
local goal = 'completed'
if get('dir') == 'u' then
  local plan = cjson.decode(get('plan'))
  if anyActive(plan) then return { 'turning' } end
  for _, step in ipairs(plan) do
    if toUndo(step.id) then return { 'open' } end
  end
  goal = get('goal')
  if goal == 'amended' then
    applyAmendment('turnup')
    if get('base') == '' then set('base', get('run')) end
    redis.call('HINCRBY', K, 'run', 1)
    return { 'over', get('state') }
  end
  redis.call('HDEL', K, 'error')
  if goal == 'failed' then set('error', get('firstError')) end
elseif tonumber(get('left')) > 0 then return { 'open' }
else redis.call('HDEL', K, 'error') end
endOrder(goal, 'turnup', goal ~= 'completed' and 'undone' or nil)
return { 'settled', goal, leaveMailbox(), get('target'), tostring(now - tonumber(get('created'))) }
`);

/** Ends an order whose steps are all done, or all undone, and passes its mailbox on. */
export async function settleOrder(store: Store, id: string, run: number): Promise<Settled> {
  const [kind, state, next, target = '', durationMs] = (await runOrderScript(store, SETTLE, id, [run])) as string[];
  if (kind === 'open' || kind === 'turning') return { kind };
  if (kind === 'settled') {
    return { kind, state: state as OrderState, next: readHeads(next), target, durationMs: Number(durationMs) };
  }
  return { kind: 'over', state: (state as OrderState) || null };
}
