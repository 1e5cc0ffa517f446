import { FENCE, orderScript, runOrderScript, type Store } from './lua.ts';
import { LEAVE_MAILBOX } from './mailbox.ts';
import type { OrderState } from './states.ts';

export type Settled =
  /** `next`: the customer's next order, now head of the mailbox; its jobs are to be added. */
  | { kind: 'settled'; state: OrderState; next: string | null }
  /** Steps are left. */
  | { kind: 'open' }
  /** It was settled before, or another run rules. */
  | { kind: 'over'; state: OrderState | null };

/* ARGV: 3 run, 4 direction */
const SETTLE = orderScript(`${FENCE}${LEAVE_MAILBOX}
if fenced(ARGV[3], ARGV[4]) then return { 'over', get('state') } end
if tonumber(get('left')) > 0 then return { 'open' } end
set('completed', now)
redis.call('HDEL', K, 'error')
moveState('completed', 'turnup', nil)
redis.call('ZREM', P .. ':live', id)
redis.call('ZADD', P .. ':settled', now, id)
return { 'settled', 'completed', leaveMailbox() }
`);

/** Ends an order whose steps are all done and passes its mailbox on. */
export async function settleOrder(store: Store, id: string, run: number): Promise<Settled> {
  const [kind, state, next] = (await runOrderScript(store, SETTLE, id, [run, 'f'])) as string[];
  if (kind === 'open') return { kind };
  if (kind === 'settled') return { kind, state: state as OrderState, next: next || null };
  return { kind: 'over', state: (state as OrderState) || null };
}
