import { withoutSecrets } from './without-secrets.ts';

/** The beginning of a text; `characters` is the length of the whole. */
export interface Excerpt {
  readonly text: string;
  readonly characters: number;
}

/**
 * What was sent to a target and what it answered, for the person who is to find out what the answer means. It tells of
 * people: sealed wherever it is kept, and never in a log or journal.
 */
export interface Evidence {
  /** HTTP method, or the operation of a SOAP service. */
  readonly method: string;
  /** Path with its query, or the service. */
  readonly object: string;
  /** Null: no body was sent. */
  readonly sent: Excerpt | null;
  readonly status: number;
  readonly contentType: string | null;
  readonly answered: Excerpt;
}

/** An exchange as it went over the wire. */
export interface Exchanged {
  readonly method: string;
  readonly object: string;
  readonly body: string | undefined;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

const LONGEST_SENT = 4_096;
const LONGEST_ANSWER = 16_384;
const LONGEST_OBJECT = 1_024;

/** Beside the errors and not in them: what prints an error with all its members cannot print this (I8). */
const KEPT = new WeakMap<Error, Evidence>();

/** As deep as an error may lie in those that came of it. */
const MOST_CAUSES = 5;

/**
 * Lets an error carry the exchange that it is about.
 *
 * @param secrets values that must not be kept; taken out before anything is cut, so that no part of one is left
 * @returns the error
 */
export function withEvidence<E extends Error>(error: E, exchanged: Exchanged, secrets: readonly string[]): E {
  const { method, object, body, status, headers, text } = exchanged;
  const excerpt = (whole: string, longest: number): Excerpt => {
    const clean = withoutSecrets(whole, secrets);
    return { text: clean.slice(0, longest), characters: clean.length };
  };
  KEPT.set(error, {
    method,
    object: excerpt(object, LONGEST_OBJECT).text,
    sent: body === undefined ? null : excerpt(body, LONGEST_SENT),
    status,
    contentType: [headers['content-type'] ?? null].flat()[0]?.slice(0, 200) ?? null,
    answered: excerpt(text, LONGEST_ANSWER),
  });
  return error;
}

/** The evidence of an error, or of the first of its causes that has one. */
export function evidenceOf(error: Error): Evidence | null {
  let at: unknown = error;
  for (let depth = 0; at instanceof Error && depth <= MOST_CAUSES; depth++) {
    const evidence = KEPT.get(at);
    if (evidence) return evidence;
    at = at.cause;
  }
  return null;
}
