import { APPLY_AMENDMENT } from './amendment.ts';
import { END, orderScript, runOrderScript, type Store } from './lua.ts';
import { LEAVE_MAILBOX, readHeads } from './mailbox.ts';
import type { OrderState } from './states.ts';

export type Closed =
  | { kind: 'closed'; state: 'partial' | 'failed'; next: string[] }
  | { kind: 'refused'; state: OrderState }
  | { kind: 'missing' };

/* ARGV: 3 by, 4 reason */
const CLOSE = orderScript(`${END}${LEAVE_MAILBOX}${APPLY_AMENDMENT}
local state = get('state')
if state == '' then return { 'missing' } end
if state ~= 'held' then return { 'refused', state } end
local to = 'failed'
for _, step in ipairs(cjson.decode(get('plan'))) do
  local state = get('s:' .. step.id .. ':st')
  -- A step whose undo failed has its outcome still.
  if state == 'skipped' or (state ~= 'undone' and get('s:' .. step.id .. ':o') ~= '') then to = 'partial' end
end
set('closed', '1')
dropAmendment()
journal('closed', '', ARGV[3], cjson.encode({ reason = ARGV[4] }))
endOrder(to, ARGV[3], 'closed as it is')
return { 'closed', to, leaveMailbox() }
`);

/** Ends a held order as it is, nothing undone: `partial` when some of it was done, else `failed`. */
export async function closeOrder(store: Store, id: string, by: string, reason: string): Promise<Closed> {
  const [kind, state, next] = (await runOrderScript(store, CLOSE, id, [by, reason])) as string[];
  if (kind === 'closed') return { kind, state: state as 'partial' | 'failed', next: readHeads(next) };
  if (kind === 'refused') return { kind, state: state as OrderState };
  return { kind: 'missing' };
}
