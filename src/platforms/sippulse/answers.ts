import type { AnswerRow, ErrorCode } from '../../errors/index.ts';
import { WEB_SERVER_ANSWERS } from '../soap/web-server-answers.ts';

const row = (
  pattern: Pick<AnswerRow, 'status' | 'write' | 'platformCode'>,
  code: ErrorCode,
  says: string,
  more: Pick<AnswerRow, 'class' | 'hint'> & { examples?: readonly string[] } = {},
): AnswerRow => ({ examples: [], ...pattern, code, says, ...more });

const REFUSED_HINT =
  "Read the platform's words in the detail; mend the order or the platform, then retry: Turnup looks first what was done.";

/** As this adapter tells a SOAP fault by its code: the name after the prefix. */
export const FAULT = 'Server';
export const CLIENT_FAULT = 'Client';

/**
 * sippulse.md, "Wire facts" and "Retry". No text is ever looked at: faults carry no codes and their words are not public.
 * A fault of a write says neither that nothing was done nor why, and is told from one that heals by looking and trying
 * again: of class `transient`, so that after a few attempts, each of which began with a look, the order is held with the
 * platform's own words. First match wins.
 */
export const ANSWER_TABLE: readonly AnswerRow[] = [
  row(
    { platformCode: CLIENT_FAULT },
    'TURNUP_TARGET_UNEXPECTED',
    'The platform does not know this call or its arguments; "turnup doctor" compares its services with ours.',
  ),
  row({ platformCode: FAULT, write: true }, 'TURNUP_TARGET_REJECTED', 'The platform answered with a fault.', {
    class: 'transient',
    hint: REFUSED_HINT,
  }),
  row({ platformCode: FAULT, write: false }, 'TURNUP_TARGET_FAILED', 'The platform answered with a fault.'),
  row({ status: 301 }, 'TURNUP_TARGET_UNEXPECTED', 'The target redirects; the URL of the target is wrong.'),
  row({ status: 302 }, 'TURNUP_TARGET_UNEXPECTED', 'The target redirects; the URL of the target is wrong.'),
  row({ status: 401 }, 'TURNUP_TARGET_LOGIN_REFUSED', 'The server in front refuses the login (basicAuth).'),
  row({ status: 403 }, 'TURNUP_TARGET_LOGIN_REFUSED', 'The server in front refuses the login.'),
  row(
    { status: 404 },
    'TURNUP_TARGET_UNEXPECTED',
    'There is no such service; the URL of the target may be wrong, it ends in /SipPulse.',
  ),
  ...WEB_SERVER_ANSWERS,
];
