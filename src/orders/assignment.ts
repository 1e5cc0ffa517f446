import type { StepOutcome } from './outcome.ts';

export interface NeededResult {
  outcome: StepOutcome | 'skipped';
  result: Record<string, unknown>;
}

export interface Assignment {
  externalId: string;
  client: string;
  /** JSON of the order without its subscribers and without secrets. */
  body: string;
  /** JSON of the step's subscriber, without secrets. */
  itemBody: string | null;
  secrets: string | null;
  /** As `intend` stored it. */
  intent: string | null;
  needs: Record<string, NeededResult>;
  attempt: number;
  /** What the step did, when it is being undone. */
  done: NeededResult | null;
  deadlineMs: number | null;
  /** The target's breaker is not quite closed: a success is to be reported to it. */
  unsteady: boolean;
  /** It is proven that nothing is there: the intent to create is written and the lease taken, no look is needed. */
  blind: boolean;
  /** The lease the attempt goes on with: its own, or the one the step was handed over with. */
  token: string;
  /** The run whose key the order's things bear, where that is an earlier one; null: the run of the attempt. */
  keyRun: number | null;
}

/** Reads what the Lua function `assignmentOf` gives. */
export function readAssignment(fields: string[]): Assignment {
  const [
    attempt,
    externalId,
    client,
    body,
    itemBody,
    secrets,
    intent,
    deadline,
    outcome,
    result,
    unsteady,
    blind,
    token,
    base,
    ...needs
  ] = fields;
  const needed: Record<string, NeededResult> = {};
  for (let at = 0; at < needs.length; at += 3) {
    needed[needs[at]!] = readNeeded(needs[at + 1]!, needs[at + 2]!);
  }
  return {
    attempt: Number(attempt),
    externalId: externalId ?? '',
    client: client ?? '',
    body: body ?? '{}',
    itemBody: itemBody || null,
    secrets: secrets || null,
    intent: intent || null,
    deadlineMs: deadline ? Number(deadline) : null,
    done: outcome ? readNeeded(outcome, result ?? '') : null,
    unsteady: unsteady === '1',
    blind: blind === '1',
    token: token ?? '',
    keyRun: base ? Number(base) : null,
    needs: needed,
  };
}

function readNeeded(outcome: string, result: string): NeededResult {
  return {
    outcome: outcome as NeededResult['outcome'],
    result: result ? (JSON.parse(result) as Record<string, unknown>) : {},
  };
}
