import type { TurnupError } from '../errors/index.ts';
import type { FileRecord, RunCounts, RunPhase, RunProgress } from './model.ts';

/** What the metrics of a process are told. */
export interface CollectorObserver {
  /** @param outcome `fetched`, `handedOver`, `refused` or `gone` */
  collectionFile(source: string, outcome: string): void;
  collectionBytes(source: string, bytes: number): void;
  collectionRecords(source: string, result: 'good' | 'rejected', count: number): void;
  collectionRun(source: string, outcome: string, durationMs: number): void;
}

type FileOutcome = 'fetched' | 'handedOver' | 'refused' | 'gone';

const TELL_MS = 500;

export type Tally = ReturnType<typeof createTally>;

/**
 * Counts what a run does and tells how far it is, twice a second at most.
 * @param tell never fails; what is told is only for people
 */
export function createTally(
  run: Pick<RunProgress, 'id' | 'by' | 'startedAt'>,
  source: string,
  observer: CollectorObserver,
  tell: (progress: RunProgress) => void,
) {
  const counts = { fetched: 0, handedOver: 0, refused: 0, gone: 0, waiting: 0, skipped: 0, bytes: 0 };
  const total = { files: 0, bytes: 0 };
  const done = { files: 0, bytes: 0 };
  let phase: RunPhase = 'connecting';
  let toldAt = Number.NEGATIVE_INFINITY;
  let unreadable: TurnupError | null = null;

  function show(): void {
    toldAt = performance.now();
    const files = { total: total.files, done: done.files };
    tell({ ...run, phase, files, bytes: { total: total.bytes, done: done.bytes } });
  }

  return {
    counts: (): RunCounts => ({ ...counts }),
    /** The first file that could not be read. */
    fault: () => unreadable,

    phase(next: RunPhase): void {
      phase = next;
      show();
    },

    listed(waiting: number, skipped: number): void {
      counts.waiting = waiting;
      counts.skipped = skipped;
    },

    /** What is to be fetched from now on. What was done before in this run counts as done. */
    plan(files: readonly Pick<FileRecord, 'size'>[]): void {
      total.files = done.files + files.length;
      done.bytes = counts.bytes;
      total.bytes = done.bytes + files.reduce((sum, { size }) => sum + size, 0);
      show();
    },

    bytes(count: number, isNew: boolean): void {
      done.bytes += count;
      if (isNew) {
        counts.bytes += count;
        observer.collectionBytes(source, count);
      }
      if (performance.now() - toldAt >= TELL_MS) show();
    },

    ended(outcome: FileOutcome, records: FileRecord['records'] = null): void {
      counts[outcome] += 1;
      if (outcome !== 'handedOver') done.files += 1;
      observer.collectionFile(source, outcome);
      if (records) {
        observer.collectionRecords(source, 'good', records.good);
        observer.collectionRecords(source, 'rejected', records.rejected);
      }
    },

    unreadable(error: TurnupError): void {
      unreadable ??= error;
    },
  };
}
