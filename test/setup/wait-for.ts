import { setTimeout as sleep } from 'node:timers/promises';

export interface WaitOptions {
  /** Default 10,000. How long may pass on a slow machine, not how long it should take. */
  timeoutMs?: number;
  /** Default 20. */
  everyMs?: number;
  /** What is waited for, as it is to stand in the failure: `the order is completed`. */
  what?: string;
}

/**
 * Asks until the answer is truthy and returns it. An exception counts as "not yet"; the last one is the cause of the
 * failure when time runs out.
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  options: WaitOptions = {},
): Promise<Exclude<T, null | undefined | false | 0 | ''>> {
  const { timeoutMs = 10_000, everyMs = 20, what = 'a condition' } = options;
  const until = performance.now() + timeoutMs;
  for (;;) {
    let last: unknown;
    try {
      const answer = await condition();
      if (answer) return answer as Exclude<T, null | undefined | false | 0 | ''>;
      last = answer;
    } catch (error) {
      last = error;
    }
    if (performance.now() >= until) {
      throw new Error(`waited ${timeoutMs} ms in vain for: ${what}; last answer: ${String(last)}`, { cause: last });
    }
    await sleep(everyMs);
  }
}
