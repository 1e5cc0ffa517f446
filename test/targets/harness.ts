import { Queue, RateLimitError, Worker, type Processor } from 'bullmq';
import type { Redis } from 'ioredis';
import { afterEach } from 'vitest';
import { targetQueue } from '../../flows/jobs.ts';
import type { Platform } from '../../src/platforms/port.ts';
import { createKeys } from '../../src/redis/keys.ts';
import type { BreakerLimits, BreakerView } from '../../src/targets/breaker.ts';
import { createTargets, type Targets } from '../../src/targets/targets.ts';
import type { TestRedis } from '../setup/redis.ts';
import { createWorld, toyPlatform } from '../engine/toy.ts';

export const LIMITS: BreakerLimits = { firstMs: 60_000, longestMs: 240_000, failuresToOpen: 3 };

export interface Lab {
  redis: Redis;
  targets: Targets;
  queue(target: string): Queue;
  told: { target: string; view: BreakerView }[];
  /** A worker of a target's steps that ends with the test. */
  worker(target: string, processor: Processor): Worker;
  /** Makes a pause end now, wherever it is kept. */
  endPause(target: string): Promise<void>;
}

export interface LabOptions {
  concurrency?: number;
  limits?: Partial<BreakerLimits> | null;
  platform?: Platform;
  rate?: { max: number; perSeconds: number };
}

/** Gives a function that makes a pair of targets, `lab` and `vienna`, on real queues: what one process has of them. */
export function useLab(server: TestRedis) {
  const open: { close(): Promise<unknown> }[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.close()));
  });
  return (options: LabOptions = {}): Lab => {
    const redis = server.client();
    const keys = createKeys();
    const common = { connection: redis, prefix: keys.prefix };
    const queues = new Map(['lab', 'vienna'].map((name) => [name, new Queue(targetQueue(name), common)]));
    const platform = options.platform ?? toyPlatform(createWorld());
    const told: Lab['told'] = [];
    const configs = [...queues.keys()].map((name) => ({
      name,
      platform,
      rate: options.rate ?? null,
      settings: {
        name,
        url: 'http://127.0.0.1:1',
        auth: { username: 'u', password: 'p' },
        tls: { verify: true },
        concurrency: options.concurrency ?? 6,
        timeouts: { connectMs: 1, readMs: 1, writeMs: 1 },
        areaCodes: [],
        native: {},
      },
    }));
    const targets = createTargets({
      targets: new Map(configs.map((config) => [config.name, config])),
      redis,
      keys,
      queueOf: (name) => queues.get(name)!,
      ...(options.limits !== null && { breaker: options.limits ?? LIMITS }),
      onBreaker: (target, view) => told.push({ target, view }),
    });
    open.push(targets, ...queues.values());
    return {
      redis,
      targets,
      queue: (target) => queues.get(target)!,
      told,
      worker(target, processor) {
        const worker = new Worker(targetQueue(target), processor, {
          ...common,
          concurrency: options.concurrency ?? 6,
          limiter: { max: 2 ** 31, duration: 1_000 },
          maximumRateLimitDelay: 20,
        });
        worker.on('error', () => undefined);
        open.unshift({ close: () => worker.close(true) });
        return worker;
      },
      async endPause(target) {
        await redis.hset(keys.breaker(target), 'until', Date.now() - 1);
        await queues.get(target)!.removeRateLimitKey();
      },
    };
  };
}

export { RateLimitError };
