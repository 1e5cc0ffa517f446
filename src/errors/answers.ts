import { CATALOGUE, type ErrorClass, type ErrorCode } from './catalogue.ts';

/** An answer of a platform that is not a success. */
export interface Answer {
  readonly status: number;
  /** The platform's own words, without secrets. */
  readonly text: string;
  /** The platform's own code, where it has one beside the status: the fault code of a SOAP service. */
  readonly platformCode?: string;
  /** Whether the call writes; left out: not known. */
  readonly write?: boolean;
  /** Kind of the step that called; left out: not known, or no step did. */
  readonly step?: string;
}

/** Which answers a row of a table is about. Members that are left out match everything. */
export interface AnswerPattern {
  /** A status, or all from one on. */
  readonly status?: number | { readonly from: number };
  /** A text matches where it occurs, letter by letter. */
  readonly text?: RegExp | string;
  readonly platformCode?: string;
  readonly write?: boolean;
  readonly step?: string;
}

/** One row of a platform's table: what an answer means. */
export interface AnswerRow extends AnswerPattern {
  readonly code: ErrorCode;
  /** Where this answer means something else than its code usually does. */
  readonly class?: ErrorClass;
  /** Where an operator is to do something else than the code's hint says. */
  readonly hint?: string;
  /** What a person reads, before the target's own words. */
  readonly says: string;
  /** Texts as they arrive. */
  readonly examples: readonly string[];
}

/** How an operator wants an answer taken, whatever the platform's table says. */
export interface FaultRule extends AnswerPattern {
  readonly class: ErrorClass;
  /** Left out: that of the platform's row. */
  readonly hint?: string;
}

/** No pattern looks further: patterns of operators must not be able to take long. */
const LONGEST_TEXT = 500;

export function matchesAnswer(pattern: AnswerPattern, answer: Answer): boolean {
  const { status, text, platformCode, write, step } = pattern;
  if (typeof status === 'number' && status !== answer.status) return false;
  if (typeof status === 'object' && answer.status < status.from) return false;
  if (platformCode !== undefined && platformCode !== answer.platformCode) return false;
  if (write !== undefined && answer.write !== undefined && write !== answer.write) return false;
  if (step !== undefined && step !== answer.step) return false;
  if (text === undefined) return true;
  const words = answer.text.slice(0, LONGEST_TEXT);
  return typeof text === 'string' ? words.includes(text) : text.test(words);
}

/**
 * The first row that matches. A table ends with a row that matches everything.
 * @throws {Error} when it does not: a fault of the platform's code
 */
export function findAnswer(rows: readonly AnswerRow[], answer: Answer): AnswerRow {
  const found = rows.find((row) => matchesAnswer(row, answer));
  if (!found) throw new Error(`no row for an answer with status ${answer.status}`);
  return found;
}

export function classOfRow(row: Pick<AnswerRow, 'code' | 'class'>): ErrorClass {
  return row.class ?? CATALOGUE[row.code].class;
}

/** A pattern as a person reads it: `422, text /^Unknown/, writes`. */
export function describePattern({ status, text, platformCode, write, step }: AnswerPattern): string {
  const parts = [
    status === undefined ? 'any status' : typeof status === 'number' ? String(status) : `${status.from} and above`,
    platformCode === undefined ? null : `code ${platformCode}`,
    text === undefined ? null : typeof text === 'string' ? `text with "${text}"` : `text ${String(text)}`,
    write === undefined ? null : write ? 'writes' : 'reads',
    step === undefined ? null : `step ${step}`,
  ];
  return parts.filter((part) => part !== null).join(', ');
}
