import { TurnupError } from '../../../errors/index.ts';
import type { CallHooks, HttpClient, HttpResponse } from '../../../http-client/index.ts';
import { createSharedLogin } from '../../shared-login.ts';
import type { Condition, Profile } from '../profile/model.ts';
import { readAt } from '../profile/pointer.ts';
import { matchesAny, type WireAnswer } from '../wire/condition.ts';
import { decode } from '../wire/codec.ts';
import { judgeLogin } from './refused.ts';
import { buildCall, type WireCall } from '../wire/request.ts';
import type { Credentials } from '../settings.ts';

type Headers = Readonly<Record<string, string>>;

/** How every call of a target shows who calls. */
export interface Auth {
  /** @throws TurnupError of class `auth` where the login is refused */
  headers(hooks: CallHooks): Promise<Headers>;
  /** Whether this answer says that the login must be renewed, which is then tried once. */
  hasExpired(answer: WireAnswer): boolean;
  expire(used: Headers): void;
  /** An ordinary call was told that the login is wrong. */
  refuse(error: TurnupError): void;
  /** What must never be quoted. */
  readonly secrets: readonly string[];
}

const basic = (username: string, password: string): Headers => ({
  authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
});

/** What came as a token or cookie goes out as a header. */
const SAFE = /^[\u0021-\u007E]{1,8192}$/;

export function createAuth(profile: Profile, credentials: Credentials, http: HttpClient): Auth {
  const { auth } = profile;
  const { username, password, secrets } = credentials;
  const sessionSecrets: string[] = [];
  const login = createSharedLogin<Headers>(logIn);

  async function logIn(hooks: CallHooks): Promise<Headers> {
    switch (auth.kind) {
      case 'basic':
        return basic(username, password);
      case 'bearer':
        return { authorization: `Bearer ${credentials.secret(auth.secretRef)}` };
      case 'header':
        return { [auth.name.toLowerCase()]: `${auth.prefix}${credentials.secret(auth.secretRef)}` };
      case 'oauth-client-credentials': {
        const inBody: Record<string, string> =
          auth.send === 'body' ? { client_id: username, client_secret: password } : {};
        const form = { grant_type: 'client_credentials', ...(auth.scope !== null && { scope: auth.scope }), ...inBody };
        const path = buildCall(profile, { ...NOTHING, path: auth.path }, {}).path;
        const headers = { ...FORM, ...(auth.send === 'basic' && basic(username, password)) };
        const call: WireCall = {
          method: 'POST',
          path,
          headers,
          document: form,
          body: new URLSearchParams(form).toString(),
        };
        const answer = await send(call, hooks);
        judgeLogin(profile, call, answer, OAUTH, loginSecrets());
        return { authorization: `Bearer ${tokenIn(answer.document, ['access_token'])}` };
      }
      case 'login-session': {
        const names = { username, password, ...secrets };
        const call = buildCall(profile, auth.call, names);
        const answer = await send(call, hooks);
        judgeLogin(profile, call, answer, auth, loginSecrets());
        if (auth.token === null) return { cookie: `${auth.cookie}=${cookieIn(answer, auth.cookie ?? '')}` };
        return { [auth.header.name.toLowerCase()]: `${auth.header.prefix}${tokenIn(answer.document, auth.token)}` };
      }
      case 'client-certificate':
      default:
        return {};
    }
  }

  async function send(call: WireCall, hooks: CallHooks): Promise<WireAnswer> {
    const { method, path, headers, body } = call;
    return readAnswer(
      await http.request({ method, path, headers, write: false, hooks, ...(body !== undefined && { body }) }),
    );
  }

  function remember(secret: string): string {
    if (!sessionSecrets.includes(secret)) sessionSecrets.push(secret);
    // Tokens of sessions that are over are no longer quoted by anybody.
    if (sessionSecrets.length > 4) sessionSecrets.shift();
    return secret;
  }

  function tokenIn(document: unknown, at: readonly string[]): string {
    const token = readAt(document, at);
    if (typeof token === 'string' && SAFE.test(token)) return remember(token);
    throw new TurnupError('TURNUP_TARGET_UNEXPECTED', { detail: 'the login was answered without a token' });
  }

  function cookieIn({ headers }: WireAnswer, name: string): string {
    for (const line of [headers['set-cookie'] ?? []].flat()) {
      const [pair = ''] = line.split(';', 1);
      const [key = '', ...value] = pair.split('=');
      if (key.trim() === name && SAFE.test(value.join('='))) return remember(value.join('='));
    }
    throw new TurnupError('TURNUP_TARGET_UNEXPECTED', { detail: `the login was answered without the cookie ${name}` });
  }

  const loginSecrets = (): readonly string[] => [password, ...Object.values(secrets)];
  const isRenewable = auth.kind === 'oauth-client-credentials' || auth.kind === 'login-session';

  return {
    headers: (hooks) => login.get(hooks),
    hasExpired: (answer) => isRenewable && matchesAny(auth.expired, answer),
    expire: (used) => login.expire(used),
    refuse: (error) => login.refuse(error),
    get secrets() {
      return [...loginSecrets(), ...sessionSecrets];
    },
  };
}

const FORM: Headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };

const NOTHING = { method: 'POST', query: [], headers: [], set: [], format: 'form' } as const;

/** RFC 6749 §5: a token comes with 200, and 400 or 401 refuse the client. */
const OAUTH: { done: readonly Condition[]; refused: readonly Condition[] } = {
  done: [{ statuses: [200], test: { at: ['access_token'], is: { kind: 'present', is: true } } }],
  refused: [{ statuses: [400, 401, 403], test: null }],
};

export function readAnswer({ status, headers, text }: HttpResponse): WireAnswer {
  return { status, headers, text, document: text === '' ? undefined : decode(text) };
}
