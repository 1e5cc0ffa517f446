import { TurnupError } from '../errors/index.ts';

/** What is known of a call that got no answer. */
export interface FailedCall {
  readonly method: string;
  readonly object: string;
  readonly write: boolean;
  /** Whether the request may have reached the target. False only when that is certain. */
  readonly sent: boolean;
}

/** Thrown inside this client when a limit of ours ends a call. */
export class LimitError extends Error {
  readonly code: 'TIMEOUT' | 'TOO_LARGE';

  constructor(code: 'TIMEOUT' | 'TOO_LARGE', message: string) {
    super(message);
    this.name = 'LimitError';
    this.code = code;
  }
}

/**
 * The one place where what Node and undici throw becomes what the engine understands (DESIGN §6). The message of the
 * low-level error is kept only where it cannot quote a header or a body: as its code.
 */
export function translateFailure(error: unknown, call: FailedCall, signal: AbortSignal): TurnupError {
  if (error instanceof TurnupError) return error;
  const code = codeOf(error);
  const what = `${call.method} ${call.object}`;
  if (signal.aborted && error === signal.reason) {
    return new TurnupError('TURNUP_LEASE_LOST', { detail: `${what} was aborted`, cause: withoutBody(error) });
  }
  if (code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED') {
    return new TurnupError('TURNUP_TARGET_UNEXPECTED', {
      detail: `${what} could not be built (${code})`,
      cause: withoutBody(error),
    });
  }
  if (!call.sent) return unsent(code, what, error);
  const detail = `${what}: ${explain(code)}`;
  return new TurnupError(call.write ? 'TURNUP_OUTCOME_UNKNOWN' : 'TURNUP_TARGET_FAILED', {
    detail,
    cause: withoutBody(error),
  });
}

function unsent(code: string, what: string, error: unknown): TurnupError {
  const detail = `${what} was not sent: ${explain(code)}`;
  // Waiting for a free connection, or a connection lost between two calls, says nothing about the target.
  const ours =
    code === 'TIMEOUT' || code === 'UND_ERR_SOCKET' || code === 'UND_ERR_CLOSED' || code === 'UND_ERR_DESTROYED';
  return new TurnupError(ours ? 'TURNUP_TARGET_FAILED' : 'TURNUP_TARGET_UNREACHABLE', {
    detail,
    cause: withoutBody(error),
  });
}

const EXPLANATIONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection closed while sending',
  ENOTFOUND: 'host name unknown',
  EAI_AGAIN: 'name server does not answer',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  ETIMEDOUT: 'no answer from the network',
  TIMEOUT: 'no answer in time',
  TOO_LARGE: 'the answer is larger than the limit',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  UND_ERR_SOCKET: 'connection closed without an answer',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate chain is self-signed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the certificate is not signed by a trusted authority',
  CERT_HAS_EXPIRED: 'the certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another host name',
};

function explain(code: string): string {
  const words = EXPLANATIONS[code];
  return words ? `${words} (${code})` : code;
}

function codeOf(error: unknown): string {
  // A name with several addresses fails with one error for each of them.
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && code !== '' ? code : 'UNKNOWN';
}

function withoutBody(error: unknown): Error {
  return new Error(codeOf(error));
}
