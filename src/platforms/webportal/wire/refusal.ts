import { createHash } from 'node:crypto';
import { findAnswer, TurnupError, withEvidence, withoutSecrets, type Answer } from '../../../errors/index.ts';
import { parseRetryAfter } from '../../../http-client/index.ts';
import { quotable } from '../../quotable.ts';
import { ANSWER_TABLE } from '../answers.ts';
import type { ErrorRule, Profile } from '../profile/model.ts';
import { readAt, type Pointer } from '../profile/pointer.ts';
import { secretsInAnswer } from './bodies.ts';
import type { WireAnswer } from './condition.ts';
import type { WireCall } from './request.ts';

/** What is known of a call when its answer is judged. */
export interface JudgedCall {
  /** Of the profile: `user.create`. */
  readonly operation: string;
  readonly sent: WireCall;
  readonly write: boolean;
  /** Kind of the step that called. */
  readonly step?: string | undefined;
  /** Values that must not be quoted: what the call sent as secrets, and the login's. */
  readonly secrets: readonly string[];
}

/** An answer that is no success. */
export class WebportalRefusal extends TurnupError {
  declare readonly answer: Answer;

  constructor(
    profile: Profile,
    call: JudgedCall,
    answered: WireAnswer,
    rule: ErrorRule | null,
    at: Pointer | null = rule?.text ?? null,
  ) {
    const secrets = [...call.secrets, ...secretsInAnswer(profile, answered.document)];
    const text = words(at === null ? undefined : readAt(answered.document, at), secrets);
    const { write, step, operation } = call;
    const { method, path: object, body } = call.sent;
    const answer: Answer = {
      status: answered.status,
      text,
      write,
      ...(rule && { platformCode: rule.class }),
      ...(step !== undefined && { step }),
    };
    const row = findAnswer(ANSWER_TABLE, answer);
    const hint = rule?.hint ?? row.hint;
    const retryAfterMs = parseRetryAfter(answered.headers['retry-after']);
    const said = text === '' ? '' : `: ${text}`;
    const unknown = rule === null ? ` (profile "${profile.title}"; ${traceOf(answered, secrets)})` : '';
    super(row.code, {
      detail: `${row.says} ${operation} (${method} ${object.split('?', 1)[0]}) was answered ${answered.status}${said}${unknown}`,
      answer,
      ...(row.class && { class: row.class }),
      ...(hint !== undefined && { hint }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });
    withEvidence(this, { ...answered, method, object, body }, secrets);
  }
}

const words = (value: unknown, secrets: readonly string[]): string =>
  typeof value === 'string' || typeof value === 'number' ? quotable(String(value), secrets) : '';

/** By which two such answers are known to be the same one, and what they look like, without a value in them. */
function traceOf({ text, document }: WireAnswer, secrets: readonly string[]): string {
  const hash = createHash('sha256').update(withoutSecrets(text, secrets)).digest('hex').slice(0, 16);
  return `body sha256 ${hash}, ${text.length} characters, ${shapeOf(document)}`;
}

const MOST_MEMBERS = 12;

function shapeOf(value: unknown, depth = 0): string {
  if (value === undefined) return 'no document';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `list of ${value.length}`;
  if (typeof value !== 'object') return typeof value;
  if (depth > 1) return 'object';
  const names = Object.keys(value);
  const members = names
    .slice(0, MOST_MEMBERS)
    .map((name) => `${name.slice(0, 30)}: ${shapeOf((value as Record<string, unknown>)[name], depth + 1)}`);
  return `{ ${members.join(', ')}${names.length > MOST_MEMBERS ? ', …' : ''} }`;
}
