import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import type { Job, Queue } from 'bullmq';
import { AUDITS_QUEUE, UPKEEP_QUEUE } from '../../../flows/jobs.ts';
import { TurnupError } from '../../errors/index.ts';
import { actorOf } from '../auth/principal.ts';
import { boardActor } from './actor.ts';
import { BOARD_PATH } from './page.ts';

/** The one retry (I9): fresh attempts, journaled. Throws `TURNUP_STATE_CONFLICT` when the record says no. */
export type RetryJob = (jobId: string, by: string) => Promise<void>;

/** What is to be said of a queue at the moment; empty when nothing. */
export type DescribeQueue = (queue: string) => Promise<string>;

/** The id of the order comes first in the id of each of its jobs. */
function orderPagePath(jobId: string): string {
  return `${BOARD_PATH}/orders/${encodeURIComponent(jobId.split('.', 1)[0]!)}`;
}

function refusesRetry(error: unknown): error is TurnupError {
  return error instanceof TurnupError && (error.code === 'TURNUP_STATE_CONFLICT' || error.code === 'TURNUP_NOT_FOUND');
}

/**
 * A queue as the board sees it, except that a retry goes through the record. The board finds the job of its retry
 * button with `getJob` and those of "retry all" with `getJobs`: both must be overridden.
 */
export function createQueueAdapter(queue: Queue, retryJob: RetryJob, describe: DescribeQueue): BullMQAdapter {
  const adapter = new BullMQAdapter(queue, {
    ...(![UPKEEP_QUEUE, AUDITS_QUEUE].includes(queue.name) && {
      externalJobUrl: (job) => ({ displayText: 'Order', href: orderPagePath(String(job.id)) }),
    }),
  });
  let description = '';

  async function retry(id: string, state: string): Promise<void> {
    const actor = boardActor.getStore();
    if (!actor) throw new TurnupError('TURNUP_UNAUTHENTICATED');
    try {
      if (state !== 'failed') throw new TurnupError('TURNUP_STATE_CONFLICT', { detail: `the job is ${state}` });
      await retryJob(id, actorOf(actor.operator));
    } catch (error) {
      // One job that may not be retried must not keep "retry all" from the others; the hook tells the two apart.
      if (!refusesRetry(error)) throw error;
      actor.refused.add(id);
      actor.refusal ??= error;
    }
  }

  const takeOver = (job: Job): Job => Object.assign(job, { retry: (state = 'failed') => retry(String(job.id), state) });
  const getJob = adapter.getJob.bind(adapter);
  const getJobs = adapter.getJobs.bind(adapter);
  const getJobCounts = adapter.getJobCounts.bind(adapter);
  Object.assign(adapter, {
    allowCompletedRetries: false,
    getDescription: () => description,
    // The board asks for the counts, waits for them, and then asks for the description, which may not wait.
    getJobCounts: async () => {
      const [counts, told] = await Promise.all([getJobCounts(), describe(queue.name).catch(() => '')]);
      description = told;
      return counts;
    },
    getJob: async (id: string) => {
      const job = await getJob(id);
      return job && takeOver(job);
    },
    getJobs: async (...args: Parameters<typeof getJobs>) => (await getJobs(...args)).map(takeOver),
  });
  // Hides the form for what the policy forbids: the rate limit is how a target is parked.
  Object.defineProperty(adapter, 'supportsGlobalRateLimit', { value: false });
  return adapter;
}
