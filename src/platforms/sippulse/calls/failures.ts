import { TurnupError, type ErrorCode } from '../../../errors/index.ts';

/*
 * What the driver throws holds the statement with its values, and the user's name. Only a code and our own words are
 * passed on.
 */

interface Meaning {
  readonly code: ErrorCode;
  readonly words: string;
}

const login = (words: string): Meaning => ({ code: 'TURNUP_TARGET_LOGIN_REFUSED', words });
const unreachable = (words: string): Meaning => ({ code: 'TURNUP_TARGET_UNREACHABLE', words });
const failed = (words: string): Meaning => ({ code: 'TURNUP_TARGET_FAILED', words });

const OUT_OF_TIME = failed('the statement took longer than it may');

/** By the error's number, where one has the same number in MySQL and MariaDB or in only one of them. */
const BY_NUMBER: Readonly<Record<number, Meaning>> = {
  1040: failed('the database has too many connections'),
  1044: login('the user may not use this database'),
  1045: login('user or password is wrong'),
  1049: failed('there is no such database'),
  1129: login('the database blocks this host after too many errors'),
  1130: login('the database lets nobody in from this host'),
  1142: failed('the user may not read the views'),
  1143: failed('the user may not read a column of the views'),
  1146: failed('a view is missing'),
  1203: failed('the user has too many connections'),
  1226: failed('the user is over a limit that the database sets'),
  1317: failed('the database ended the statement'),
  1524: login('the database wants a kind of login that it does not have'),
  1698: login('the user may not log in this way'),
  1862: login("the user's password has expired"),
  1969: OUT_OF_TIME,
  3024: OUT_OF_TIME,
  3118: login('the user is locked'),
  3159: login('the database wants TLS: add ?tls=true to the URL'),
  4151: login('the user is locked'),
  45_009: unreachable('the connection was closed'),
  45_012: unreachable('no connection in time'),
  45_023: unreachable('the database has no TLS'),
  45_025: login('the database wants a kind of login that would show the password'),
  45_026: failed('no answer in time'),
  45_028: failed('all connections are busy'),
  45_030: failed('the database refuses a session that only reads'),
  45_044: login('the database wants TLS for this kind of login: add ?tls=true to the URL'),
};

const BY_CODE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection closed',
  ENOTFOUND: 'host name unknown',
  EAI_AGAIN: 'name server does not answer',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  ETIMEDOUT: 'no answer from the network',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate chain is self-signed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the certificate is not signed by a trusted authority',
  CERT_HAS_EXPIRED: 'the certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another host name',
};

const HINTS: Readonly<Partial<Record<ErrorCode, string>>> = {
  TURNUP_TARGET_LOGIN_REFUSED: 'Check user and password in "calls.url", and from where the database lets the user in.',
  TURNUP_TARGET_UNREACHABLE: 'Check host and port in "calls.url", the network and the database, then ask again.',
  TURNUP_TARGET_FAILED: 'See docs/targets/sippulse-calls.md, then ask again.',
};

interface DriverError {
  readonly code?: unknown;
  readonly errno?: unknown;
  readonly cause?: unknown;
  readonly fatal?: unknown;
}

/** The pool wraps what ended its attempts to connect. */
function innermost(error: unknown): DriverError {
  if (error instanceof AggregateError && error.errors.length > 0) return innermost(error.errors[0]);
  const known = (typeof error === 'object' && error !== null ? error : {}) as DriverError;
  return known.cause === undefined || known.cause === null ? known : innermost(known.cause);
}

function meaningOf({ code, errno }: DriverError): Meaning {
  const numbered = typeof errno === 'number' ? BY_NUMBER[errno] : undefined;
  if (numbered) return numbered;
  const words = typeof code === 'string' ? BY_CODE[code] : undefined;
  return words ? unreachable(words) : failed('the database answers with an error');
}

const SHORT = /^[A-Z][A-Z0-9_]{1,63}$/;

/** @returns TurnupError `TURNUP_TARGET_UNREACHABLE`, `TURNUP_TARGET_LOGIN_REFUSED` or `TURNUP_TARGET_FAILED` */
export function translateDatabaseFailure(error: unknown): TurnupError {
  if (error instanceof TurnupError) return error;
  const inner = innermost(error);
  const meaning = meaningOf(inner);
  const code = typeof inner.code === 'string' && SHORT.test(inner.code) ? inner.code : 'UNKNOWN';
  return callsFailure(meaning.code, `${meaning.words} (${code})`, new Error(code));
}

export function callsFailure(code: ErrorCode, words: string, cause?: Error): TurnupError {
  const hint = HINTS[code];
  return new TurnupError(code, { detail: `call records: ${words}`, ...(hint ? { hint } : {}), cause });
}

/** Number of an error after which what is known of the tables may be wrong. */
const CHANGED_TABLES: readonly unknown[] = [1054, 1142, 1143, 1146, 1356];

/** Whether what was opened is of no more use: the connection is lost, or the tables are not those that were seen. */
export function endsSession(error: unknown): boolean {
  if (error instanceof TurnupError) return false;
  const inner = innermost(error);
  return inner !== error || inner.fatal === true || CHANGED_TABLES.includes(inner.errno);
}
