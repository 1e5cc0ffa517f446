import type { Worker } from 'bullmq';
import type { Logger } from '../src/observability/index.ts';

/** At most one line about the same complaint in this time, in ms. */
const SELDOM_MS = 10_000;

/** Complaints that differ only in a script's digest, a line or a time are the same. */
const kindOf = (error: Error): string => error.message.replaceAll(/[0-9a-f]{8,}|\d+/g, '#');

/**
 * Logs what a worker of BullMQ complains of. A Redis that is full or was demoted answers everything with an error, many
 * times a second and from every worker: the first is told, and then now and then how many there were.
 */
export function logComplaints(worker: Worker, log: Logger): void {
  const told = new Map<string, { at: number; untold: number }>();
  worker.on('error', (error) => {
    const kind = kindOf(error);
    const before = told.get(kind);
    if (before && performance.now() - before.at < SELDOM_MS) {
      before.untold += 1;
      return;
    }
    told.set(kind, { at: performance.now(), untold: 0 });
    log.warn({ err: error, queue: worker.name, ...(before?.untold && { times: before.untold + 1 }) }, 'worker');
  });
}
