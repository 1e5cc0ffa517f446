import type { JournalEntry, Page } from '../../orders/record.ts';
import { openApi, orderPath, type ApiOptions } from '../api-client.ts';
import { journalText } from '../order-text.ts';
import { EXIT_OK } from '../report.ts';

export async function run(input: ApiOptions & { id: string }): Promise<number> {
  const api = await openApi(input);
  const entries: JournalEntry[] = [];
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? '' : `?cursor=${encodeURIComponent(cursor)}`;
    const path = `${orderPath(input.id, 'journal')}${query}`;
    const page: Page<JournalEntry> = await api.call({ method: 'GET', path });
    entries.push(...page.items);
    cursor = page.next;
  } while (cursor !== null);
  console.log(input.json ? JSON.stringify(entries, null, 2) : journalText(entries));
  return EXIT_OK;
}
