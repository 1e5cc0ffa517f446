import { createHash, type Hash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { posix } from 'node:path';
import type { CollectionConfig } from '../config/index.ts';
import { TurnupError } from '../errors/index.ts';
import type { Ledger } from './ledger.ts';
import type { Lease } from './lease.ts';
import { toFailure, type FileRecord } from './model.ts';
import { FILE_MODE, hashFile, sha256Of, sizeOf, toDiskError, type Place } from './place.ts';
import type { RemoteFolder } from './ssh/remote-folder.ts';

/** What is fetched is made safe each time so much has come; a break costs no more than that. */
export const SYNC_BYTES = 8 * 2 ** 20;
/** Once more from the start; then a person must look. */
const TRIES = 2;
const LONGEST_CHECKSUM_FILE = 4096;

export interface FetchContext {
  readonly source: CollectionConfig;
  readonly remote: RemoteFolder;
  readonly place: Place;
  readonly ledger: Ledger;
  readonly lease: Lease;
  /** Aborted when the run is to end. */
  readonly signal: AbortSignal;
  readonly syncBytes: number;
  /** Told of bytes that came, or that an earlier attempt had brought. */
  onBytes(count: number, isNew: boolean): void;
}

export const remotePath = ({ source }: FetchContext, path: string): string => posix.join(source.folder, path);

/** `name`, then `name~2` and so on: an earlier file of the same name is never overwritten. */
function candidate(path: string, number: number): string {
  if (number === 1) return path;
  const { dir, name, ext } = posix.parse(path);
  return posix.join(dir, `${name}~${number}${ext}`);
}

/** A local name that is this file's alone, on the disk and in the ledger. */
async function claimLocal(ctx: FetchContext, record: FileRecord): Promise<string> {
  for (let number = 1; ; number += 1) {
    const local = candidate(record.path, number);
    if (!(await ctx.ledger.claimName(local, record.id))) continue;
    // Something of which the ledger does not know: from before its data were lost, or put there by somebody.
    if ((await sizeOf(ctx.place.pathOf('files', local))) === null) return local;
  }
}

/** Whether the source still has the file as it was listed. */
export async function isUnchanged(ctx: FetchContext, { path, size, mtime }: FileRecord): Promise<boolean> {
  const now = await ctx.remote.look(remotePath(ctx, path));
  return now !== null && now.kind === 'file' && now.size === size && now.mtime === mtime;
}

interface Hashes {
  readonly sha256: Hash;
  /** Of the algorithm that the source's checksums have. */
  readonly checked: Hash | null;
}

function createHashes({ source: { checksum } }: FetchContext): Hashes {
  const isOther = checksum !== null && checksum.algorithm !== 'sha256';
  return { sha256: createHash('sha256'), checked: isOther ? createHash(checksum.algorithm) : null };
}

/** What is already here and known to be on the disk; anything after that is cut off. */
async function takeUp(file: FileHandle, part: string, record: FileRecord, hashes: readonly Hash[]): Promise<number> {
  const { size } = await file.stat();
  const kept = Math.min(size, record.synced);
  await file.truncate(kept);
  await hashFile(part, hashes, kept);
  return kept;
}

async function writeAll(file: FileHandle, chunk: Buffer, at: number): Promise<void> {
  for (let done = 0; done < chunk.length;) {
    done += (await file.write(chunk, done, chunk.length - done, at + done)).bytesWritten;
  }
}

/** Appends what the source has from where the part ends. Gives the record as it is stored in the end. */
async function download(ctx: FetchContext, record: FileRecord, local: string, hashes: Hashes): Promise<void> {
  const { place, ledger, lease, signal, syncBytes } = ctx;
  const all = [hashes.sha256, ...(hashes.checked ? [hashes.checked] : [])];
  const part = place.partOf(local);
  await place.prepareFor(part);
  // Not "a": that would write at the end whatever is cut off.
  const file = await open(part, record.synced > 0 ? 'r+' : 'w', FILE_MODE).catch(
    async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      return open(part, 'w', FILE_MODE);
    },
  );
  try {
    let at = await takeUp(file, part, record, all);
    ctx.onBytes(at, false);
    let synced = at;
    await place.requireRoom(record.size - at);
    if (at < record.size) {
      for await (const chunk of ctx.remote.read(remotePath(ctx, record.path), at)) {
        signal.throwIfAborted();
        lease.require();
        if (at + chunk.length > record.size) throw changed();
        await writeAll(file, chunk, at);
        for (const hash of all) hash.update(chunk);
        at += chunk.length;
        ctx.onBytes(chunk.length, true);
        if (at - synced < syncBytes) continue;
        await file.datasync();
        synced = at;
        await ledger.put({ ...record, synced });
      }
    }
    if (at < record.size) throw changed();
    await file.sync();
  } finally {
    await file.close();
  }
}

const CHANGED = 'it changed while it was being fetched';
const changed = (): TurnupError => new TurnupError('TURNUP_FILE_DAMAGED', { detail: CHANGED });

/** The checksum that the source gives for the file, in lower case. */
async function readChecksum(ctx: FetchContext, path: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of ctx.remote.read(remotePath(ctx, `${path}${ctx.source.checksum!.suffix}`), 0)) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > LONGEST_CHECKSUM_FILE) break;
  }
  return Buffer.concat(chunks).toString('latin1').trim().split(/\s/, 1)[0]!.toLowerCase();
}

/** What is wrong with what was fetched, or null. */
async function damage(ctx: FetchContext, record: FileRecord, hashes: Hashes, sha256: string): Promise<string | null> {
  if (ctx.source.checksum === null) return null;
  const { algorithm } = ctx.source.checksum;
  const wanted = await readChecksum(ctx, record.path);
  const found = hashes.checked?.digest('hex') ?? sha256;
  return wanted === found ? null : `its ${algorithm} is ${found}, the source says ${wanted.slice(0, 128)}`;
}

/** What a crash may have left between the last byte and the word that the file is stored. */
export async function finishEarlier(ctx: FetchContext, record: FileRecord): Promise<FileRecord | null> {
  const { local, sha256 } = record;
  if (local === null || sha256 === null) return null;
  if ((await sha256Of(ctx.place.pathOf('files', local))) === sha256) return stored(ctx, record);
  if ((await sha256Of(ctx.place.partOf(local))) === sha256) return publish(ctx, record);
  return null;
}

async function stored({ ledger }: FetchContext, record: FileRecord): Promise<FileRecord> {
  const done: FileRecord = { ...record, state: 'stored', storedAt: new Date().toISOString(), error: null };
  await ledger.put(done);
  return done;
}

/** Gives the file its name, unless the same was handed over under this path before. */
async function publish(ctx: FetchContext, record: FileRecord): Promise<FileRecord> {
  const { place, ledger, lease } = ctx;
  const local = record.local!;
  const first = await ledger.claimContent(record);
  if (first !== record.id) {
    await discard(ctx, record);
    const now = new Date().toISOString();
    const same: FileRecord = {
      ...record,
      state: 'handedOver',
      sameAs: first,
      local: null,
      handedOverAt: now,
      error: null,
    };
    await ledger.put(same);
    return same;
  }
  lease.require();
  const there = await findOnDisk(ctx, record);
  if (there !== null) {
    await discard(ctx, record);
    return stored(ctx, { ...record, local: there });
  }
  await place.publish(place.partOf(local), place.pathOf('files', local));
  return stored(ctx, record);
}

/** The same file under a name that it could have had before, when a ledger that was lost knew of it. */
async function findOnDisk({ place, ledger }: FetchContext, record: FileRecord): Promise<string | null> {
  for (let number = 1; ; number += 1) {
    const local = candidate(record.path, number);
    if (local === record.local) return null;
    const isSame = (await sha256Of(place.pathOf('files', local))) === record.sha256;
    if (isSame && (await ledger.claimName(local, record.id))) return local;
  }
}

/** Nothing is kept of what was fetched. */
async function discard({ place, ledger }: FetchContext, { local, id }: FileRecord): Promise<void> {
  if (local === null) return;
  await place.remove(place.partOf(local));
  await ledger.disclaimName(local, id);
}

async function give(ctx: FetchContext, record: FileRecord, state: 'gone' | 'refused', error: TurnupError) {
  await discard(ctx, record);
  const given: FileRecord = { ...record, state, local: null, synced: 0, sha256: null, error: toFailure(error) };
  await ctx.ledger.put(given);
  return given;
}

/** A file that will not be fetched by itself any more, because of what it is. */
function refuseFile(ctx: FetchContext, record: FileRecord, detail: string): Promise<FileRecord> {
  return give(ctx, record, 'refused', new TurnupError('TURNUP_FILE_DAMAGED', { detail }));
}

/** A file that is not at the source any more as it was seen; what is there now is another. */
export function giveUpFile(ctx: FetchContext, record: FileRecord, detail: string): Promise<FileRecord> {
  return give(ctx, record, 'gone', new TurnupError('TURNUP_FILE_DAMAGED', { detail }));
}

async function fetchOnce(ctx: FetchContext, begun: FileRecord): Promise<FileRecord | { damage: string }> {
  const hashes = createHashes(ctx);
  await download(ctx, begun, begun.local!, hashes);
  if (!(await isUnchanged(ctx, begun))) return giveUpFile(ctx, begun, CHANGED);
  const sha256 = hashes.sha256.digest('hex');
  const fault = await damage(ctx, begun, hashes, sha256);
  if (fault !== null) return { damage: fault };
  const whole: FileRecord = { ...begun, synced: begun.size, sha256 };
  // Known before it gets its name: after a crash in between, the file on the disk can be told from any other.
  await ctx.ledger.put(whole);
  return publish(ctx, whole);
}

/**
 * Fetches one file: into a part, on from where an earlier attempt came to, made safe, checked, and only then given its
 * name. A file that is refused or gone is in its record, not thrown.
 *
 * @throws TurnupError why the session, the lease or the disk did not let it; the part stays for the next attempt
 */
export async function fetchFile(ctx: FetchContext, record: FileRecord): Promise<FileRecord> {
  let begun = record;
  try {
    const finished = record.state === 'fetching' ? await finishEarlier(ctx, record) : null;
    if (finished) return finished;
    const isBegun = record.state === 'fetching' && record.local !== null;
    const local = isBegun ? record.local : await claimLocal(ctx, record);
    begun = { ...record, local, state: 'fetching', sha256: null, synced: isBegun ? record.synced : 0 };
    await ctx.ledger.put(begun);
    for (let tries = 1; ; tries += 1) {
      const outcome = await fetchOnce(ctx, begun);
      if (!('damage' in outcome)) return outcome;
      if (tries === TRIES) return await refuseFile(ctx, begun, outcome.damage);
      begun = { ...begun, synced: 0 };
      await ctx.ledger.put(begun);
    }
  } catch (error) {
    const known = toDiskError(error);
    if (known instanceof TurnupError && known.code === 'TURNUP_FILE_DAMAGED') return giveUpFile(ctx, begun, CHANGED);
    throw known;
  }
}
