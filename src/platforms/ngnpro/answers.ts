import type { AnswerRow, ErrorCode } from '../../errors/index.ts';
import { WEB_SERVER_ANSWERS } from '../soap/web-server-answers.ts';

const row = (
  pattern: Pick<AnswerRow, 'status' | 'write' | 'platformCode'>,
  code: ErrorCode,
  says: string,
  more: Pick<AnswerRow, 'class' | 'hint'> & { examples?: readonly string[] } = {},
): AnswerRow => ({ examples: [], ...pattern, code, says, ...more });

/** The `errorcode`s that the page tells (ngnpro.md, "Faults"). Steps decide by these names. */
export const CODES = {
  domainExists: 1001,
  accountUnknown: 1010,
  accountExists: 1011,
  inGroup: 1030,
  notInGroup: 1031,
  phonebookEntryUnknown: 1040,
  noTrace: 1060,
  mailboxUnknown: 2000,
  numberUnknown: 3002,
  profileUnknown: 4001,
  customerUnknown: 5000,
  customerExists: 5001,
  zoneExists: 7001,
  recordExists: 7003,
} as const;

/** As this adapter tells a fault that has no `errorcode`. */
export const NO_CODE = 'none';

const known = (name: keyof typeof CODES, code: ErrorCode, says: string): AnswerRow =>
  row({ platformCode: String(CODES[name]) }, code, says);

const UNKNOWN_HINT =
  "The platform's code is not one that is publicly known: read its words in the detail, mend the order or the platform, then retry.";

/**
 * ngnpro.md, "Faults": decided by the code only, never by a text. What steps take for an answer, such as "not there", they
 * catch before it comes here. An unlisted code is permanent; a fault without one is the server's own trouble, before,
 * while or after the work. First match wins.
 */
export const ANSWER_TABLE: readonly AnswerRow[] = [
  known('domainExists', 'TURNUP_OBJECT_TAKEN', 'The domain exists already.'),
  known('accountUnknown', 'TURNUP_REFERENCE_UNKNOWN', 'The platform has no such SIP account.'),
  known('accountExists', 'TURNUP_SUBSCRIBER_TAKEN', 'The SIP account exists already.'),
  known('inGroup', 'TURNUP_OBJECT_TAKEN', 'The SIP account is in the group already.'),
  known('notInGroup', 'TURNUP_REFERENCE_UNKNOWN', 'The SIP account is not in the group.'),
  known('phonebookEntryUnknown', 'TURNUP_REFERENCE_UNKNOWN', 'The phonebook has no such entry.'),
  known('noTrace', 'TURNUP_REFERENCE_UNKNOWN', 'The platform has no trace of that call.'),
  known('mailboxUnknown', 'TURNUP_REFERENCE_UNKNOWN', 'The platform has no such mailbox.'),
  known('numberUnknown', 'TURNUP_REFERENCE_UNKNOWN', 'The platform has no such ENUM number.'),
  known('profileUnknown', 'TURNUP_REFERENCE_UNKNOWN', 'The platform has no rating profile for that entity.'),
  known('customerUnknown', 'TURNUP_REFERENCE_UNKNOWN', 'The platform has no such customer.'),
  known('customerExists', 'TURNUP_OBJECT_TAKEN', 'The customer exists already, or its user name is taken.'),
  known('zoneExists', 'TURNUP_OBJECT_TAKEN', 'The DNS zone exists already.'),
  known('recordExists', 'TURNUP_OBJECT_TAKEN', 'The DNS record exists already.'),
  row(
    { platformCode: NO_CODE, write: true },
    'TURNUP_OUTCOME_UNKNOWN',
    'The platform broke down; the work may be done.',
  ),
  row({ platformCode: NO_CODE, write: false }, 'TURNUP_TARGET_FAILED', 'The platform broke down.'),
  row({ status: 200 }, 'TURNUP_TARGET_REJECTED', 'The platform refuses the call.', { hint: UNKNOWN_HINT }),
  row({ status: 301 }, 'TURNUP_TARGET_UNEXPECTED', 'The target redirects; the URL of the target is wrong.'),
  row({ status: 302 }, 'TURNUP_TARGET_UNEXPECTED', 'The target redirects; the URL of the target is wrong.'),
  row({ status: 401 }, 'TURNUP_TARGET_LOGIN_REFUSED', 'The server in front refuses the login.'),
  row({ status: 403 }, 'TURNUP_TARGET_LOGIN_REFUSED', 'The server in front refuses the login.'),
  row({ status: 404 }, 'TURNUP_TARGET_UNEXPECTED', 'There is no such service; the URL of the target may be wrong.'),
  ...WEB_SERVER_ANSWERS,
];
