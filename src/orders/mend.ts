import type { AcceptedOrder } from './accept.ts';
import { bodyFields } from './bodies.ts';
import { KEY_USE } from './key-use.ts';
import { orderScript, runOrderScript, type Store } from './lua.ts';
import type { StoredStep } from './plan.ts';
import type { OrderState } from './states.ts';

export interface MendInput {
  /** `operator:<name>` */
  by: string;
  /** Of the content that the mend was made from. */
  version: string;
  /** Without secrets. */
  order: AcceptedOrder;
  /** The same steps as before. */
  plan: readonly StoredStep[];
  /** Sealed; left out when no secret changed. */
  secrets?: { sealed: string; keyId: string } | null;
  generated: readonly string[];
  /** Steps whose writes were all refused and that look for something else from now on: they begin anew. */
  forgetIntents: readonly string[];
  /** For the journal: what was changed. Holds no secret. */
  detail: Record<string, unknown>;
}

export type Mended =
  | { kind: 'mended' }
  /** Something happened to the order since it was read, another mend perhaps. */
  | { kind: 'changed' }
  | { kind: 'refused'; state: OrderState; reason: string }
  | { kind: 'missing' };

/*
 * ARGV: 3 by, 4 version, 5 detail, 6 key id or '' when no secret changed, 7 how many intents to forget, then their
 * steps, then the record's fields and values, in portions: Lua unpacks a few thousand at most.
 * A person had a hand in it: nothing is proven absent any more, so every step looks before it writes.
 */
const MEND = orderScript(`${KEY_USE}
local state = get('state')
if state == '' then return { 'missing' } end
if state ~= 'held' or get('dir') ~= 'f' then return { 'refused', state, get('dir') } end
local newest = redis.call('XREVRANGE', P .. ':journal:' .. id, '+', '-', 'COUNT', 1)[1]
if not newest or newest[1] ~= ARGV[4] then return { 'changed' } end

local keyId, usedBefore = ARGV[6], get('keyId')
if keyId ~= '' and keyId ~= usedBefore then
  useKey(keyId)
  leaveKey(usedBefore)
  set('keyId', keyId)
end
local forgotten = tonumber(ARGV[7])
for at = 8, 7 + forgotten do redis.call('HDEL', K, 's:' .. ARGV[at] .. ':i') end
local deadline = get('deadline')
for at = 8 + forgotten, #ARGV, 1000 do set(unpack(ARGV, at, math.min(at + 999, #ARGV))) end
if get('deadline') ~= deadline then set('pastDeadline', '') end
set('wasReleased', '1')
journal('mended', '', ARGV[3], ARGV[5])
return { 'mended' }
`);

/** Changes the data of a held order, all or nothing. Adds and moves no job: a retry follows. */
export async function mendOrder(store: Store, id: string, input: MendInput): Promise<Mended> {
  const { order, secrets, forgetIntents } = input;
  const record: (string | number)[] = [...bodyFields(order), 'plan', JSON.stringify(input.plan)];
  record.push('onFailure', order.onFailure, 'generated', JSON.stringify(input.generated));
  record.push('deadline', order.deadline ? Date.parse(order.deadline) : '');
  if (secrets !== undefined) record.push('secrets', secrets?.sealed ?? '');

  const reply = (await runOrderScript(store, MEND, id, [
    input.by,
    input.version,
    JSON.stringify(input.detail),
    secrets?.keyId ?? '',
    forgetIntents.length,
    ...forgetIntents,
    ...record,
  ])) as [Mended['kind'], string?, string?];
  const [kind, state, direction] = reply;
  if (kind !== 'refused') return { kind };
  const reason =
    direction === 'u' && state === 'held'
      ? 'The order is being undone; there is nothing to mend.'
      : `The order is ${state}; only a held one can be mended.`;
  return { kind, state: state as OrderState, reason };
}
