import { FlowProducer, Queue, Worker, type FlowJob, type Job, type Processor, type WorkerOptions } from 'bullmq';
import type { Redis } from 'ioredis';
import { afterEach, beforeAll } from 'vitest';
import { useRedis, waitFor, type TestRedis } from '../setup/redis.ts';

export const PREFIX = '{turnup}';
export const ORDERS = 'orders';
export const STEPS = 'target-lab';

export interface Bull {
  readonly server: TestRedis;
  readonly redis: Redis;
  readonly orders: Queue;
  readonly steps: Queue;
  readonly flows: FlowProducer;
  /** A worker that ends with the test. */
  worker(queue: string, processor: Processor, options?: Partial<WorkerOptions>): Worker;
  /** Waits for the job of this id to be in a state. */
  until(queue: Queue, id: string, state: string): Promise<Job>;
  stateOf(queue: Queue, id: string): Promise<string>;
}

/** Plain BullMQ on a Redis of the calling file's own, with the prefix and queues of the engine. */
export function useBull(): Bull {
  const server = useRedis();
  const workers: Worker[] = [];
  let bull: Bull | undefined;

  beforeAll(() => {
    const redis = server.client();
    const common = { connection: redis, prefix: PREFIX };
    const stateOf = async (queue: Queue, id: string) => queue.getJobState(id);
    bull = {
      server,
      redis,
      orders: new Queue(ORDERS, common),
      steps: new Queue(STEPS, common),
      flows: new FlowProducer(common),
      worker(queue, processor, options) {
        const worker = new Worker(queue, processor, { ...common, ...options });
        worker.on('error', () => undefined);
        workers.push(worker);
        return worker;
      },
      async until(queue, id, state) {
        await waitFor(async () => (await stateOf(queue, id)) === state, { what: `job ${id} is ${state}` });
        return (await queue.getJob(id))!;
      },
      stateOf,
    };
  });
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.close(true)));
  });
  return new Proxy({} as Bull, { get: (_target, name) => bull?.[name as keyof Bull] });
}

export function stepNode(jobId: string, children: FlowJob[] = [], more: FlowJob['opts'] = {}): FlowJob {
  return {
    name: jobId,
    queueName: STEPS,
    data: {},
    opts: { jobId, ...more },
    ...(children.length > 0 && { children }),
  };
}

export function orderNode(jobId: string, children: FlowJob[]): FlowJob {
  return { name: jobId, queueName: ORDERS, data: {}, opts: { jobId }, children };
}

/** Ends only when it is told to. */
export function gate() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { promise, open: () => resolve() };
}
