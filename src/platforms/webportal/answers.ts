import type { AnswerRow, ErrorClass, ErrorCode } from '../../errors/index.ts';

/*
 * Every call of this platform is told by the operator's profile, so what an answer means is the profile's to say. Here
 * is what its classes become, and what is left where no rule of it matches: what HTTP itself means by a status, which a
 * server in front of the portal sends as well (RFC 9110), and for all else that nobody knows (tim-web-portal.md §4,
 * rule 5).
 */

const row = (
  pattern: Pick<AnswerRow, 'status' | 'platformCode' | 'write'>,
  code: ErrorCode,
  says: string,
  more: Pick<AnswerRow, 'class' | 'hint'> = {},
): AnswerRow => ({ ...pattern, code, says, examples: [], ...more });

const BY_CLASS: Readonly<Record<ErrorClass, readonly [code: ErrorCode, says: string]>> = {
  transient: ['TURNUP_TARGET_FAILED', 'The portal failed, says the profile.'],
  ambiguous: ['TURNUP_OUTCOME_UNKNOWN', 'Whether the work was done is not known, says the profile.'],
  outage: ['TURNUP_TARGET_UNAVAILABLE', 'The portal is not available, says the profile.'],
  throttled: ['TURNUP_TARGET_THROTTLED', 'The portal asks for fewer calls, says the profile.'],
  auth: ['TURNUP_TARGET_LOGIN_REFUSED', 'The portal refuses the login, says the profile.'],
  rejected: ['TURNUP_TARGET_REJECTED', 'The portal refuses the data, says the profile.'],
  conflict: ['TURNUP_OBJECT_TAKEN', 'It exists and is not as the order wants it, says the profile.'],
  bug: ['TURNUP_TARGET_UNEXPECTED', 'The profile takes this for a fault.'],
};

/** An answer that a rule of the profile matched has the rule's class as its platform code. */
export const ANSWER_TABLE: readonly AnswerRow[] = [
  ...Object.entries(BY_CLASS).map(([platformCode, [code, says]]) => row({ platformCode }, code, says)),
  row({ status: 401 }, 'TURNUP_TARGET_LOGIN_REFUSED', 'The login is refused.'),
  row({ status: 407 }, 'TURNUP_TARGET_LOGIN_REFUSED', 'A proxy on the way asks for a login.'),
  row({ status: 429 }, 'TURNUP_TARGET_THROTTLED', 'The portal asks for fewer calls.'),
  row(
    { status: 502, write: true },
    'TURNUP_OUTCOME_UNKNOWN',
    'A server in front lost the portal; the work may have been done.',
  ),
  row({ status: 502, write: false }, 'TURNUP_TARGET_FAILED', 'A server in front lost the portal.'),
  row({ status: 503 }, 'TURNUP_TARGET_UNAVAILABLE', 'The portal is not available.'),
  row(
    { status: 504, write: true },
    'TURNUP_OUTCOME_UNKNOWN',
    'A server in front gave up waiting; the work may have been done.',
  ),
  row({ status: 504, write: false }, 'TURNUP_TARGET_FAILED', 'A server in front gave up waiting.'),
  row({}, 'TURNUP_TARGET_UNEXPECTED', 'No rule of the profile tells what this answer means.', {
    hint: 'Look into the manual what the answer means, add a rule for it to the profile, then retry the order.',
  }),
];
