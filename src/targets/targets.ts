import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { FaultRule, TurnupError } from '../errors/index.ts';
import type { CallsReader, Connection, Platform, TargetSettings } from '../platforms/port.ts';
import type { KeyScheme } from '../redis/keys.ts';
import {
  createBreaker,
  type BreakerChange,
  type BreakerLimits,
  type BreakerReason,
  type BreakerView,
} from './breaker.ts';
import { createDefinitions, type TargetDefinitions } from './definitions.ts';
import { judge } from './faults.ts';
import { createParking } from './parking.ts';
import { createRate, type TakeCall } from './rate.ts';
import { createSharedWork, type ShareWork } from './shared.ts';

export interface TargetConfig {
  readonly name: string;
  readonly platform: Platform;
  readonly settings: TargetSettings;
  readonly rate: { readonly max: number; readonly perSeconds: number } | null;
  /** What operators want otherwise than the platform's table has it; the first that matches counts. */
  readonly faults?: readonly FaultRule[];
}

export interface Target {
  readonly name: string;
  readonly platform: Platform;
  readonly settings: TargetSettings;
  readonly definitions: TargetDefinitions;
  readonly takeCall: TakeCall;
  /** The error as the operators' rules take it; `step` is the kind of the step that met it. */
  judge(error: TurnupError, step: string): TurnupError;
  /** For one step: what it has in common with those of other orders. */
  readonly shared: ShareWork;
  /** Made at first use and shared by all steps of this process. */
  connection(): Connection;
  /** Made at first use; null where the configuration does not switch call records on. */
  calls(): CallsReader | null;
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
/** How long a target is left alone that asks for fewer calls and does not say for how long. */
const THROTTLE_MS = 1_000;

/** What an attempt that failed tells of its target besides the error. */
export interface Evidence {
  /** The target answered another call of the same attempt properly. */
  readonly answered: boolean;
}

export type Targets = ReturnType<typeof createTargets>;

/** The configured targets, and what keeps each of them safe over all workers: breaker, rate, cached definitions. */
export function createTargets(options: TargetsOptions) {
  const { redis, keys, queueOf } = options;
  const limits: BreakerLimits = { ...BREAKER, ...options.breaker };
  const targets = new Map([...options.targets.values()].map((config) => [config.name, createTarget(config)]));

  function createTarget(config: TargetConfig) {
    const { name, platform, settings } = config;
    const definitions = createDefinitions(redis, keys, name, platform);
    const breaker = createBreaker(redis, keys, name, limits);
    let connection: Connection | null = null;
    let calls: CallsReader | null = null;
    const target: Target = {
      name,
      platform,
      settings,
      definitions,
      takeCall: createRate(redis, keys, name, config.rate ?? undefined),
      judge: (error, step) => judge(config.faults ?? [], error, step),
      shared: createSharedWork(redis, keys, name),
      connection: () => (connection ??= platform.connect(settings, definitions)),
      calls: () => (calls ??= platform.openCalls?.(settings) ?? null),
    };
    return {
      target,
      breaker,
      loginBreaker: createBreaker(redis, keys, name, { ...AUTH_BREAKER, ...options.breaker }),
      parking: createParking({
        redis,
        keys,
        name,
        queue: () => queueOf(name),
        breaker,
        concurrency: settings.concurrency,
      }),
      close: async () => {
        await Promise.allSettled([connection?.close(), calls?.close()]);
      },
    };
  }

  /** Names come from the configuration; the API answers 404 to any other before it gets here. */
  function partsOf(name: string) {
    const parts = targets.get(name);
    if (!parts) throw new Error(`target ${name} is not configured`);
    return parts;
  }

  async function tell(name: string): Promise<void> {
    options.onBreaker?.(name, await partsOf(name).breaker.read());
  }

  return {
    names: (): string[] => [...targets.keys()],
    get: (name: string): Target | undefined => targets.get(name)?.target,
    breaker: (name: string): Promise<BreakerView> => partsOf(name).breaker.read(),
    /** When the breaker opened and closed, by whom and why, newest first. */
    breakerChanges: (name: string, limit: number): Promise<BreakerChange[]> => partsOf(name).breaker.changes(limit),
    /** ISO 8601 UTC; null when the target does not ask for fewer calls. */
    async throttledUntil(name: string): Promise<string | null> {
      const until = await partsOf(name).parking.throttledUntil();
      return until === null ? null : new Date(until).toISOString();
    },

    /**
     * What a failed call means for the whole target. Gives how long it is parked, in ms; 0 = it is not.
     * A target that answered another call of the attempt is there: what failed then is this one thing, and the order
     * that wants it is held after some attempts instead of waiting for an outage to end that is none.
     */
    async failed(name: string, error: TurnupError, evidence: Evidence = { answered: false }): Promise<number> {
      const { breaker, loginBreaker, parking } = partsOf(name);
      const reason: BreakerReason = { code: error.code, title: error.title, detail: error.detail ?? null };
      switch (error.class) {
        case 'throttled':
          return parking.throttle(error.retryAfterMs ?? THROTTLE_MS);
        case 'transient':
        case 'ambiguous':
          if (evidence.answered || !(await breaker.failed())) return 0;
          break;
        case 'outage':
        case 'auth':
          break;
        default:
          return 0;
      }
      const opened = error.class === 'auth' ? loginBreaker : breaker;
      const ms = await parking.pause(await opened.open(reason, 'turnup'));
      await tell(name);
      return ms;
    },

    /** A step went well although the breaker was not quite closed: let more through, step by step. */
    async succeeded(name: string): Promise<void> {
      const { breaker, parking, target } = partsOf(name);
      const { closed, allowed } = await breaker.succeeded(target.settings.concurrency);
      if (allowed < 0) return;
      await parking.limit();
      if (closed) await tell(name);
    },

    async openBreaker(name: string, by: string, why: string): Promise<void> {
      const { breaker, parking } = partsOf(name);
      await parking.pause(await breaker.open(byHand('Opened by hand', why), by, true));
      await tell(name);
    },

    async closeBreaker(name: string, by: string, why: string): Promise<void> {
      const { breaker, parking } = partsOf(name);
      await breaker.close(by, byHand('Closed by hand', why));
      await parking.release();
      await tell(name);
    },

    /**
     * Brings BullMQ's stored limits in line with the configuration and the breakers; to be called when workers start
     * and now and then. Gives what a crash had left behind.
     */
    async restoreLimits(): Promise<{ target: string; repaired: 'parked' | 'released' }[]> {
      const repairs: { target: string; repaired: 'parked' | 'released' }[] = [];
      for (const [target, { parking }] of targets) {
        const repaired = await parking.restore();
        if (repaired) repairs.push({ target, repaired });
      }
      return repairs;
    },

    async close(): Promise<void> {
      await Promise.allSettled([...targets.values()].map((parts) => parts.close()));
    },
  };
}

function byHand(title: string, why: string): BreakerReason {
  return { code: 'OPERATOR', title, detail: why };
}
