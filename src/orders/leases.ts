import { FENCE, LEASE, LEASE_TRUSTED_MS, orderScript, runOrderScript, whileStoreIsThere, type Store } from './lua.ts';
import type { StoredStep } from './plan.ts';

/** A step that somebody said to be at work on. */
export interface Lease {
  step: string;
  token: string;
}

/** The leases of an order and who holds its lane of exclusive steps. */
export async function readLeases(
  store: Store,
  id: string,
  plan: readonly StoredStep[],
): Promise<{ leases: Lease[]; lane: string | null }> {
  return whileStoreIsThere(async () => {
    const [lane = null, ...tokens] = await store.redis.hmget(
      store.keys.order(id),
      'lane',
      ...plan.map((step) => `s:${step.id}:l`),
    );
    const leases = plan.flatMap((step, at) => (tokens[at] ? [{ step: step.id, token: tokens[at] }] : []));
    return { leases, lane };
  });
}

/*
 * ARGV: 3 step, 4 token, 5 how long a write may go on, in ms. A holder that is frozen notices before its next write that the lease is
 * gone; what it wrote before must have ended.
 */
const FREE = orderScript(`${LEASE}
local S = 's:' .. ARGV[3] .. ':'
if get(S .. 'l') ~= ARGV[4] then return 0 end
local written = tonumber(get(S .. 'w'))
if written and written + tonumber(ARGV[5]) > now then return 0 end
if not takeAway(ARGV[3]) then redis.call('HDEL', K, S .. 'w') end
if get(S .. 'st') == 'active' then set(S .. 'st', 'waiting') end
if get('lane') == ARGV[3] then redis.call('HDEL', K, 'lane') end
return 1
`);

/** Takes a lease from an attempt that vanished. False when it is not that one's any more, or may still be written. */
export async function freeLease(store: Store, id: string, lease: Lease, writeTimeoutMs: number): Promise<boolean> {
  return (await runOrderScript(store, FREE, id, [lease.step, lease.token, writeTimeoutMs + LEASE_TRUSTED_MS])) === 1;
}

const FREE_LANE = orderScript(`${FENCE}
local holder = get('lane')
local state = get('s:' .. holder .. ':st')
if holder == '' or (state ~= 'done' and state ~= 'skipped' and state ~= 'failed' and state ~= 'undone') then return 0 end
redis.call('HDEL', K, 'lane')
return 1
`);

/** Frees the lane of an order when the step that holds it is over. */
export async function freeLane(store: Store, id: string): Promise<boolean> {
  return (await runOrderScript(store, FREE_LANE, id, [])) === 1;
}
