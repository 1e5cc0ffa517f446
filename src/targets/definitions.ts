import type { Redis } from 'ioredis';
import type { Definitions, DefinitionsCache, Platform } from '../platforms/port.ts';
import type { KeyScheme } from '../redis/keys.ts';

const KEPT_SECONDS = 24 * 3600;
/** Intake calls no platform: what a release brought since is refused at the door until a worker has asked anew. */
const ASKED_ANEW_SECONDS = 3600;
const FRESH_MS = 10 * 60 * 1000;

export interface TargetDefinitions extends DefinitionsCache<unknown> {
  /** What workers have cached, without a call to the platform; null when nothing is. */
  cached(): Promise<Definitions | null>;
}

/**
 * A target's definitions: in memory for minutes, in Redis for a day, else loaded once however many ask at a time. Who may
 * call the platform asks it anew after an hour; while it does not answer, what is known goes on to count.
 */
export function createDefinitions(
  redis: Redis,
  keys: KeyScheme,
  target: string,
  platform: Platform,
): TargetDefinitions {
  const key = keys.definitions(target);
  let held: { value: Definitions; until: number } | null = null;
  let loading: Promise<Definitions> | null = null;

  function hold(value: Definitions): Definitions {
    held = { value, until: performance.now() + FRESH_MS };
    return value;
  }

  async function cached(): Promise<Definitions | null> {
    if (held && held.until > performance.now()) return held.value;
    const stored = await redis.get(key);
    return stored === null ? null : hold(JSON.parse(stored) as Definitions);
  }

  async function load(client: unknown): Promise<Definitions> {
    const [stored, leftSeconds] = await Promise.all([redis.get(key), redis.ttl(key)]);
    if (stored !== null && leftSeconds > KEPT_SECONDS - ASKED_ANEW_SECONDS)
      return hold(JSON.parse(stored) as Definitions);
    try {
      const value = await platform.loadDefinitions(client);
      await redis.set(key, JSON.stringify(value), 'EX', KEPT_SECONDS);
      return hold(value);
    } catch (error) {
      if (stored === null) throw error;
      return hold(JSON.parse(stored) as Definitions);
    }
  }

  return {
    cached,
    async get(client) {
      if (held && held.until > performance.now()) return held.value;
      loading ??= load(client).finally(() => {
        loading = null;
      });
      return loading;
    },
    async forget() {
      held = null;
      await redis.del(key);
    },
  };
}
