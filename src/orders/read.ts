import { CATALOGUE } from '../errors/index.ts';
import { loadArchive } from './archived.ts';
import { whileStoreIsThere, type Store } from './lua.ts';
import type { StoredStep } from './plan.ts';
import type { BlockedBy, OrderFailure, OrderView, StepFailure, StepView } from './record.ts';
import { TERMINAL_STATES, type OrderState, type StepState } from './states.ts';

/** The raw record, field by field. */
export type RawRecord = Record<string, string>;

/** What is needed to add or find an order's jobs. */
export interface Placement {
  id: string;
  target: string;
  action: string;
  customer: string;
  run: number;
  direction: 'f' | 'u';
  state: OrderState;
  plan: StoredStep[];
  stepStates: Record<string, StepState>;
  /** Steps that created or changed something, or may have, and are not undone. */
  toUndo: string[];
  startedMs: number | null;
  title: string;
}

/** The order as API.md shows it, live or archived; null when there is none. */
export async function readOrder(store: Store, id: string): Promise<OrderView | null> {
  return whileStoreIsThere(async () => {
    const record = await store.redis.hgetall(store.keys.order(id));
    if (!record['state']) return (await loadArchive(store, id))?.order ?? null;
    return toView(id, record, await blockedBy(store, id, record));
  });
}

export async function readPlacement(store: Store, id: string): Promise<Placement | null> {
  return whileStoreIsThere(async () => {
    const record = await store.redis.hgetall(store.keys.order(id));
    if (!record['state']) return null;
    const plan = JSON.parse(record['plan'] ?? '[]') as StoredStep[];
    return {
      id,
      target: record['target'] ?? '',
      action: record['action'] ?? '',
      customer: record['customer'] ?? '',
      run: Number(record['run']),
      direction: record['dir'] as 'f' | 'u',
      state: record['state'] as OrderState,
      startedMs: record['started'] ? Number(record['started']) : null,
      plan,
      stepStates: Object.fromEntries(plan.map((step) => [step.id, stateOf(record, step.id)])),
      toUndo: plan.filter((step) => isToUndo(record, step.id)).map((step) => step.id),
      title: `${record['action']} ${record['ext']}${record['customer'] ? ` for ${record['customer']}` : ''}`,
    };
  });
}

/** The same question the scripts ask of the record (lua.ts, `toUndo`). */
export function isToUndo(record: RawRecord, step: string): boolean {
  const state = stateOf(record, step);
  if (state === 'undone' || state === 'skipped' || record[`s:${step}:h`] === '1') return false;
  const outcome = record[`s:${step}:o`];
  if (outcome) return outcome === 'created' || outcome === 'changed';
  return Boolean(record[`s:${step}:i`]);
}

const iso = (ms: string | undefined) => (ms ? new Date(Number(ms)).toISOString() : null);

function stateOf(record: RawRecord, step: string): StepState {
  return (record[`s:${step}:st`] ?? 'waiting') as StepState;
}

export function toView(id: string, record: RawRecord, blocked: BlockedBy | null): OrderView {
  const plan = JSON.parse(record['plan'] ?? '[]') as StoredStep[];
  const state = record['state'] as OrderState;
  return {
    id,
    externalId: record['ext'] ?? '',
    client: record['client'] ?? '',
    target: record['target'] ?? '',
    platform: record['platform'] ?? '',
    action: record['action'] ?? '',
    onFailure: record['onFailure'] as 'hold' | 'undo',
    state,
    run: Number(record['run']),
    direction: record['dir'] === 'u' ? 'undo' : 'forward',
    createdAt: iso(record['created']) ?? '',
    startedAt: iso(record['started']),
    completedAt: iso(record['completed']),
    notBefore: iso(record['notBefore']),
    deadline: iso(record['deadline']),
    blockedBy: blocked,
    customer: { externalId: record['customer'] ?? '' },
    steps: plan.map((step) => toStep(step, record)),
    error: toFailure(record, state),
  };
}

function toStep(step: StoredStep, record: RawRecord): StepView {
  const field = (name: string) => record[`s:${step.id}:${name}`];
  const state = stateOf(record, step.id);
  const ended = state !== 'active' && state !== 'undoing';
  return {
    id: step.id,
    item: step.item,
    kind: step.kind,
    state,
    outcome: (field('o') as StepView['outcome']) ?? null,
    attempts: Number(field('a') ?? 0),
    startedAt: iso(field('b')),
    finishedAt: ended ? iso(field('e')) : null,
    result: field('r') ? (JSON.parse(field('r')!) as Record<string, unknown>) : null,
    error: state !== 'done' && field('x') ? (JSON.parse(field('x')!) as StepFailure) : null,
  };
}

function toFailure(record: RawRecord, state: OrderState): OrderFailure | null {
  const step = record['error'];
  if (!step || (state !== 'held' && state !== 'failed')) return null;
  const failure = state === 'failed' ? (record['firstFailure'] ?? record[`s:${step}:x`]) : record[`s:${step}:x`];
  if (failure) return { ...(JSON.parse(failure) as StepFailure), step };
  const { title, class: errorClass, hint } = CATALOGUE.TURNUP_INTERNAL;
  return { code: 'TURNUP_INTERNAL', title, detail: null, class: errorClass, hint, step };
}

async function blockedBy(store: Store, id: string, record: RawRecord): Promise<BlockedBy | null> {
  const state = record['state'] as OrderState;
  if (TERMINAL_STATES.includes(state)) return null;
  const since = iso(record['created']);
  if (state === 'pending') {
    if (record['mailed'] !== '1') return { kind: 'notBefore', id: null, since, until: iso(record['notBefore']) };
    return { kind: 'order', id: await orderAhead(store, id, record), since, until: null };
  }
  if (state === 'held') return null;
  if (record['unserved'] === '1') return { kind: 'target', id: record['target']!, since, until: null };
  const [breaker, opened, until] = await store.redis.hmget(
    store.keys.breaker(record['target']!),
    'state',
    'since',
    'until',
  );
  if (!breaker || breaker === 'closed') return null;
  return { kind: 'target', id: record['target']!, since: iso(opened ?? undefined), until: iso(until ?? undefined) };
}

/** The order that has to end first, in one of the mailboxes this one stands in (mailbox.ts). */
async function orderAhead(store: Store, id: string, record: RawRecord): Promise<string | null> {
  const { target = '', customer = '', operates, peers = '[]' } = record;
  const others = JSON.parse(peers) as string[];
  const boxes = [...(customer === '' ? [] : [customer]), ...(operates === '1' ? [''] : []), ...others];
  const heads = await Promise.all(boxes.map((box) => store.redis.lindex(store.keys.mailbox(target, box), 0)));
  return heads.find((head) => head !== null && head !== id) ?? null;
}
