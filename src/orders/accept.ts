import { bodyFields } from './bodies.ts';
import { KEY_USE } from './key-use.ts';
import { orderScript, runOrderScript, type Store } from './lua.ts';
import { MAILBOXES } from './mailbox.ts';
import type { StoredStep } from './plan.ts';

export interface AcceptInput {
  /** UUID v7: sorts by time, holds no colon, is not all digits (BullMQ's rules for a job id). */
  id: string;
  client: string;
  /** Who placed it, for the journal. Default: the client. */
  by?: string;
  idempotencyKey?: string;
  /** Keyed hash of the order as first posted. */
  fingerprint: string;
  /** Whether a stored fingerprint is that of the same content. */
  matches(fingerprint: string): boolean;
  /** Parsed, normalised, without secrets. */
  order: AcceptedOrder;
  platform: string;
  plan: readonly StoredStep[];
  /** Sealed JSON of path → secret, bound to the order id. */
  secrets: string | null;
  keyId: string | null;
  /** Paths of the secrets that Turnup made up. */
  generated: readonly string[];
  /** How long a repeated post is recognised after the order has ended. */
  idempotencyMs: number;
}

export interface AcceptedOrder {
  externalId: string;
  target: string;
  action: string;
  onFailure: 'hold' | 'undo';
  notBefore?: string;
  deadline?: string;
  customer: { externalId: string };
  subscribers: readonly { id: string }[];
  operations: readonly { id: string }[];
  moves?: readonly { from: { customer: string } }[];
}

/** Other customers whose numbers the order moves, sorted. */
export function peersOf({ customer, moves = [] }: Pick<AcceptedOrder, 'customer' | 'moves'>): string[] {
  return [...new Set(moves.map(({ from }) => from.customer))].filter((name) => name !== customer.externalId).toSorted();
}

export type Accepted =
  /** `head`: the order is first in its mailbox and its jobs may be added. */
  { kind: 'created'; id: string; head: boolean } | { kind: 'same'; id: string } | { kind: 'different'; id: string };

/*
 * ARGV: 3 client, 4 externalId, 5 idempotency key or '', 6 fingerprint, 7 idempotency ms, 8 target, 9 customer,
 * 10 notBefore ms or '', 11 by, from 12 on the record's fields and values, in portions: Lua unpacks a few thousand at
 * most.
 * Known under its own id: the command was sent again after a lost connection. The names of an order that lives do not
 * expire, however long it is held or scheduled; their time begins when it ends (lua.ts, `endOrder`).
 */
const ACCEPT = orderScript(`${MAILBOXES}${KEY_USE}
local client, ext, idemKey = ARGV[3], ARGV[4], ARGV[5]
local byExt = P .. ':idem:' .. client .. ':e:' .. ext
local byKey = idemKey ~= '' and (P .. ':idem:' .. client .. ':k:' .. idemKey) or nil
local known = redis.call('GET', byExt) or (byKey and redis.call('GET', byKey))
if known and string.sub(known, 1, #id) == id then
  return { 'created', get('state') == 'acknowledged' and '1' or '0' }
end
if known then return { 'known', known } end

local value = id .. ' ' .. ARGV[6]
redis.call('SET', byExt, value)
if byKey then redis.call('SET', byKey, value) end
set('created', now, 'idemKey', idemKey, 'idemMs', ARGV[7])
for at = 12, #ARGV, 1000 do set(unpack(ARGV, at, math.min(at + 999, #ARGV))) end
redis.call('ZADD', P .. ':ix:all:', 0, id)
redis.call('ZADD', P .. ':ix:client:' .. client, 0, id)
redis.call('ZADD', P .. ':ix:target:' .. ARGV[8], 0, id)
if ARGV[9] ~= '' then redis.call('ZADD', P .. ':ix:customer:' .. ARGV[9], 0, id) end
journal('accepted', '', ARGV[11], cjson.encode({ externalId = ext }))
if get('deadline') ~= '' then redis.call('ZADD', P .. ':deadlines', get('deadline'), id) end
useKey(get('keyId'))

if ARGV[10] ~= '' and tonumber(ARGV[10]) > now then
  moveState('pending', 'turnup', 'notBefore')
  redis.call('ZADD', P .. ':scheduled', ARGV[10], id)
  return { 'created', '0' }
end
redis.call('ZADD', P .. ':live', now + 30000, id)
set('mailed', '1')
if enterBoxes() then
  moveState('acknowledged', 'turnup', nil)
  return { 'created', '1' }
end
moveState('pending', 'turnup', get('operates') == '1' and 'an earlier order is not finished' or 'an earlier order of this customer is not finished')
return { 'created', '0' }
`);

/** Stores an order, all or nothing, unless the client sent it before. */
export async function acceptOrder(store: Store, input: AcceptInput): Promise<Accepted> {
  const { order } = input;
  const record: (string | number)[] = [];
  record.push('v', 1, 'ext', order.externalId, 'client', input.client, 'target', order.target);
  record.push('platform', input.platform, 'action', order.action, 'onFailure', order.onFailure);
  record.push('customer', order.customer.externalId, 'run', 1, 'dir', 'f', 'left', input.plan.length, 'failed', 0);
  record.push(...bodyFields(order), 'plan', JSON.stringify(input.plan));
  if (order.operations.length > 0) record.push('operates', 1);
  const peers = peersOf(order);
  if (peers.length > 0) record.push('peers', JSON.stringify(peers));
  if (input.secrets !== null) record.push('secrets', input.secrets, 'keyId', input.keyId ?? '');
  if (input.generated.length > 0) record.push('generated', JSON.stringify(input.generated));
  if (order.notBefore) record.push('notBefore', Date.parse(order.notBefore));
  if (order.deadline) record.push('deadline', Date.parse(order.deadline));

  const reply = (await runOrderScript(store, ACCEPT, input.id, [
    input.client,
    order.externalId,
    input.idempotencyKey ?? '',
    input.fingerprint,
    input.idempotencyMs,
    order.target,
    order.customer.externalId,
    order.notBefore ? Date.parse(order.notBefore) : '',
    input.by ?? `client:${input.client}`,
    ...record,
  ])) as [string, string];

  if (reply[0] === 'created') return { kind: 'created', id: input.id, head: reply[1] === '1' };
  const [id = '', fingerprint = ''] = reply[1].split(' ');
  return { kind: input.matches(fingerprint) ? 'same' : 'different', id };
}
