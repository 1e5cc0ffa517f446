import {
  classOfRow,
  findAnswer,
  matchesAnswer,
  TurnupError,
  type Answer,
  type AnswerRow,
  type ErrorClass,
  type FaultRule,
} from '../errors/index.ts';

/** The error as the first rule that matches wants it taken; as it is when none does, or when nothing was answered. */
export function judge(rules: readonly FaultRule[], error: TurnupError, step: string): TurnupError {
  if (!error.answer) return error;
  const answer = { ...error.answer, step };
  const rule = rules.find((candidate) => matchesAnswer(candidate, answer));
  if (!rule) return error;
  return new TurnupError(error.code, {
    class: rule.class,
    hint: rule.hint ?? error.hint,
    answer,
    faults: error.faults,
    cause: error,
    ...(error.detail !== undefined && { detail: error.detail }),
    ...(error.retryAfterMs !== undefined && { retryAfterMs: error.retryAfterMs }),
  });
}

/** What Turnup makes of an answer, and which entry says so. */
export interface Explanation {
  /** Place of the operators' rule that decides, from 0; null when none does. */
  readonly rule: number | null;
  /** Of the platform's table: what the answer means. */
  readonly row: AnswerRow;
  readonly class: ErrorClass;
  /** What the rule or the row says an operator should do; null: what the code's entry of the catalogue says. */
  readonly hint: string | null;
}

export function explainAnswer(rows: readonly AnswerRow[], rules: readonly FaultRule[], answer: Answer): Explanation {
  const row = findAnswer(rows, answer);
  const at = rules.findIndex((rule) => matchesAnswer(rule, answer));
  const rule = rules[at];
  return {
    rule: rule ? at : null,
    row,
    class: rule?.class ?? classOfRow(row),
    hint: rule?.hint ?? row.hint ?? null,
  };
}
