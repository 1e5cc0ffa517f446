import type { CollectionConfig } from '../config/index.ts';
import { TurnupError } from '../errors/index.ts';
import type { Logger } from '../observability/index.ts';
import { fetchFile, finishEarlier, giveUpFile, isUnchanged, remotePath, type FetchContext } from './fetch-file.ts';
import { handOver } from './hand-over.ts';
import { listSource, settle, type Listing } from './listing.ts';
import { fileId, newRecord, toFailure, type FileRecord, type ListedFile } from './model.ts';
import { sizeOf } from './place.ts';
import type { Tally } from './tally.ts';

export interface PassContext extends FetchContext {
  readonly tally: Tally;
  readonly log: Logger;
  /** Only files at the source of this time or later, in seconds since 1970. */
  readonly since: number | null;
  /** Whether files that were refused are tried again. */
  readonly again: boolean;
}

export interface Passed {
  /** Ids of all that the source shows. */
  readonly listed: ReadonlySet<string>;
  /** Files that another listing may show to be whole. */
  readonly waiting: number;
  /** A limit of the run was reached. */
  readonly isLimited: boolean;
}

function tooLarge(file: ListedFile, { limits }: CollectionConfig): FileRecord {
  const detail = `it has ${file.size} bytes, limits.fileBytes is ${limits.fileBytes}`;
  return { ...newRecord(file), state: 'refused', error: toFailure(new TurnupError('TURNUP_FILE_DAMAGED', { detail })) };
}

/** Puts what is new and whole into the ledger. @returns how many are not known to be whole */
async function discover(ctx: PassContext, listing: Listing, known: readonly (FileRecord | null)[]): Promise<number> {
  const { ledger, source, tally } = ctx;
  // One that was given up and is there again, as it was, is as good as new.
  const fresh = listing.files.filter((_, at) => known[at] === null || known[at]?.state === 'gone');
  const { ready, waiting, noted } = settle(fresh, await ledger.unsettled(), source.settleSeconds * 1000, Date.now());
  await ledger.setUnsettled(noted);
  const records = ready.map((file) => (file.size > source.limits.fileBytes ? tooLarge(file, source) : newRecord(file)));
  const again = known.filter(
    (record) => ctx.again && record?.state === 'refused' && record.size <= source.limits.fileBytes,
  );
  const seenAgain = again.map((record): FileRecord => ({
    ...record!,
    state: 'seen',
    synced: 0,
    sha256: null,
    error: null,
  }));
  await ledger.put(...records, ...seenAgain);
  for (const { state } of records) if (state === 'refused') tally.ended('refused');
  return waiting;
}

/** A file may go from the source only once it is handed over, and only as it was fetched. */
async function deleteAtSource(ctx: PassContext, record: FileRecord): Promise<void> {
  if (!ctx.source.deleteAtSource || record.state !== 'handedOver' || record.deletedAtSourceAt !== null) return;
  ctx.lease.require();
  const { checksum } = ctx.source;
  if (await isUnchanged(ctx, record)) {
    await ctx.remote.remove(remotePath(ctx, record.path));
    if (checksum) await ctx.remote.remove(remotePath(ctx, `${record.path}${checksum.suffix}`));
  }
  await ctx.ledger.put({ ...record, deletedAtSourceAt: new Date().toISOString() });
}

type HandOverContext = Pick<PassContext, 'source' | 'ledger' | 'place' | 'lease' | 'signal' | 'tally' | 'log'>;

/** Hands over what earlier runs stored and could not hand over. What is not on the disk any more is fetched again. */
export async function handOverStored(ctx: HandOverContext): Promise<void> {
  for (const record of await ctx.ledger.open()) {
    if (record.state !== 'stored' || record.local === null) continue;
    if ((await sizeOf(ctx.place.pathOf('files', record.local))) !== null) {
      await handOverOrTell(ctx, record);
      continue;
    }
    ctx.log.warn({ file: record.id }, 'a stored file is not on the disk any more');
    await ctx.ledger.disclaimName(record.local, record.id);
    await ctx.ledger.put({ ...record, state: 'seen', local: null, synced: 0, sha256: null, storedAt: null });
  }
}

/** Hands a stored file over. One that cannot be read keeps its state and tells why; others go on. */
async function handOverOrTell(ctx: HandOverContext, record: FileRecord): Promise<FileRecord> {
  try {
    const done = await handOver(ctx, record);
    ctx.tally.ended('handedOver', done.records);
    ctx.log.info({ file: done.id, bytes: done.size, records: done.records }, 'file handed over');
    return done;
  } catch (error) {
    if (!(error instanceof TurnupError) || error.code !== 'TURNUP_FILE_UNREADABLE') throw error;
    ctx.log.error({ err: error, file: record.id }, 'file cannot be read');
    ctx.tally.unreadable(error);
    const told: FileRecord = { ...record, error: toFailure(error) };
    await ctx.ledger.put(told);
    return told;
  }
}

async function bringOne(ctx: PassContext, record: FileRecord, isListed: boolean): Promise<void> {
  const { tally, log } = ctx;
  const fetched = isListed
    ? await fetchFile(ctx, record)
    : ((await finishEarlier(ctx, record)) ?? (await giveUpFile(ctx, record, 'it vanished before it was fetched')));
  if (fetched.state === 'refused' || fetched.state === 'gone') {
    log.warn({ file: fetched.id, state: fetched.state, why: fetched.error?.detail }, 'file not fetched');
    tally.ended(fetched.state);
    return;
  }
  tally.ended('fetched');
  if (fetched.sameAs !== null) log.info({ file: fetched.id, sameAs: fetched.sameAs }, 'file was handed over before');
  const done = fetched.state === 'stored' ? await handOverOrTell(ctx, fetched) : fetched;
  await deleteAtSource(ctx, done);
}

const byAge = (a: FileRecord, b: FileRecord): number => a.mtime - b.mtime || (a.path < b.path ? -1 : 1);

/** Brings what the ledger holds open, oldest first. @returns whether a limit ended it */
async function bring(ctx: PassContext, listed: ReadonlySet<string>): Promise<boolean> {
  const { limits } = ctx.source;
  const open = (await ctx.ledger.open()).filter(({ state, mtime }) => {
    return state !== 'stored' && (ctx.since === null || mtime >= ctx.since);
  });
  ctx.tally.plan(open);
  for (const record of open.toSorted(byAge)) {
    ctx.signal.throwIfAborted();
    const { fetched, bytes } = ctx.tally.counts();
    // A file that is larger than a run may be gets a run of its own.
    if (fetched >= limits.runFiles || (bytes > 0 && bytes + record.size > limits.runBytes)) return true;
    await bringOne(ctx, record, listed.has(record.id));
  }
  return false;
}

/** Lists the source once and fetches all that is known to be whole. */
export async function passOnce(ctx: PassContext): Promise<Passed> {
  const { ledger, tally } = ctx;
  tally.phase('listing');
  const listing = await listSource(ctx.remote, ctx.source);
  const ids = listing.files.map(fileId);
  const known = await ledger.read(ids);
  const waiting = await discover(ctx, listing, known);
  tally.listed(waiting + listing.unchecked, listing.skipped);
  for (const record of known) if (record) await deleteAtSource(ctx, record);
  tally.phase('fetching');
  const listed = new Set(ids);
  return { listed, waiting, isLimited: await bring(ctx, listed) };
}
