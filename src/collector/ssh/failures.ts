import { TurnupError } from '../../errors/index.ts';

/** What goes wrong before the server has said anything. */
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
]);

/** `level` and `code` as ssh2 puts them on its errors. */
interface SshError {
  readonly code?: unknown;
  readonly level?: unknown;
  readonly message?: unknown;
}

/** An error of the network or of ssh2 as one of ours; what the session itself knows better is judged there. */
export function toSourceError(error: unknown, local?: string): TurnupError {
  if (error instanceof TurnupError) return error;
  const { code, level, message } = (typeof error === 'object' && error !== null ? error : {}) as SshError;
  const cause = error;
  if (code === 'EADDRNOTAVAIL') {
    const detail = `${local ?? 'the local address'} is not an address of this machine`;
    return new TurnupError('TURNUP_SOURCE_ADDRESS', { detail, cause });
  }
  if (typeof code === 'string' && UNREACHABLE.has(code)) {
    return new TurnupError('TURNUP_SOURCE_UNREACHABLE', { detail: code, cause });
  }
  if (level === 'client-timeout' || level === 'client-socket') {
    return new TurnupError('TURNUP_SOURCE_UNREACHABLE', { detail: String(message), cause });
  }
  return new TurnupError('TURNUP_SOURCE_FAILED', { detail: String(message ?? error).slice(0, 300), cause });
}

/** Of RFC draft-ietf-secsh-filexfer-02 §7; the texts of servers differ, the numbers do not. */
const SFTP_STATUS: Readonly<Record<number, string>> = {
  2: 'there is no such file or folder',
  3: 'permission denied',
  4: 'the server failed',
  5: 'bad message',
  8: 'the server does not do this',
};

export const NO_SUCH_FILE = 2;
const PERMISSION_DENIED = 3;

/** What an SFTP request came to. `what` holds no file name: names may carry telephone numbers. */
export function toSftpError(error: unknown, what: string): TurnupError {
  const { code } = (typeof error === 'object' && error !== null ? error : {}) as SshError;
  if (typeof code !== 'number') return toSourceError(error);
  // Asking the same again at once would be answered the same.
  const isLasting = code === NO_SUCH_FILE || code === PERMISSION_DENIED;
  const detail = `${what}: ${SFTP_STATUS[code] ?? `status ${code}`}`;
  return new TurnupError('TURNUP_SOURCE_FAILED', { detail, cause: error, ...(isLasting && { class: 'rejected' }) });
}
