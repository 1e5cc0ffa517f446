import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { TurnupError } from '../errors/index.ts';
import type { Connection, Platform, TargetSettings } from '../platforms/port.ts';
import type { KeyScheme } from '../redis/keys.ts';
import { createBreaker, type BreakerLimits, type BreakerReason, type BreakerView } from './breaker.ts';
import { createDefinitions, type TargetDefinitions } from './definitions.ts';
import { createRate, type TakeCall } from './rate.ts';

export interface TargetConfig {
  readonly name: string;
  readonly platform: Platform;
  readonly settings: TargetSettings;
  readonly rate: { readonly max: number; readonly perSeconds: number } | null;
}

export interface Target {
  readonly name: string;
  readonly platform: Platform;
  readonly settings: TargetSettings;
  readonly definitions: TargetDefinitions;
  readonly takeCall: TakeCall;
  /** Made at first use and shared by all steps of this process. */
  connection(): Connection;
}

export interface TargetsOptions {
  targets: ReadonlyMap<string, TargetConfig>;
  redis: Redis;
  keys: KeyScheme;
  /** The BullMQ queue of a target's steps. */
  queueOf(target: string): Queue;
  breaker?: Partial<BreakerLimits>;
  onBreaker?(target: string, view: BreakerView): void;
}

const BREAKER: BreakerLimits = { firstMs: 1_000, longestMs: 60_000, failuresToOpen: 8 };
/** A refused login is not tried again soon: platforms ban a login that fails too often (sipwise-ngcp.md §1). */
const AUTH_BREAKER: BreakerLimits = { firstMs: 60_000, longestMs: 900_000, failuresToOpen: 1 };
/** Longer than any order waits; the reconciler of a worker renews nothing because nothing has to be renewed. */
const UNTIL_CLOSED_MS = 10 * 365 * 24 * 3600 * 1000;

export type Targets = ReturnType<typeof createTargets>;

/** The configured targets, and what keeps each of them safe over all workers: breaker, rate, cached definitions. */
export function createTargets(options: TargetsOptions) {
  const { redis, keys, queueOf } = options;
  const targets = new Map([...options.targets.values()].map((config) => [config.name, createTarget(config)]));

  function createTarget(config: TargetConfig): Target & { close(): Promise<void>; limits: BreakerLimits } {
    const definitions = createDefinitions(redis, keys, config.name, config.platform);
    let connection: Connection | null = null;
    return {
      name: config.name,
      platform: config.platform,
      settings: config.settings,
      definitions,
      takeCall: createRate(redis, keys, config.name, config.rate ?? undefined),
      limits: { ...BREAKER, ...options.breaker },
      connection: () => (connection ??= config.platform.connect(config.settings, definitions)),
      close: async () => connection?.close(),
    };
  }

  function breakerOf(name: string, limits: BreakerLimits = { ...BREAKER, ...options.breaker }) {
    return createBreaker(redis, keys, name, limits);
  }

  async function tell(name: string): Promise<void> {
    options.onBreaker?.(name, await breakerOf(name).read());
  }

  /** Parks the target's queue. Jobs wait and burn no attempt; when it comes back one goes first (I6). */
  async function pause(name: string, ms: number): Promise<number> {
    const pauseMs = Number.isFinite(ms) ? Math.ceil(ms) : UNTIL_CLOSED_MS;
    const queue = queueOf(name);
    await queue.setGlobalConcurrency(1);
    await queue.rateLimit(pauseMs);
    return pauseMs;
  }

  /**
   * Parks the queue for a while, never shorter than it is parked already: BullMQ's pauses replace each other. A pause
   * is kept as a count of jobs that no limit reaches; the count of a limiter does not matter here.
   */
  async function throttle(name: string, ms: number): Promise<number> {
    const queue = queueOf(name);
    const parkedMs = Math.max(ms, await queue.getRateLimitTtl(Number.MAX_SAFE_INTEGER));
    await queue.rateLimit(parkedMs);
    // Somebody may have opened the breaker in between.
    const remaining = await breakerOf(name).remaining();
    return remaining > parkedMs ? pause(name, remaining) : parkedMs;
  }

  async function allow(name: string, atOnce: number): Promise<void> {
    const configured = targets.get(name)?.settings.concurrency ?? 1;
    await queueOf(name).setGlobalConcurrency(atOnce === 0 ? configured : Math.min(atOnce, configured));
  }

  return {
    names: (): string[] => [...targets.keys()],
    get: (name: string): Target | undefined => targets.get(name),
    breaker: (name: string): Promise<BreakerView> => breakerOf(name).read(),

    /** What a failed call means for the whole target. Gives how long it is parked, in ms; 0 = it is not. */
    async failed(name: string, error: TurnupError): Promise<number> {
      const reason: BreakerReason = { code: error.code, title: error.title, detail: error.detail ?? null };
      if (error.class === 'throttled') {
        return throttle(name, Math.min(Math.max(error.retryAfterMs ?? 1_000, 1), UNTIL_CLOSED_MS));
      }
      const burst = error.class === 'transient' || error.class === 'ambiguous';
      if (burst && !(await breakerOf(name).failed())) return 0;
      if (!burst && error.class !== 'outage' && error.class !== 'auth') return 0;
      const limits = error.class === 'auth' ? { ...AUTH_BREAKER, ...options.breaker } : undefined;
      const ms = await pause(name, await breakerOf(name, limits).open(reason, 'turnup'));
      await tell(name);
      return ms;
    },

    /** A step went well although the breaker was not quite closed: let more through, step by step. */
    async succeeded(name: string): Promise<void> {
      const { closed, allowed } = await breakerOf(name).succeeded(targets.get(name)?.settings.concurrency ?? 1);
      if (allowed < 0) return;
      await allow(name, allowed);
      if (closed) await tell(name);
    },

    async openBreaker(name: string, by: string, why: string): Promise<void> {
      await pause(
        name,
        await breakerOf(name).open({ code: 'OPERATOR', title: 'Opened by hand', detail: why }, by, true),
      );
      await tell(name);
    },

    async closeBreaker(name: string): Promise<void> {
      await breakerOf(name).succeeded(targets.get(name)?.settings.concurrency ?? 1, true);
      await queueOf(name).removeRateLimitKey();
      await allow(name, 0);
      await tell(name);
    },

    /** Brings BullMQ's stored limits in line with the configuration and the breaker; to be called when workers start. */
    async restoreLimits(): Promise<void> {
      for (const name of targets.keys()) {
        await allow(name, await breakerOf(name).allowed());
      }
    },

    async close(): Promise<void> {
      await Promise.allSettled([...targets.values()].map((target) => target.close()));
    },
  };
}
