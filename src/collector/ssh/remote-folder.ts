import type { Readable } from 'node:stream';
import type { FileEntryWithStats, SFTPWrapper, Stats } from 'ssh2';
import { TurnupError } from '../../errors/index.ts';
import { NO_SUCH_FILE, toSftpError } from './failures.ts';

export interface RemoteEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'other';
  readonly size: number;
  /** Seconds since 1970; SFTP 3 has no finer. */
  readonly mtime: number;
}

/** What can be done over a session. Everything throws TurnupError `TURNUP_SOURCE_FAILED` or why the session was lost. */
export interface RemoteFolder {
  /** All entries, links not followed. Refuses a folder of more than `most`. */
  list(folder: string, most: number): Promise<RemoteEntry[]>;
  /** Null where there is nothing. Links are not followed. */
  look(path: string): Promise<RemoteEntry | null>;
  /** The bytes from `from` on. */
  read(path: string, from: number): AsyncIterable<Buffer>;
  remove(path: string): Promise<void>;
}

/** Of one request. Without an end a server that hangs would hold the source for ever. */
const ANSWER_MS = 60_000;
const READ_BYTES = 256 * 1024;

function kindOf(stats: Stats): RemoteEntry['kind'] {
  if (stats.isFile()) return 'file';
  return stats.isDirectory() ? 'folder' : 'other';
}

const toEntry = ({ filename, attrs }: FileEntryWithStats): RemoteEntry => ({
  name: filename,
  kind: kindOf(attrs),
  size: attrs.size,
  mtime: attrs.mtime,
});

type Done<T> = (error?: unknown, value?: T) => void;

/** `stalled` is called when the server leaves a request without an answer; it ends the session. */
export function createRemoteFolder(sftp: SFTPWrapper, lost: AbortSignal, stalled: () => void): RemoteFolder {
  function ask<T>(send: (done: Done<T>) => void): Promise<T> {
    lost.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const timer = setTimeout(stalled, ANSWER_MS);
    const leave = (): void => reject(lost.reason as Error);
    lost.addEventListener('abort', leave);
    send((error, value) => (error ? reject(error) : resolve(value as T)));
    return promise.finally(() => {
      clearTimeout(timer);
      lost.removeEventListener('abort', leave);
    });
  }

  /** The error of a session that is gone says more than that of the request that noticed. */
  const explained = (error: unknown, what: string): unknown =>
    lost.aborted ? lost.reason : error instanceof TurnupError ? error : toSftpError(error, what);

  async function list(folder: string, most: number): Promise<RemoteEntry[]> {
    const entries: RemoteEntry[] = [];
    try {
      const handle = await ask<Buffer>((done) => sftp.opendir(folder, done));
      try {
        // ssh2 reads the whole folder at once when it is given a path; a handle goes page by page.
        for (;;) {
          const page = await ask<FileEntryWithStats[] | null>((done) =>
            sftp.readdir(handle, (error, found) =>
              (error as { code?: unknown } | undefined)?.code === 1 ? done(undefined, null) : done(error, found),
            ),
          );
          if (!page) return entries;
          entries.push(...page.map(toEntry));
          if (entries.length > most) {
            const detail = `a folder holds more than ${most} entries`;
            throw new TurnupError('TURNUP_SOURCE_FAILED', { detail, class: 'rejected' });
          }
        }
      } finally {
        sftp.close(handle, () => undefined);
      }
    } catch (error) {
      throw explained(error, 'the folder cannot be listed');
    }
  }

  async function look(path: string): Promise<RemoteEntry | null> {
    try {
      const stats = await ask<Stats>((done) => sftp.lstat(path, done));
      return { name: path, kind: kindOf(stats), size: stats.size, mtime: stats.mtime };
    } catch (error) {
      if ((error as { code?: unknown }).code === NO_SUCH_FILE) return null;
      throw explained(error, 'a file cannot be looked at');
    }
  }

  async function* read(path: string, from: number): AsyncGenerator<Buffer> {
    lost.throwIfAborted();
    const stream: Readable = sftp.createReadStream(path, { start: from, highWaterMark: READ_BYTES });
    const leave = (): void => void stream.destroy(lost.reason as Error);
    lost.addEventListener('abort', leave);
    let timer = setTimeout(stalled, ANSWER_MS);
    try {
      for await (const chunk of stream) {
        // The time is the server's: while a chunk is being written nobody waits for it.
        clearTimeout(timer);
        yield chunk as Buffer;
        timer = setTimeout(stalled, ANSWER_MS);
      }
    } catch (error) {
      throw explained(error, 'a file cannot be read');
    } finally {
      clearTimeout(timer);
      lost.removeEventListener('abort', leave);
      stream.destroy();
    }
  }

  async function remove(path: string): Promise<void> {
    try {
      await ask<void>((done) => sftp.unlink(path, done));
    } catch (error) {
      throw explained(error, 'a file cannot be removed');
    }
  }

  return { list, look, read, remove };
}
