import { createHash } from 'node:crypto';
import type { ErrorClass, ErrorCode, TurnupError } from '../errors/index.ts';
import type { SessionFacts } from './ssh/session.ts';

/**
 * `seen`: whole at the source. `fetching`: on its way. `stored`: on the disk, complete and checked. `handedOver`: there
 * for others, its records made. `refused`: too large, or damaged. `gone`: changed or vanished before it was fetched.
 */
export const FILE_STATES = ['seen', 'fetching', 'stored', 'handedOver', 'refused', 'gone'] as const;
export type FileState = (typeof FILE_STATES)[number];

export interface Failure {
  readonly code: ErrorCode;
  readonly title: string;
  readonly detail: string | null;
  readonly class: ErrorClass;
  readonly hint: string;
}

/** What is known of one file. Times are ISO 8601 UTC. */
export interface FileRecord {
  readonly id: string;
  /** Below the folder of the source. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Seconds since 1970. */
  readonly mtime: number;
  readonly state: FileState;
  readonly seenAt: string;
  /** Below `files` of the local folder. */
  readonly local: string | null;
  /** Bytes that are on the disk for sure while it is being fetched. */
  readonly synced: number;
  /** Hexadecimal; known before the file gets its name. */
  readonly sha256: string | null;
  readonly storedAt: string | null;
  readonly handedOverAt: string | null;
  readonly records: { readonly good: number; readonly rejected: number } | null;
  /** The file of the same path and content that was handed over before; this one was not. */
  readonly sameAs: string | null;
  readonly error: Failure | null;
  /** When the local copy was removed because its time was over. */
  readonly removedAt: string | null;
  readonly deletedAtSourceAt: string | null;
}

export interface ListedFile {
  readonly path: string;
  readonly size: number;
  readonly mtime: number;
}

export type RunPhase = 'connecting' | 'listing' | 'settling' | 'fetching' | 'handingOver';

export interface RunProgress {
  readonly id: string;
  readonly by: string;
  readonly startedAt: string;
  readonly phase: RunPhase;
  readonly files: { readonly total: number; readonly done: number };
  readonly bytes: { readonly total: number; readonly done: number };
}

/** `more`: ended at a limit of its own; the next run goes on. `stopped`: by the end of its process. */
export const RUN_OUTCOMES = ['done', 'more', 'failed', 'stopped'] as const;
export type RunOutcome = (typeof RUN_OUTCOMES)[number];

export interface RunCounts {
  readonly fetched: number;
  readonly handedOver: number;
  readonly refused: number;
  readonly gone: number;
  /** Not known to be whole yet, or without their checksum. */
  readonly waiting: number;
  /** Entries whose names cannot be used. */
  readonly skipped: number;
  readonly bytes: number;
}

export interface RunSummary {
  readonly id: string;
  readonly by: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly outcome: RunOutcome;
  readonly counts: RunCounts;
  readonly error: Failure | null;
  readonly connection: SessionFacts | null;
}

/** Why no run begins by itself. */
export interface Hold extends Failure {
  readonly at: string;
}

/** The same file is the same path, size and time; its digest is known only once it was read. */
export function fileId({ path, size, mtime }: ListedFile): string {
  return createHash('sha256').update(`${path}\0${size}\0${mtime}`).digest('base64url').slice(0, 22);
}

export function newRecord(file: ListedFile): FileRecord {
  return {
    id: fileId(file),
    path: file.path,
    size: file.size,
    mtime: file.mtime,
    state: 'seen',
    seenAt: new Date().toISOString(),
    local: null,
    synced: 0,
    sha256: null,
    storedAt: null,
    handedOverAt: null,
    records: null,
    sameAs: null,
    error: null,
    removedAt: null,
    deletedAtSourceAt: null,
  };
}

export function toFailure(error: TurnupError): Failure {
  const { code, title, detail = null, hint } = error;
  return { code, title, detail, class: error.class, hint };
}
