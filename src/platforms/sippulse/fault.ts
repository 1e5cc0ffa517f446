import { findAnswer, TurnupError, type Answer } from '../../errors/index.ts';
import { quotable } from '../quotable.ts';
import { ANSWER_TABLE } from './answers.ts';

export interface AnsweredCall {
  readonly service: string;
  readonly operation: string;
  readonly write: boolean;
  /** Kind of the step that called. */
  readonly step?: string | undefined;
  /** Values that must not be quoted: what the call sent as passwords and PINs, and the login's password. */
  readonly secrets: readonly string[];
}

/** An answer that is no success, by the platform's table. */
export class SippulseRefusal extends TurnupError {
  declare readonly answer: Answer;

  constructor(call: AnsweredCall, answered: Pick<Answer, 'status' | 'text' | 'platformCode'>, retryAfterMs?: number) {
    const text = quotable(answered.text, call.secrets);
    const { write, step, service, operation } = call;
    const answer: Answer = { ...answered, text, write, ...(step !== undefined && { step }) };
    const row = findAnswer(ANSWER_TABLE, answer);
    super(row.code, {
      detail: `${row.says} ${service}.${operation} was answered ${answered.status}${text === '' ? '' : `: ${text}`}`,
      answer,
      ...(row.class && { class: row.class }),
      ...(row.hint && { hint: row.hint }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }
}

/** The service answered with a SOAP fault. Its text is for people, never for decisions. */
export class SippulseFault extends SippulseRefusal {}

/** A fault of the service itself: it understood the call and did not carry it out, or not wholly. */
export const isFault = (error: unknown): error is SippulseFault => error instanceof SippulseFault;

/** Arguments that are passwords and PINs. */
export const SECRET_NAMES = /pass|pin/i;
