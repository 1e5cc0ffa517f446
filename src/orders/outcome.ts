export type StepOutcome = 'created' | 'adopted' | 'changed' | 'unchanged';

/** One call to the target, as the journal tells it (I10). Holds no secret and no body. */
export interface JournaledCall {
  method: string;
  object: string;
  status: number | null;
  outcome: string;
  durationMs: number;
}
