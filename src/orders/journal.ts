import { orderScript, runOrderScript, whileStoreIsThere, type Store } from './lua.ts';
import { loadArchive } from './archived.ts';
import type { JournalEntry, Page } from './record.ts';
import { TurnupError } from '../errors/index.ts';

/** The id of an entry; what Redis could not read as one would be a fault of ours. */
const CURSOR = /^\d{1,19}-\d{1,19}$/;

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
    if (entries.length === 0) return readArchivedJournal(store, id, page);
    const items = entries.slice(0, page.limit);
    const last = items.at(-1);
    return {
      items: items.map(([entryId, fields]) => toEntry(entryId, fields)),
      next: entries.length > page.limit && last ? last[0] : null,
    };
  });
}

/** The same pages and cursors of an order that was archived, perhaps between two pages. */
async function readArchivedJournal(
  store: Store,
  id: string,
  page: { limit: number; cursor?: string },
): Promise<Page<JournalEntry> | null> {
  const archived = await loadArchive(store, id);
  if (!archived) return (await store.redis.exists(store.keys.order(id))) === 1 ? { items: [], next: null } : null;
  const { journal, entryIds } = archived;
  const { cursor } = page;
  const from = cursor === undefined ? 0 : entryIds.findIndex((entryId) => isAfter(entryId, cursor));
  if (from < 0) return { items: [], next: null };
  const end = from + page.limit;
  return { items: journal.slice(from, end), next: end < journal.length ? entryIds[end - 1]! : null };
}

function isAfter(entryId: string, cursor: string): boolean {
  const [ms = 0n, seq = 0n] = entryId.split('-').map(BigInt);
  const [cursorMs = 0n, cursorSeq = 0n] = cursor.split('-').map(BigInt);
  return ms > cursorMs || (ms === cursorMs && seq > cursorSeq);
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

/* ARGV: 3 type, 4 step, 5 by, 6 detail. Of an order that is archived nothing more is told: it would hide its archive. */
const NOTE = orderScript(`
if get('state') ~= '' then journal(ARGV[3], ARGV[4], ARGV[5], ARGV[6]) end
return 1
`);

/** Appends what happened to the order outside the step protocol, e.g. what an operator did. */
export async function appendJournal(store: Store, id: string, entry: Omit<JournalEntry, 'at'>): Promise<void> {
  const { type, step, by, detail } = entry;
  await runOrderScript(store, NOTE, id, [type, step ?? '', by, JSON.stringify(detail)]);
}
