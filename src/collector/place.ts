import { createHash, randomUUID, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, open, readFile, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { TurnupError } from '../errors/index.ts';

/** Files hold who called whom: nobody but the owner of the process reads them. */
const FOLDER_MODE = 0o700;
export const FILE_MODE = 0o600;

export const LOCAL_FOLDERS = ['files', 'records', 'rejects', 'parts'] as const;
export type LocalFolder = (typeof LOCAL_FOLDERS)[number];

/** The local folder of one source. */
export type Place = ReturnType<typeof createPlace>;

/** A rename is on the disk once its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export async function sizeOf(file: string): Promise<number | null> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Feeds the file, up to `bytes` of it, to the hashes. */
export async function hashFile(file: string, hashes: readonly Hash[], bytes = Number.POSITIVE_INFINITY): Promise<void> {
  if (bytes === 0) return;
  for await (const chunk of createReadStream(file, { end: bytes - 1 })) {
    for (const hash of hashes) hash.update(chunk as Buffer);
  }
}

export async function sha256Of(file: string): Promise<string | null> {
  if ((await sizeOf(file)) === null) return null;
  const hash = createHash('sha256');
  await hashFile(file, [hash]);
  return hash.digest('hex');
}

export function createPlace(into: string, minimumFreeBytes: number) {
  const pathOf = (folder: LocalFolder, local: string, suffix = ''): string => join(into, folder, `${local}${suffix}`);

  return {
    pathOf,
    partOf: (local: string): string => pathOf('parts', local, '.part'),

    async prepare(): Promise<void> {
      for (const folder of LOCAL_FOLDERS) await mkdir(join(into, folder), { recursive: true, mode: FOLDER_MODE });
      // Of a folder that was there before.
      for (const folder of ['', ...LOCAL_FOLDERS]) await chmod(join(into, folder), FOLDER_MODE);
    },

    /** What the folder is known by: a volume that is not mounted, or another machine's, has another. */
    async identity(): Promise<string> {
      const file = join(into, '.turnup-folder');
      await writeFile(file, `${randomUUID()}\n`, { mode: FILE_MODE, flag: 'wx', flush: true }).catch(
        (error: unknown) => {
          if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        },
      );
      return (await readFile(file, 'utf8')).trim();
    },

    /** For a file in a folder below. */
    async prepareFor(file: string): Promise<void> {
      await mkdir(dirname(file), { recursive: true, mode: FOLDER_MODE });
    },

    /** @throws TurnupError `TURNUP_DISK_FULL` when `bytes` more would leave less than is to be left */
    async requireRoom(bytes: number): Promise<void> {
      const { bavail, bsize } = await statfs(into);
      const free = bavail * bsize;
      if (free - bytes >= minimumFreeBytes) return;
      const detail = `${free} bytes are free, ${bytes} are needed and ${minimumFreeBytes} are to be left`;
      throw new TurnupError('TURNUP_DISK_FULL', { detail });
    },

    /** Gives a finished file its name. */
    async publish(from: string, to: string): Promise<void> {
      await mkdir(dirname(to), { recursive: true, mode: FOLDER_MODE });
      await rename(from, to);
      await syncFolder(dirname(to));
    },

    async remove(...files: readonly string[]): Promise<void> {
      for (const file of files) await rm(file, { force: true });
    },
  };
}

/** A full disk is no fault of the source, whichever write met it. */
export function toDiskError(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  return new TurnupError('TURNUP_DISK_FULL', { detail: code, cause: error });
}
