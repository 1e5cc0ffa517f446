import { waitFor, type WaitOptions } from '../../setup/wait-for.ts';

/** `waitFor` with patience for several processes on a machine that is busy with others. */
export const until = <T>(condition: () => T | Promise<T>, what: string, options: WaitOptions = {}) =>
  waitFor(condition, { timeoutMs: 60_000, what, ...options });
