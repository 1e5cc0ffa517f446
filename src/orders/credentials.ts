import { orderScript, runOrderScript, type Store } from './lua.ts';
import type { StoredStep } from './plan.ts';

export interface CredentialItem {
  id: string;
  username: string;
  domain: string;
  webUsername?: string;
  /** Which of the sealed paths are this subscriber's generated secrets, e.g. `subscribers.s1.password`. */
  paths: string[];
}

export type Credentials =
  /** Nothing was generated for this order. */
  | { state: 'none' }
  | { state: 'notReady' }
  | { state: 'gone' }
  | { state: 'ready'; sealed: string; items: CredentialItem[]; expiresAt: string };

const REPEATABLE_MS = 10 * 60 * 1000;
const KEPT_MS = 24 * 3600 * 1000;

/* ARGV: 3 repeatable ms, 4 kept ms, from 5 the steps that make subscribers */
const READ = orderScript(`
local since, ready = nil, {}
for i = 5, #ARGV do
  local S = 's:' .. ARGV[i] .. ':'
  if get(S .. 'st') == 'done' and get(S .. 'o') == 'created' then
    ready[#ready + 1] = ARGV[i]
    local ended = tonumber(get(S .. 'e'))
    if not since or ended > since then since = ended end
  end
end
if not since then return { 'notReady' } end
local first = tonumber(get('credentialsRead'))
local ends = since + tonumber(ARGV[4])
if first then ends = math.min(ends, first + tonumber(ARGV[3])) end
if now >= ends then return { 'gone' } end
if not first then
  set('credentialsRead', now)
  journal('credentialsRead', '', 'client:' .. get('client'), '{}')
  ends = math.min(ends, now + tonumber(ARGV[3]))
end
return { 'ready', get('secrets'), tostring(ends), unpack(ready) }
`);

/**
 * What the client that placed the order may fetch: passwords Turnup made up, of subscribers this order created.
 * Repeatable for 10 minutes after the first reading, gone 24 h after the subscriber was made (API.md).
 */
export async function readCredentials(store: Store, id: string): Promise<Credentials> {
  const [state, generatedJson, planJson] = await store.redis.hmget(store.keys.order(id), 'state', 'generated', 'plan');
  if (!state) return { state: 'gone' };
  const generated = JSON.parse(generatedJson ?? '[]') as string[];
  if (generated.length === 0) return { state: 'none' };
  const owners = new Set(generated.map((path) => path.split('.')[1]));
  const makers = (JSON.parse(planJson ?? '[]') as StoredStep[]).filter(
    (step) => step.kind === 'subscriber' && owners.has(step.item ?? ''),
  );
  const reply = (await runOrderScript(store, READ, id, [
    REPEATABLE_MS,
    KEPT_MS,
    ...makers.map((step) => step.id),
  ])) as string[];
  if (reply[0] !== 'ready') return { state: reply[0] as 'notReady' | 'gone' };
  const [, sealed = '', ends, ...ready] = reply;
  const made = makers.filter((step) => ready.includes(step.id)).map((step) => step.item ?? '');
  const bodies = await store.redis.hmget(store.keys.order(id), ...made.map((item) => `body:${item}`));
  const items = made.map((item, at) => {
    const body = JSON.parse(bodies[at] ?? '{}') as Omit<CredentialItem, 'id' | 'paths'>;
    const { username, domain, webUsername } = body;
    const paths = generated.filter((path) => path.startsWith(`subscribers.${item}.`));
    return { id: item, username, domain, ...(webUsername && { webUsername }), paths };
  });
  return { state: 'ready', sealed, items, expiresAt: new Date(Number(ends)).toISOString() };
}
