import { findAnswer, TurnupError, type Answer } from '../../errors/index.ts';
import { quotable } from '../quotable.ts';
import { ANSWER_TABLE, CODES } from './answers.ts';

/** Arguments that are passwords, PINs, keys, tokens and numbers of vouchers. */
export const SECRET_NAMES = /^(?:password|private_key|authToken|number)$/;

export interface AnsweredCall {
  readonly port: string;
  readonly operation: string;
  readonly write: boolean;
  /** Kind of the step that called. */
  readonly step?: string | undefined;
  /** Values that must not be quoted. */
  readonly secrets: readonly string[];
}

/** An answer that is no success, by the platform's table. */
export class NgnproRefusal extends TurnupError {
  declare readonly answer: Answer;

  constructor(call: AnsweredCall, answered: Pick<Answer, 'status' | 'text' | 'platformCode'>, retryAfterMs?: number) {
    const text = quotable(answered.text, call.secrets);
    const { write, step, port, operation } = call;
    const answer: Answer = { ...answered, text, write, ...(step !== undefined && { step }) };
    const row = findAnswer(ANSWER_TABLE, answer);
    const what = answered.platformCode ?? String(answered.status);
    super(row.code, {
      detail: `${row.says} ${port}.${operation} was answered ${what}${text === '' ? '' : `: ${text}`}`,
      answer,
      ...(row.class && { class: row.class }),
      ...(row.hint && { hint: row.hint }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }
}

/** The platform answered with a fault that has an `errorcode`: it understood the call and did not carry it out. */
export class NgnproFault extends NgnproRefusal {
  readonly errorcode: number;

  constructor(call: AnsweredCall, errorcode: number, text: string) {
    // The status says nothing: some servers answer a fault with 200, others with 500 (ngnpro.md, "npm soap" 10).
    super(call, { status: 200, text, platformCode: String(errorcode) });
    this.errorcode = errorcode;
  }
}

/** Whether an error is a fault of one of the given codes; of any, where none is given. */
export function isFault(error: unknown, ...codes: readonly (keyof typeof CODES)[]): error is NgnproFault {
  if (!(error instanceof NgnproFault)) return false;
  return codes.length === 0 || codes.some((name) => CODES[name] === error.errorcode);
}

const KNOWN: ReadonlySet<number> = new Set(Object.values(CODES));

/** A fault whose code is not publicly known: a refused login and wrong data look alike. */
export const isUnlisted = (error: NgnproFault): boolean => !KNOWN.has(error.errorcode);
