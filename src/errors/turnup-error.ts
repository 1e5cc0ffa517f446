import type { Answer } from './answers.ts';
import { CATALOGUE, type CatalogueEntry, type ErrorClass, type ErrorCode } from './catalogue.ts';

/** One fault of an input, `path` from the root of the input, e.g. `['subscribers', 0, 'number']`. */
export interface Fault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export interface TurnupErrorOptions {
  /** What happened this time. Must not hold a secret: it is journaled, logged and shown. */
  readonly detail?: string;
  /** Overrides the catalogue's class, for the rare case that an answer means more than its code. */
  readonly class?: ErrorClass;
  /** Overrides the catalogue's hint. */
  readonly hint?: string;
  /** What a platform answered, when that is what went wrong. */
  readonly answer?: Answer;
  readonly faults?: readonly Fault[];
  /** For class `throttled`, in ms. */
  readonly retryAfterMs?: number;
  /** Overrides the catalogue's HTTP status, where the caller of the API is told of a call it asked for itself. */
  readonly status?: number;
  readonly cause?: unknown;
}

/** The one error class; everything Turnup throws on purpose is one. */
export class TurnupError extends Error {
  readonly code: ErrorCode;
  readonly class: ErrorClass;
  readonly detail: string | undefined;
  readonly answer: Answer | undefined;
  readonly faults: readonly Fault[];
  /** What an operator does next. */
  readonly hint: string;
  readonly retryAfterMs: number | undefined;
  readonly status: number;

  constructor(code: ErrorCode, options: TurnupErrorOptions = {}) {
    const known: CatalogueEntry = CATALOGUE[code];
    super(options.detail ? `${known.title}: ${options.detail}` : known.title, { cause: options.cause });
    this.name = 'TurnupError';
    this.code = code;
    this.class = options.class ?? known.class;
    this.detail = options.detail;
    this.answer = options.answer;
    this.faults = options.faults ?? [];
    this.hint = options.hint ?? known.hint;
    this.retryAfterMs = options.retryAfterMs;
    this.status = options.status ?? known.status;
  }

  get title(): string {
    return CATALOGUE[this.code].title;
  }
}
