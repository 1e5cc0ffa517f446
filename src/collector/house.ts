import type { CollectionConfig } from '../config/index.ts';
import { localFilesOf } from './hand-over.ts';
import type { Ledger } from './ledger.ts';
import type { FileState } from './model.ts';
import type { Place } from './place.ts';

const DAY_MS = 86_400_000;
const EVERY_MS = 3_600_000;

/** States in which nothing of a file is on the disk. */
const OVER: readonly FileState[] = ['gone', 'refused'];

export interface HouseContext {
  readonly source: Pick<CollectionConfig, 'retentionDays'>;
  readonly ledger: Ledger;
  readonly place: Place;
}

const isOlder = (iso: string | null, before: number): boolean => iso !== null && Date.parse(iso) < before;

/** Whether it is time to keep the house of the source: once an hour is often enough for days. */
export async function isHouseDue(ledger: Ledger, now: number): Promise<boolean> {
  return now - (await ledger.keptAt()) >= EVERY_MS;
}

/**
 * Removes what was fetched longer ago than it may be kept. What is not handed over stays: nobody has it yet.
 * @returns how many files went
 */
export async function removeExpired({ source, ledger, place }: HouseContext, now: number): Promise<number> {
  const before = now - source.retentionDays * DAY_MS;
  let removed = 0;
  for await (const record of ledger.all()) {
    const isDue = record.state === 'handedOver' && record.local !== null && record.removedAt === null;
    if (!isDue || !isOlder(record.handedOverAt, before)) continue;
    await place.remove(...localFilesOf(place, record.local));
    await ledger.put({ ...record, removedAt: new Date(now).toISOString() });
    removed += 1;
  }
  await ledger.setKeptAt(now);
  return removed;
}

/**
 * Forgets files whose time is over and that the source does not show any more. One that is still there must be known,
 * or it would be fetched again.
 * @param listed ids that the source shows
 */
export async function forgetExpired(
  { source, ledger }: HouseContext,
  listed: ReadonlySet<string>,
  now: number,
): Promise<void> {
  const before = now - source.retentionDays * DAY_MS;
  for await (const record of ledger.all()) {
    const isRemoved = record.local === null || record.removedAt !== null;
    const isOver = OVER.includes(record.state) || (record.state === 'handedOver' && isRemoved);
    if (isOver && isOlder(record.seenAt, before) && !listed.has(record.id)) await ledger.forget(record);
  }
}
