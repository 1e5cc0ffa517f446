import { type Answer, findAnswer, TurnupError, withEvidence, withoutSecrets } from '../../errors/index.ts';
import { parseRetryAfter, type HttpResponse } from '../../http-client/index.ts';
import { ANSWER_TABLE } from './answers.ts';

const LONGEST_TEXT = 500;

export interface RefusedCall {
  readonly method: string;
  readonly path: string;
  readonly write: boolean;
  /** Kind of the step that called. */
  readonly step?: string | undefined;
  /** As it was sent: the values of its secret members are taken out of the text. */
  readonly body?: unknown;
}

/** An answer of the target that is not a success. */
export class SipwiseRefusal extends TurnupError {
  declare readonly answer: Answer;

  constructor(call: RefusedCall, response: HttpResponse) {
    const { status } = response;
    const text = redactText(messageOf(response.text), call.body);
    const { write, step } = call;
    const answer: Answer = { status, text, write, ...(step !== undefined && { step }) };
    const row = findAnswer(ANSWER_TABLE, answer);
    const object = call.path.split('?', 1)[0];
    const retryAfterMs = parseRetryAfter(response.headers['retry-after']);
    super(row.code, {
      detail: `${row.says} ${call.method} ${object} was answered ${status}${text ? `: ${text}` : ''}`,
      answer,
      ...(row.class && { class: row.class }),
      ...(row.hint && { hint: row.hint }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
    keepAnswer(this, call, response);
  }
}

/** Lets an error about an answer carry it. */
export function keepAnswer<E extends Error>(error: E, { method, path, body }: RefusedCall, response: HttpResponse): E {
  const sent = body === undefined ? undefined : JSON.stringify(body);
  const text = response.text.replaceAll(ECHOED_SECRET, `$1${STARS}'`);
  return withEvidence(error, { ...response, text, method, object: path, body: sent }, secretsOf(body));
}

export function isRefusal(error: unknown, status: number, text?: RegExp): error is SipwiseRefusal {
  return error instanceof SipwiseRefusal && error.answer.status === status && (!text || text.test(error.answer.text));
}

/** The object is gone. `Path not found` is not that: it means that the call itself is wrong (sipwise-ngcp.md §4). */
export function isGone(error: unknown): boolean {
  return isRefusal(error, 404, /^Entity '/);
}

/**
 * The words of an error body. Bodies with non-ASCII characters arrive cut short (sipwise-ngcp.md §4), so a body that is
 * no JSON is searched for the beginning of its message.
 */
export function messageOf(body: string): string {
  const trimmed = body.trim();
  if (trimmed === '') return '';
  let text = trimmed;
  try {
    const parsed = JSON.parse(trimmed) as { message?: unknown } | null;
    if (typeof parsed?.message === 'string') text = parsed.message;
  } catch {
    const cut = /"message"\s*:\s*"((?:[^"\\]|\\.)*)/.exec(trimmed)?.[1];
    if (cut !== undefined) text = cut.replaceAll(/\\(["\\/])/g, '$1');
    else if (trimmed.startsWith('<')) text = '(a page in HTML)';
  }
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > LONGEST_TEXT ? `${line.slice(0, LONGEST_TEXT)}…` : line;
}

const SECRET_NAME = /pass|pin$/i;
const STARS = '*****';

const ECHOED_SECRET = /(field='[^']*(?:pass|pin)[^']*', input=')[^']*'/gi;

/** The target stars passwords in its texts but echoes other inputs, the PIN of a mailbox among them. */
function redactText(text: string, body: unknown): string {
  if (text === '') return text;
  const clean = text.replaceAll(ECHOED_SECRET, `$1${STARS}'`);
  return withoutSecrets(clean, secretsOf(body));
}

function secretsOf(body: unknown): string[] {
  if (Array.isArray(body)) {
    return (body as { path?: unknown; value?: unknown }[]).flatMap(({ path, value }) =>
      typeof path === 'string' && SECRET_NAME.test(path) && isSecretText(value) ? [value] : [],
    );
  }
  if (typeof body !== 'object' || body === null) return [];
  return Object.entries(body).flatMap(([name, value]) =>
    SECRET_NAME.test(name) && isSecretText(value) ? [value] : [],
  );
}

const isSecretText = (value: unknown): value is string => typeof value === 'string' && value !== '';
