import { whileStoreIsThere, type Store } from './lua.ts';
import { loadArchive } from './archive.ts';
import type { JournalEntry, Page } from './record.ts';
import { TurnupError } from '../errors/index.ts';

const CURSOR = /^\d+-\d+$/;

/** Oldest first. Null when there is no such order. The cursor is opaque to callers. */
export async function readJournal(
  store: Store,
  id: string,
  page: { limit: number; cursor?: string },
): Promise<Page<JournalEntry> | null> {
  if (page.cursor !== undefined && !CURSOR.test(page.cursor)) {
    throw new TurnupError('TURNUP_INVALID_REQUEST', { faults: [{ path: ['cursor'], message: 'is not a cursor' }] });
  }
  return whileStoreIsThere(async () => {
    const from = page.cursor ? `(${page.cursor}` : '-';
    const entries = await store.redis.xrange(store.keys.journal(id), from, '+', 'COUNT', page.limit + 1);
    if (entries.length === 0 && page.cursor === undefined) return readArchivedJournal(store, id);
    const items = entries.slice(0, page.limit);
    const last = items.at(-1);
    return {
      items: items.map(([entryId, fields]) => toEntry(entryId, fields)),
      next: entries.length > page.limit && last ? last[0] : null,
    };
  });
}

async function readArchivedJournal(store: Store, id: string): Promise<Page<JournalEntry> | null> {
  const archived = await loadArchive(store, id);
  return archived ? { items: archived.journal, next: null } : null;
}

export function toEntry(entryId: string, fields: string[]): JournalEntry {
  const [, type = '', , step = '', , by = '', , detail = ''] = fields;
  return {
    at: new Date(Number(entryId.split('-')[0])).toISOString(),
    type,
    step: step || null,
    by,
    detail: detail ? (JSON.parse(detail) as Record<string, unknown>) : {},
  };
}

/** Appends what happened to the order outside the step protocol, e.g. what an operator did. */
export async function appendJournal(store: Store, id: string, entry: Omit<JournalEntry, 'at'>): Promise<void> {
  const { type, step, by, detail } = entry;
  await whileStoreIsThere(() =>
    store.redis.xadd(store.keys.journal(id), '*', 't', type, 's', step ?? '', 'b', by, 'd', JSON.stringify(detail)),
  );
}
