import type { Worker } from 'bullmq';

/**
 * When each active job's lock runs out unless it is renewed, on this process's monotonic clock: a process that slept
 * must know that its locks are gone without asking anybody (DESIGN §5.6).
 */
export function watchLocks(worker: Worker, lockMs: number) {
  const renewedAt = new Map<string, number>();
  worker.on('active', (job) => renewedAt.set(job.id!, performance.now()));
  worker.on('locksRenewed', ({ jobIds }) => {
    for (const id of jobIds) renewedAt.set(id, performance.now());
  });
  worker.on('lockRenewalFailed', (ids) => {
    for (const id of ids) {
      renewedAt.delete(id);
      worker.cancelJob(id, 'the lock was lost');
    }
  });
  const forget = (job?: { id?: string }) => renewedAt.delete(job?.id ?? '');
  worker.on('completed', forget);
  worker.on('failed', forget);
  return (jobId: string): number => (renewedAt.get(jobId) ?? Number.NEGATIVE_INFINITY) + lockMs;
}
