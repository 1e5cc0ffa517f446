import { performance } from 'node:perf_hooks';
import { TurnupError } from '../../errors/index.ts';
import type { CallHooks, HttpClient, HttpResponse } from '../../http-client/index.ts';
import { SipwiseRefusal, messageOf } from './refusal.ts';

/** How long a refused login is not tried again: each try counts towards a ban (sipwise-ngcp.md §1). */
const REFUSAL_MS = 30_000;

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

/** Thrown by `hooks.beforeCall` of the attempt that happened to log in: says nothing to the others that wait. */
class NotMine extends Error {
  override readonly cause: unknown;

  constructor(cause: unknown) {
    super('the attempt that logged in was stopped');
    this.cause = cause;
  }
}

// The login serves every attempt: it goes on when the one that began it is aborted.
const NEVER = new AbortController().signal;

const JSON_HEADERS = { accept: 'application/json', 'content-type': 'application/json' };

export function createSession(options: SessionOptions): Session {
  const { http, username, password, refusalMs = REFUSAL_MS } = options;
  const basic = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  let { scheme } = options;
  /** undefined: not logged in. */
  let header: string | null | undefined = scheme === 'certificate' ? null : undefined;
  let flight: Promise<string> | null = null;
  let refusal: { error: TurnupError; until: number } | null = null;

  function throwIfRefused(): void {
    if (!refusal) return;
    if (performance.now() < refusal.until) throw refusal.error;
    refusal = null;
  }

  function refuse(error: TurnupError): void {
    if (scheme !== 'certificate') header = undefined;
    refusal ??= { error, until: performance.now() + refusalMs };
  }

  async function logIn(hooks: CallHooks): Promise<string> {
    const shared: CallHooks = {
      signal: NEVER,
      afterCall: (call) => hooks.afterCall(call),
      beforeCall: async (write) => {
        try {
          await hooks.beforeCall(write);
        } catch (error) {
          throw new NotMine(error);
        }
      },
    };
    try {
      const logged = scheme === 'token' ? await tokenLogin(shared) : await basicLogin(shared);
      header = logged;
      return logged;
    } catch (error) {
      if (error instanceof TurnupError && error.code === 'TURNUP_TARGET_LOGIN_REFUSED') refuse(error);
      throw error;
    }
  }

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
    refuse,
    expire(used) {
      if (header === used && scheme === 'token') header = undefined;
    },
    async authorization(hooks) {
      for (;;) {
        throwIfRefused();
        if (header !== undefined) return header;
        const joined = flight !== null;
        flight ??= logIn(hooks).finally(() => {
          flight = null;
        });
        try {
          return await flight;
        } catch (error) {
          if (!(error instanceof NotMine)) throw error;
          if (!joined) throw error.cause;
        }
      }
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
