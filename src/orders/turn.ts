import { APPLY_AMENDMENT } from './amendment.ts';
import { END, FENCE, orderScript, runOrderScript, TO_UNDO, type Store } from './lua.ts';
import { aheadOf, LEAVE_MAILBOX, readHeads, REENTER_MAILBOX } from './mailbox.ts';
import type { OrderState } from './states.ts';

export type Turned =
  /** The order is being undone; its jobs are to be moved. */
  | { kind: 'turned' }
  /** Nothing had begun: cancelled at once. `next`: orders that waited and are now head of their mailboxes. */
  | { kind: 'cancelled'; next: string[] }
  | { kind: 'refused'; state: OrderState; reason: string }
  | { kind: 'missing' };

/* ARGV: 3 verb (cancel | undo), 4 by, 5 reason */
const TURN = orderScript(`${FENCE}${TO_UNDO}${END}${LEAVE_MAILBOX}${REENTER_MAILBOX}${APPLY_AMENDMENT}
local verb, by = ARGV[3], ARGV[4]
local state = get('state')
if state == '' then return { 'missing' } end
if over() then return { 'refused', state, 'over' } end
if verb == 'undo' and state ~= 'held' then return { 'refused', state, 'notHeld' } end
if verb == 'cancel' and (state == 'pendingCancellation' or (state == 'held' and get('goal') == 'cancelled')) then
  return { 'refused', state, 'cancelling' }
end
if state == 'held' and get('dir') == 'u' then return { 'refused', state, 'undoFailed' } end
local plan = cjson.decode(get('plan'))
local pivot = pivotPassed(plan)
if pivot then return { 'refused', state, 'pivot', pivot } end
local ahead = reenterMailbox()
if ahead then return { 'refused', state, 'ahead', ahead } end
journal(verb == 'cancel' and 'cancelRequested' or 'undoRequested', '', by, cjson.encode({ reason = ARGV[5] }))

if state == 'pending' then
  set('goal', 'cancelled', 'dir', 'u')
  endOrder('cancelled', by, 'nothing had begun')
  return { 'cancelled', leaveMailbox() }
end

-- What an amendment would have kept goes too.
dropAmendment()
local goal = verb == 'cancel' and 'cancelled' or 'failed'
if get('dir') == 'f' then
  rememberFirstError()
  set('dir', 'u')
  forgetFailures(plan, 'waiting')
end
set('goal', goal)
moveState(verb == 'cancel' and 'pendingCancellation' or 'inProgress', by, 'undoing')
redis.call('ZADD', P .. ':live', now + 5000, id)
return { 'turned' }
`);

const REASONS: Record<string, (state: OrderState, detail: string) => string> = {
  over: (state) => `The order is ${state}: that is final.`,
  notHeld: (state) =>
    `The order is ${state}; only a held order can be undone. To stop one that is going on, cancel it.`,
  cancelling: () => 'The order is being cancelled already.',
  undoFailed: () => 'The undo of the order has begun and stopped; retry it.',
  ahead: (_, order) => aheadOf(order),
  pivot: (_, step) => `Step ${step} has passed the point of no return; the order can only go forward.`,
};

/** Turns an order round: from now on nothing of it goes forward (I7), and what it did is taken back (I4). */
export async function turnOrder(
  store: Store,
  id: string,
  verb: 'cancel' | 'undo',
  by: string,
  reason: string,
): Promise<Turned> {
  const [kind, ...rest] = (await runOrderScript(store, TURN, id, [verb, by, reason])) as string[];
  if (kind === 'refused') {
    const [state, why = '', detail = ''] = rest;
    return { kind, state: state as OrderState, reason: REASONS[why]!(state as OrderState, detail) };
  }
  if (kind === 'cancelled') return { kind, next: readHeads(rest[0]) };
  return { kind: kind as 'turned' | 'missing' };
}
