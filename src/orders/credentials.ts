import { orderScript, runOrderScript, whileStoreIsThere, type Store } from './lua.ts';
import type { StoredStep } from './plan.ts';
import { TERMINAL_STATES, type OrderState } from './states.ts';

export interface CredentialItem {
  id: string;
  username: string;
  domain: string;
  webUsername?: string;
  /** Which of the sealed paths are this subscriber's generated secrets, e.g. `subscribers.s1.password`. */
  paths: string[];
}

export type Credentials =
  /** Nothing was generated for this order, or nothing that was is in use. */
  | { state: 'none' }
  | { state: 'notReady' }
  | { state: 'gone' }
  | { state: 'ready'; sealed: string; items: CredentialItem[]; expiresAt: string };

const REPEATABLE_MS = 10 * 60 * 1000;
const KEPT_MS = 24 * 3600 * 1000;

/*
 * ARGV: 3 repeatable ms, 4 kept ms, from 5 the steps that make subscribers.
 * Each subscriber has its own times: one that is made long after the first reading can still be fetched.
 */
const READ = orderScript(`
local made, first, ends, ready = false, false, nil, {}
for i = 5, #ARGV do
  local S = 's:' .. ARGV[i] .. ':'
  if get(S .. 'st') == 'done' and get(S .. 'o') == 'created' then
    made = true
    local last, read = tonumber(get(S .. 'e')) + tonumber(ARGV[4]), tonumber(get(S .. 'c'))
    if read or now < last then last = math.min(last, (read or now) + tonumber(ARGV[3])) end
    if now < last then
      if not read then
        first = true
        set(S .. 'c', now)
      end
      ready[#ready + 1] = ARGV[i]
      ends = math.min(ends or last, last)
    end
  end
end
if not made then return { 'notReady' } end
if not ends then return { 'gone' } end
if first then
  local by = get('client')
  if not string.find(by, '^operator:') then by = 'client:' .. by end
  journal('credentialsRead', '', by, cjson.encode({ steps = ready }))
end
local reply = { 'ready', get('secrets'), tostring(ends) }
for _, step in ipairs(ready) do reply[#reply + 1] = step end
return reply
`);

/**
 * What the client that placed the order may fetch: passwords Turnup made up, of subscribers this order created.
 * Repeatable for 10 minutes after the first reading, gone 24 h after the subscriber was made (API.md).
 */
export async function readCredentials(store: Store, id: string): Promise<Credentials> {
  const [state, generatedJson, planJson] = await whileStoreIsThere(() =>
    store.redis.hmget(store.keys.order(id), 'state', 'generated', 'plan'),
  );
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
  // Made up but never used: what was there was adopted, or taken away again.
  if (reply[0] === 'notReady' && TERMINAL_STATES.includes(state as OrderState)) return { state: 'none' };
  if (reply[0] !== 'ready') return { state: reply[0] as 'notReady' | 'gone' };
  const [, sealed = '', ends, ...ready] = reply;
  const made = makers.filter((step) => ready.includes(step.id)).map((step) => step.item ?? '');
  const fields = made.map((item) => `body:${item}`);
  const bodies = await whileStoreIsThere(() => store.redis.hmget(store.keys.order(id), ...fields));
  const items = made.map((item, at) => {
    const body = JSON.parse(bodies[at] ?? '{}') as Omit<CredentialItem, 'id' | 'paths'>;
    const { username, domain, webUsername } = body;
    const paths = generated.filter((path) => path.startsWith(`subscribers.${item}.`));
    return { id: item, username, domain, ...(webUsername && { webUsername }), paths };
  });
  return { state: 'ready', sealed, items, expiresAt: new Date(Number(ends)).toISOString() };
}
