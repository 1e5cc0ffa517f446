import { createHmac, timingSafeEqual } from 'node:crypto';
import type { SimulatedAnswer, SimulatedRequest } from '../harness/platform.ts';
import { send, worded, wordedError, type Worded } from './answers.ts';
import { placeAt, valueAt } from './document.ts';
import type { PortalProfile } from './profile.ts';

/** Who may call. */
const LOGIN = { username: 'portal', password: 'portal-password' } as const;

const same = (given: string, wanted: string): boolean => {
  const [one, other] = [Buffer.from(given), Buffer.from(wanted)];
  return one.length === other.length && timingSafeEqual(one, other);
};

/** @param calls how many calls a login is good for; left out: all */
export function createSessions(profile: PortalProfile, secret: Buffer, calls = Number.POSITIVE_INFINITY) {
  const { auth } = profile;
  const left = new Map<string, number>();
  /** Of one process: another gives others. */
  const begun = Date.now();
  let logins = 0;

  const begin = (): string => {
    logins += 1;
    const token = createHmac('sha256', secret).update(`session ${begun} ${logins}`).digest('base64url');
    left.set(token, calls);
    return token;
  };

  function takes(token: string): 'yes' | 'over' {
    const rest = left.get(token) ?? 0;
    left.set(token, rest - 1);
    return rest > 0 ? 'yes' : 'over';
  }

  const loginPath = auth.path === undefined ? null : `${profile.basePath}${auth.path}`;

  const basic = `Basic ${Buffer.from(`${LOGIN.username}:${LOGIN.password}`).toString('base64')}`;

  function oauth(request: SimulatedRequest): SimulatedAnswer {
    const form = new URLSearchParams(request.body.toString('utf8'));
    const isBody =
      same(form.get('client_id') ?? '', LOGIN.username) && same(form.get('client_secret') ?? '', LOGIN.password);
    const isBasic = same(request.headers.authorization ?? '', basic);
    if (form.get('grant_type') !== 'client_credentials')
      return send({ status: 400, document: { error: 'unsupported_grant_type' } });
    if (!(auth.send === 'body' ? isBody : isBasic)) return send({ status: 401, document: { error: 'invalid_client' } });
    return send({ status: 200, document: { access_token: begin(), token_type: 'Bearer', expires_in: 3600 } });
  }

  function session(body: unknown): SimulatedAnswer {
    const isKnown = Object.entries(auth.set ?? {}).every(([at, template]) => {
      const wanted = String(template).replace('{username}', LOGIN.username).replace('{password}', LOGIN.password);
      return same(String(valueAt(body, at)), wanted);
    });
    if (!isKnown) return send(worded(auth.refused, 401, {}));
    const token = begin();
    const done = worded(auth.done, 200, auth.token === undefined ? {} : placeAt({}, auth.token, token));
    const cookie = auth.cookie === undefined ? undefined : `${auth.cookie}=${token}; Path=/; HttpOnly`;
    return send(done, cookie === undefined ? {} : { 'set-cookie': cookie });
  }

  const over = (): Worded =>
    auth.expired ? worded(auth.expired, 401) : wordedError(profile, 'auth', null, 'session is over');
  const refused = (): Worded => wordedError(profile, 'auth', null, 'user or password is wrong');

  function judge(token: string | undefined): Worded | null {
    if (token === undefined) return over();
    return takes(token) === 'yes' ? null : over();
  }

  const headerOf = (request: SimulatedRequest, name: string): string =>
    String(request.headers[name.toLowerCase()] ?? '');

  return {
    isLogin: (request: SimulatedRequest): boolean =>
      loginPath !== null && request.path === loginPath && request.method === (auth.method ?? 'POST'),
    logIn: (request: SimulatedRequest, body: unknown): SimulatedAnswer =>
      auth.kind === 'oauth-client-credentials' ? oauth(request) : session(body),
    /** What is said to a call without a good login; null: it has one. */
    refusal(request: SimulatedRequest): Worded | null {
      switch (auth.kind) {
        case 'basic':
          return same(headerOf(request, 'authorization'), basic) ? null : refused();
        case 'bearer':
          return same(headerOf(request, 'authorization'), `Bearer ${LOGIN.password}`) ? null : refused();
        case 'header': {
          const wanted = `${auth.prefix ?? ''}${LOGIN.password}`;
          return same(headerOf(request, auth.name ?? ''), wanted) ? null : refused();
        }
        case 'oauth-client-credentials':
          return judge(/^Bearer (.+)$/.exec(headerOf(request, 'authorization'))?.[1]);
        case 'login-session': {
          if (auth.cookie !== undefined) {
            const pairs = headerOf(request, 'cookie')
              .split(/; */)
              .map((pair) => pair.split('='));
            return judge(pairs.find(([name]) => name === auth.cookie)?.[1]);
          }
          const { name = 'Authorization', prefix = 'Bearer ' } = auth.header ?? {};
          const given = headerOf(request, name);
          return judge(given.startsWith(prefix) ? given.slice(prefix.length) : undefined);
        }
        default:
          // TLS has looked at the certificate.
          return null;
      }
    },
    reset() {
      left.clear();
    },
  };
}
