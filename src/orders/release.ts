import { orderScript, runOrderScript, type Store } from './lua.ts';
import { LEAVE_MAILBOX, readHeads } from './mailbox.ts';
import type { OrderState } from './states.ts';

export type Released =
  | { kind: 'released'; next: string[] }
  | { kind: 'refused'; state: OrderState; reason: string }
  | { kind: 'missing' };

/* ARGV: 3 by, 4 reason */
const RELEASE = orderScript(`${LEAVE_MAILBOX}
local state = get('state')
if state == '' then return { 'missing' } end
if state ~= 'held' or get('released') == '1' then return { 'refused', state } end
journal('released', '', ARGV[3], cjson.encode({ reason = ARGV[4] }))
-- From now on another order may make what this one has not found: nothing is proven absent any more.
set('released', '1', 'wasReleased', '1')
return { 'released', leaveMailbox() }
`);

/** Lets the customer's next order go although this one is held. This one can go on only when that one is finished. */
export async function releaseOrder(store: Store, id: string, by: string, reason: string): Promise<Released> {
  const [kind, ...rest] = (await runOrderScript(store, RELEASE, id, [by, reason])) as string[];
  if (kind === 'released') return { kind, next: readHeads(rest[0]) };
  if (kind !== 'refused') return { kind: 'missing' };
  const state = rest[0] as OrderState;
  return {
    kind,
    state,
    reason: state === 'held' ? 'It was released before.' : `The order is ${state}; only a held one can be released.`,
  };
}
