import type { AcceptedOrder } from './accept.ts';
import { APPLY_AMENDMENT } from './amendment.ts';
import { bodyFields } from './bodies.ts';
import { FENCE, orderScript, runOrderScript, TO_UNDO, type Store } from './lua.ts';
import { aheadOf, BEHIND, MAILBOXES, REENTER_MAILBOX } from './mailbox.ts';
import type { StoredStep } from './plan.ts';
import type { OrderState } from './states.ts';

export interface AmendInput {
  /** `client:<name>` or `operator:<name>` */
  by: string;
  /** Of the content that the amendment was made from. */
  version: string;
  /** Keyed hash of the amended order. */
  fingerprint: string;
  /** Without secrets. */
  order: AcceptedOrder;
  plan: readonly StoredStep[];
  /** Sealed; null when the amended order has none. */
  secrets: { sealed: string; keyId: string } | null;
  /** Paths of the secrets that Turnup made up. */
  generated: readonly string[];
  /** Steps that are done and stay as they are. */
  keep: readonly string[];
  /** For the journal: what was changed. Holds no secret. */
  detail: Record<string, unknown>;
}

export type Amended =
  /** Nothing had begun: the order has its new content. */
  | { kind: 'amended' }
  /** What does not stay is being undone; then the order goes on with its new content. Its jobs are to be moved. */
  | { kind: 'turned' }
  /** Something happened to the order since it was read. */
  | { kind: 'changed' }
  | { kind: 'refused'; state: OrderState; reason: string }
  | { kind: 'missing' };

/*
 * ARGV: 3 by, 4 version, 5 fingerprint, 6 key id or '', 7 detail, 8 notBefore in ms or '', 9 how many steps stay, then
 * their ids, then the record's fields and values.
 * An order that waits for its turn has no jobs, so that there is nothing to turn round; of any other they end with the run.
 */
const AMEND = orderScript(`${FENCE}${TO_UNDO}${MAILBOXES}${REENTER_MAILBOX}${BEHIND}${APPLY_AMENDMENT}
local by, state = ARGV[3], get('state')
if state == '' then return { 'missing' } end
local plan = cjson.decode(get('plan'))
if (state ~= 'held' and state ~= 'acknowledged' and state ~= 'pending') or get('dir') ~= 'f' then
  return { 'refused', state, get('dir') == 'u' and 'undo' or 'state' }
end
local begun = false
for _, step in ipairs(plan) do
  local S = 's:' .. step.id .. ':'
  if get(S .. 'o') ~= '' or get(S .. 'i') ~= '' then begun = true end
end
-- Held while it waited for its turn, it waits on (I5). One that was released stands in no line.
local waits = state == 'pending' or (get('released') ~= '1' and isBehind())
if waits and begun then return { 'refused', state, 'waits' } end
local pivot = pivotPassed(plan)
if pivot then return { 'refused', state, 'pivot', pivot } end
local newest = redis.call('XREVRANGE', P .. ':journal:' .. id, '+', '-', 'COUNT', 1)[1]
if not newest or newest[1] ~= ARGV[4] then return { 'changed' } end
local ahead = reenterMailbox()
if ahead then return { 'refused', state, 'ahead', ahead } end

local kept = tonumber(ARGV[9])
for at = 10, 9 + kept do set('s:' .. ARGV[at] .. ':h', '1') end
local fields = {}
for at = 10 + kept, #ARGV do fields[#fields + 1] = ARGV[at] end
set('amend', cjson.encode(fields), 'amendedAs', ARGV[5], 'amendKeyId', ARGV[6])
useKey(ARGV[6])
journal('amendRequested', '', by, ARGV[7])
redis.call('ZADD', P .. ':live', now + 5000, id)
if waits then
  applyAmendment(by)
  moveState('pending', by, 'amended')
  if get('mailed') ~= '1' then redis.call('ZADD', P .. ':scheduled', ARGV[8] ~= '' and ARGV[8] or now, id) end
  return { 'amended' }
end
forgetFailures(plan, 'waiting')
set('dir', 'u', 'goal', 'amended')
redis.call('HDEL', K, 'error')
moveState('inProgress', by, 'amending')
return { 'turned' }
`);

const REASONS: Record<string, (state: OrderState, detail: string) => string> = {
  state: (state) => `The order is ${state}; only one that is held or has not begun can be amended.`,
  undo: (state) => `The order is ${state} and being undone; there is nothing to amend.`,
  waits: () => 'The order has begun and waits for its turn; amend it when it is held.',
  ahead: (_, order) => aheadOf(order),
  pivot: (_, step) => `Step ${step} has passed the point of no return; the order can only go forward.`,
};

/**
 * Replaces the content of an order, all or nothing: at once where nothing has begun, else after what does not stay was
 * undone. Adds and moves no job.
 */
export async function amendOrder(store: Store, id: string, input: AmendInput): Promise<Amended> {
  const { order, secrets, keep } = input;
  const notBefore = order.notBefore ? Date.parse(order.notBefore) : null;
  const record: (string | number)[] = [...bodyFields(order), 'plan', JSON.stringify(input.plan)];
  record.push('onFailure', order.onFailure);
  if (input.generated.length > 0) record.push('generated', JSON.stringify(input.generated));
  if (notBefore !== null) record.push('notBefore', notBefore);
  if (order.deadline) record.push('deadline', Date.parse(order.deadline));
  if (secrets) record.push('secrets', secrets.sealed);

  const [kind, state, why = '', detail = ''] = (await runOrderScript(store, AMEND, id, [
    input.by,
    input.version,
    input.fingerprint,
    secrets?.keyId ?? '',
    JSON.stringify(input.detail),
    notBefore ?? '',
    keep.length,
    ...keep,
    ...record,
  ])) as [Amended['kind'], string?, string?, string?];
  if (kind !== 'refused') return { kind };
  return { kind, state: state as OrderState, reason: REASONS[why]!(state as OrderState, detail) };
}
