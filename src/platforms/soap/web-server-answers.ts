import type { AnswerRow, ErrorCode } from '../../errors/index.ts';

const row = (pattern: Pick<AnswerRow, 'status' | 'write'>, code: ErrorCode, says: string): AnswerRow => ({
  ...pattern,
  code,
  says,
  examples: [],
});

/**
 * The last rows of a SOAP platform's table: answers without a fault in them, of the web server before, while or after the
 * work.
 */
export const WEB_SERVER_ANSWERS: readonly AnswerRow[] = [
  row({ status: 408, write: true }, 'TURNUP_OUTCOME_UNKNOWN', 'The server in front gave up waiting.'),
  row({ status: 408, write: false }, 'TURNUP_TARGET_FAILED', 'The server in front gave up waiting.'),
  row({ status: 413 }, 'TURNUP_TARGET_REJECTED', 'The request is too large for the target.'),
  row({ status: 429 }, 'TURNUP_TARGET_THROTTLED', 'The server in front asks for fewer calls.'),
  row({ status: 500, write: true }, 'TURNUP_OUTCOME_UNKNOWN', 'The target failed; the work may have been done.'),
  row({ status: 502, write: true }, 'TURNUP_OUTCOME_UNKNOWN', 'The server in front lost the platform.'),
  row({ status: 503 }, 'TURNUP_TARGET_UNAVAILABLE', 'The target says that it is unavailable.'),
  row({ status: 504, write: true }, 'TURNUP_OUTCOME_UNKNOWN', 'The server in front gave up waiting.'),
  row({ status: { from: 500 } }, 'TURNUP_TARGET_FAILED', 'The target failed.'),
  row({}, 'TURNUP_TARGET_UNEXPECTED', 'The target answered something unknown.'),
];
