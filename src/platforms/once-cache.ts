import { performance } from 'node:perf_hooks';

export interface OnceCache<T> {
  /** What is kept under `key`, else what `load` gives. Who comes while another loads waits for it. */
  get(key: string, load: () => Promise<T>): Promise<T>;
  forget(key: string): void;
}

/**
 * Small cache in memory for what rarely changes on a target. Failures are not kept: who waited for a load that failed
 * tries by itself, since the failure may be of the other attempt only (a lost lease).
 */
export function createOnceCache<T>(ttlMs: number, limit = 10_000): OnceCache<T> {
  const kept = new Map<string, { value: T; until: number }>();
  const loading = new Map<string, Promise<T>>();
  return {
    async get(key, load) {
      const hit = kept.get(key);
      if (hit && hit.until > performance.now()) return hit.value;
      const other = loading.get(key);
      if (other) {
        try {
          return await other;
        } catch {
          return load();
        }
      }
      const own = load();
      loading.set(key, own);
      try {
        const value = await own;
        if (kept.size >= limit) kept.clear();
        kept.set(key, { value, until: performance.now() + ttlMs });
        return value;
      } finally {
        loading.delete(key);
      }
    },
    forget(key) {
      kept.delete(key);
    },
  };
}
