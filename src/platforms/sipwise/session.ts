import { TurnupError } from '../../errors/index.ts';
import type { CallHooks, HttpClient, HttpResponse } from '../../http-client/index.ts';
import { createSharedLogin } from '../shared-login.ts';
import { SipwiseRefusal, messageOf } from './refusal.ts';

export type Scheme = 'token' | 'basic' | 'certificate';

export interface SessionOptions {
  readonly http: HttpClient;
  readonly scheme: Scheme;
  readonly username: string;
  readonly password: string;
  readonly refusalMs?: number;
}

/** The login of one target, shared by all its calls in this process. */
export interface Session {
  /**
   * The value of the Authorization header, null with a client certificate. Logs in when needed, once for all who wait.
   * @throws TurnupError `TURNUP_TARGET_LOGIN_REFUSED`, also without a call for a while after a refusal.
   */
  authorization(hooks: CallHooks): Promise<string | null>;
  /** The target no longer takes this token: the next call logs in again. */
  expire(used: string | null): void;
  /** The target refused the login in answer to an ordinary call: stop all others at once. */
  refuse(error: TurnupError): void;
  /** Whether an expired login can be renewed. */
  readonly renewable: boolean;
}

const JSON_HEADERS = { accept: 'application/json', 'content-type': 'application/json' };

export function createSession(options: SessionOptions): Session {
  const { http, username, password, refusalMs } = options;
  const basic = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  let { scheme } = options;
  const login = createSharedLogin<string | null>(
    (hooks) =>
      scheme === 'certificate' ? Promise.resolve(null) : scheme === 'token' ? tokenLogin(hooks) : basicLogin(hooks),
    { refusalMs },
  );

  async function tokenLogin(hooks: CallHooks): Promise<string> {
    const path = '/login_jwt';
    const body = JSON.stringify({ username, password });
    const answer = await http.request({ method: 'POST', path, headers: JSON_HEADERS, body, write: false, hooks });
    if (answer.status === 200) return `Bearer ${tokenOf(answer)}`;
    if (hasNoTokenLogin(answer)) {
      scheme = 'basic';
      return basicLogin(hooks);
    }
    const refused = new SipwiseRefusal({ method: 'POST', path, write: false, body: { password } }, answer);
    // Whatever else is said to a login is about the login.
    if (answer.status < 400 || answer.status >= 500 || answer.status === 429) throw refused;
    throw new TurnupError('TURNUP_TARGET_LOGIN_REFUSED', { detail: refused.detail ?? '', answer: refused.answer });
  }

  /** Asks once before the first real call, so that a wrong password is sent once and not by every call at a time. */
  async function basicLogin(hooks: CallHooks): Promise<string> {
    const call = { method: 'OPTIONS', path: '/api/customers/', write: false };
    const answer = await http.request({
      ...call,
      headers: { accept: 'application/json', authorization: basic },
      hooks,
    });
    if (answer.status >= 300) throw new SipwiseRefusal({ ...call, body: { password } }, answer);
    return basic;
  }

  return {
    get renewable() {
      return scheme === 'token';
    },
    authorization: (hooks) => login.get(hooks),
    refuse: (error) => login.refuse(error),
    expire(used) {
      if (scheme === 'token') login.expire(used);
    },
  };
}

function hasNoTokenLogin(answer: HttpResponse): boolean {
  return answer.status === 404 || (answer.status === 500 && messageOf(answer.text).startsWith('No JWT key'));
}

function tokenOf(answer: HttpResponse): string {
  try {
    const { jwt } = JSON.parse(answer.text) as { jwt?: unknown };
    // Anything else could not be sent as a header.
    if (typeof jwt === 'string' && /^[\w.~+/=-]+$/.test(jwt)) return jwt;
  } catch {
    // Falls through: the answer must not be quoted, it may hold a token.
  }
  throw new TurnupError('TURNUP_TARGET_UNEXPECTED', { detail: 'POST /login_jwt was answered 200 without a token' });
}
