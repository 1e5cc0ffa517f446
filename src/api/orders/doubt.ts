import type { JournalEntry } from '../../orders/record.ts';
import type { OrderStore } from '../../orders/store.ts';

/** Errors after which a write may have been done all the same; of the others the target said that it was not. */
const UNKNOWN: readonly unknown[] = ['ambiguous', 'bug'];
/** That a deadline has passed is no answer of the target. */
const saysNothingDone = ({ detail }: JournalEntry): boolean =>
  !UNKNOWN.includes(detail['class']) && detail['code'] !== 'TURNUP_DEADLINE_PASSED';

const ATTEMPT_ENDS = ['stepFailed', 'stepWillRetry', 'parked'];
const PAGE = 1000;

async function journalOf(store: Pick<OrderStore, 'journal'>, id: string): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<OrderStore['journal']>> = await store.journal(id, {
      limit: PAGE,
      ...(cursor !== null && { cursor }),
    });
    entries.push(...(page?.items ?? []));
    cursor = page?.next ?? null;
  } while (cursor !== null);
  return entries;
}

export interface Doubts {
  /** Nobody knows whether the last write was done: its reply was lost, or its attempt vanished. */
  readonly now: ReadonlySet<string>;
  /** The same of any write in this run. */
  readonly ever: ReadonlySet<string>;
}

/**
 * The steps of which it is not certain that they did nothing, by step id. Every attempt looks before it writes: where
 * something is to be created, a write that was refused says of the earlier ones too that they made nothing.
 */
export async function readDoubts(store: Pick<OrderStore, 'journal'>, id: string): Promise<Doubts> {
  const now = new Set<string>();
  const ever = new Set<string>();
  const writing = new Set<string>();
  for (const entry of await journalOf(store, id)) {
    const { type, step, detail } = entry;
    if (type === 'replayed') {
      now.clear();
      ever.clear();
    }
    if (step === null) continue;
    if (type === 'stepStarted' && detail['intent'] !== undefined) {
      now.add(step);
      writing.add(step);
    } else if (ATTEMPT_ENDS.includes(type)) {
      if (!writing.delete(step)) continue;
      if (saysNothingDone(entry)) now.delete(step);
      else ever.add(step);
    } else if (type === 'takenOver') {
      writing.delete(step);
      ever.add(step);
    }
  }
  return { now, ever: new Set([...ever, ...now]) };
}
