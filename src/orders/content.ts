import { readItems, type StoredItems } from './bodies.ts';
import { whileStoreIsThere, type Store } from './lua.ts';
import { isToUndo } from './read.ts';
import type { StoredStep } from './plan.ts';
import type { Direction, OrderState, StepState } from './states.ts';

/** What the record holds of an order besides how far it is: all that a mend needs to see. */
export interface StoredContent extends StoredItems {
  /** Changes with everything that happens to the order; a mend that was made from an older one is refused. */
  version: string;
  state: OrderState;
  direction: Direction;
  target: string;
  run: number;
  /** The run whose key the order's things bear. */
  keyRun: number;
  /** Keyed hash of what the order was last amended to, or null. */
  amendedAs: string | null;
  /** Whether the order has entered its mailboxes. */
  mailed: boolean;
  /** The order without its subscribers and operations, and without secrets, as they are. */
  common: Record<string, unknown>;
  /** Sealed JSON of path → secret, bound to the order id. */
  secrets: string | null;
  /** Paths of the secrets that Turnup made up. */
  generated: string[];
  plan: StoredStep[];
  /** `begun`: a write to the target was begun in this run. */
  steps: Record<string, { state: StepState; begun: boolean; toUndo: boolean }>;
}

/** Null when there is no such order, or only its archive is left. */
export async function readContent(store: Store, id: string): Promise<StoredContent | null> {
  return whileStoreIsThere(async () => {
    // The version first: what happens between the two reads makes it an old one.
    const [newest] = await store.redis.xrevrange(store.keys.journal(id), '+', '-', 'COUNT', 1);
    const record = await store.redis.hgetall(store.keys.order(id));
    if (!record['state']) return null;
    const plan = JSON.parse(record['plan'] ?? '[]') as StoredStep[];
    const steps = plan.map((step) => [
      step.id,
      {
        state: (record[`s:${step.id}:st`] ?? 'waiting') as StepState,
        begun: Boolean(record[`s:${step.id}:i`]),
        toUndo: isToUndo(record, step.id),
      },
    ]);
    return {
      version: newest?.[0] ?? '',
      state: record['state'] as OrderState,
      direction: record['dir'] === 'u' ? 'undo' : 'forward',
      target: record['target'] ?? '',
      run: Number(record['run']),
      keyRun: Number(record['base'] || record['run']),
      amendedAs: record['amendedAs'] || null,
      mailed: record['mailed'] === '1',
      common: JSON.parse(record['body'] ?? '{}') as Record<string, unknown>,
      ...readItems(record, plan),
      secrets: record['secrets'] || null,
      generated: JSON.parse(record['generated'] || '[]') as string[],
      plan,
      steps: Object.fromEntries(steps) as StoredContent['steps'],
    };
  });
}
