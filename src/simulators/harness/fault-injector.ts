import type { FaultPlan, FaultRule } from './fault-plan.ts';

export interface CallIdentity {
  readonly method: string;
  readonly path: string;
  readonly operation: string | null;
}

export interface FaultInjector {
  /** The rule that hits this call, or null. Counts and draws, so ask once per call. */
  decide(call: CallIdentity): FaultRule | null;
}

/** Mulberry32: tiny, fast and the same on every machine, which is all that repeating a run by its seed needs. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function globToRegExp(glob: string): RegExp {
  const source = glob
    .split('*')
    .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`))
    .join('.*');
  return new RegExp(`^${source}$`, 's');
}

function compile(rule: FaultRule): (call: CallIdentity) => boolean {
  const { method, path, operation } = rule.match ?? {};
  const pathPattern = path === undefined ? null : globToRegExp(path);
  return (call) =>
    (method === undefined || method.toUpperCase() === call.method) &&
    (operation === undefined || operation === call.operation) &&
    (pathPattern === null || pathPattern.test(call.path));
}

/** A plan at work: its counters and its generator start fresh. */
export function createFaultInjector(plan: FaultPlan): FaultInjector {
  const random = seededRandom(plan.seed ?? 0);
  const rules = plan.rules.map((rule) => ({ rule, matches: compile(rule), left: rule.times ?? Infinity }));
  return {
    decide(call) {
      for (const entry of rules) {
        if (entry.left <= 0 || !entry.matches(call)) continue;
        const { probability } = entry.rule;
        if (probability !== undefined && random() >= probability) continue;
        entry.left -= 1;
        return entry.rule;
      }
      return null;
    },
  };
}
