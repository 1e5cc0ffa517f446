import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import { whileStoreIsThere, type Store } from './lua.ts';
import type { JournalEntry, OrderView } from './record.ts';

const decompress = promisify(inflateRaw);

/** What is left of a settled order when its record is gone. */
export interface Archived {
  order: OrderView;
  journal: JournalEntry[];
  /** Of the journal's entries, for the cursors of its pages. */
  entryIds: string[];
}

export async function loadArchive(store: Store, id: string): Promise<Archived | null> {
  const content = await whileStoreIsThere(() => store.redis.getBuffer(store.keys.archive(id)));
  return content ? (JSON.parse((await decompress(content)).toString('utf8')) as Archived) : null;
}
