import type { Queue } from 'bullmq';
import type { StoreSample } from '../observability/metrics.ts';
import { lastLoss } from '../redis/marker.ts';
import { liveWorkers } from '../redis/workers.ts';
import type { ApiDeps } from './deps.ts';

/** States in which a job waits for a worker. */
const WAITING = ['waiting', 'prioritized'] as const;
const COUNTED = ['active', 'waiting-children', 'delayed', 'failed', 'completed', ...WAITING] as const;

async function oldestSeconds(queue: Queue): Promise<number> {
  const oldest = await queue.getJobs([...WAITING], 0, 0, true);
  const times = oldest.filter(Boolean).map((job) => job.timestamp);
  return times.length === 0 ? 0 : Math.max(0, (Date.now() - Math.min(...times)) / 1000);
}

/** What the store says at the moment of a scrape. */
export function createStoreSampler(
  deps: Pick<ApiDeps, 'redis' | 'keys' | 'store' | 'audits' | 'motor' | 'targets' | 'collections'>,
) {
  const { redis, keys, store, audits, motor, targets, collections } = deps;
  return async (): Promise<StoreSample> => {
    const [orders, queues, breakers, lastAudits, workers, loss, sources] = await Promise.all([
      store.countByState(),
      Promise.all(
        motor.queues.all().map(async (queue) => ({
          queue: queue.name,
          jobs: await queue.getJobCounts(...COUNTED),
          oldestSeconds: await oldestSeconds(queue),
        })),
      ),
      Promise.all(targets.names().map(async (target) => ({ target, state: (await targets.breaker(target)).state }))),
      audits.last(targets.names()),
      liveWorkers(redis, keys),
      lastLoss(redis, keys),
      Promise.all(collections.names().map((name) => collections.read(name))),
    ]);
    const collected = sources.map(({ name, files, held, lastGoodAt }) => ({
      source: name,
      files,
      isHeld: held !== null,
      goodAtMs: lastGoodAt === null ? 0 : Date.parse(lastGoodAt),
    }));
    const lostAtMs = loss ? Date.parse(loss.at) : 0;
    return {
      orders,
      queues,
      breakers,
      audits: lastAudits,
      workers: workers.length,
      collections: collected,
      lostAtMs,
    };
  };
}
