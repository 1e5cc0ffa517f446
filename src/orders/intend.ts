import type { Attempt } from './begin.ts';
import { FENCE, orderScript, runOrderScript, type Store } from './lua.ts';
import type { JournaledCall } from './outcome.ts';

export interface IntendInput extends Attempt {
  /** What is about to be done; must hold no clear secret. The first intent of a run stays: undo needs its before-image. */
  intent: string;
  /** For the journal: `create` or `change`. */
  verb: 'create' | 'change';
  calls: readonly JournaledCall[];
}

/* ARGV: 3 run, 4 direction, 5 step, 6 token, 7 intent, 8 detail */
const INTEND = orderScript(`${FENCE}
local S = 's:' .. ARGV[5] .. ':'
if fenced(ARGV[3], ARGV[4]) or get(S .. 'l') ~= ARGV[6] then return 0 end
redis.call('HSETNX', K, S .. 'i', ARGV[7])
set(S .. 'w', now)
journal('intent', ARGV[5], 'turnup', ARGV[8])
return 1
`);

/* ARGV: 3 run, 4 direction, 5 step, 6 token */
const CONFIRM = orderScript(`${FENCE}
local S = 's:' .. ARGV[5] .. ':'
if fenced(ARGV[3], ARGV[4]) or get(S .. 'l') ~= ARGV[6] then return 0 end
set(S .. 'w', now)
return 1
`);

/** Writes down what the attempt is about to do. False when the attempt holds the lease no longer. */
export async function intendStep(store: Store, input: IntendInput): Promise<boolean> {
  const detail = JSON.stringify({ verb: input.verb, ...(input.calls.length > 0 && { calls: input.calls }) });
  const args = [input.run, input.direction, input.step, input.token, input.intent, detail];
  return (await runOrderScript(store, INTEND, input.order, args)) === 1;
}

/** Whether the attempt still holds its lease; asked before a write. */
export async function confirmLease(store: Store, attempt: Attempt): Promise<boolean> {
  const args = [attempt.run, attempt.direction, attempt.step, attempt.token];
  return (await runOrderScript(store, CONFIRM, attempt.order, args)) === 1;
}
