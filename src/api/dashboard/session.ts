import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { Request, Response } from 'express';
import { getIronSession, type IronSession } from 'iron-session';
import type { Redis } from 'ioredis';
import type { OperatorConfig } from '../../config/index.ts';
import { TurnupError } from '../../errors/index.ts';
import type { KeyScheme } from '../../redis/keys.ts';
import { sameSecret } from '../../secrets/index.ts';
import type { OperatorPrincipal } from '../auth/principal.ts';

const COOKIE = 'turnup_session';

/** What the sealed cookie holds. Before login only the token of the form. */
interface SessionData {
  /** Goes into every form of ours and comes back with it. */
  csrf: string;
  id: string;
  name: string;
  /** Changes with the operator's role or password, and ends the session with it. */
  stamp: string;
}

export type Session = IronSession<SessionData>;
export type Sessions = ReturnType<typeof createSessions>;

export interface SessionOptions {
  /** 32 bytes; what seals cookies is derived from it. */
  key: Buffer;
  operators: readonly OperatorConfig[];
  hours: number;
  /** The outside sees HTTPS although this process does not. */
  alwaysSecure: boolean;
  redis: Redis;
  keys: KeyScheme;
}

const derive = (key: Buffer, use: string) => Buffer.from(hkdfSync('sha256', key, '', `turnup dashboard ${use} v1`, 32));
const random = () => randomBytes(24).toString('base64url');

export function createSessions(options: SessionOptions) {
  const password = derive(options.key, 'session').toString('base64');
  const stampKey = derive(options.key, 'stamp');
  const ttl = options.hours * 3600;
  const operators = new Map(options.operators.map((operator) => [operator.name, operator]));

  const stampOf = (operator: OperatorConfig) =>
    createHmac('sha256', stampKey)
      .update(`${operator.name}\0${operator.role}\0${operator.password}`)
      .digest('base64url');

  /** The session of this request, with a form token from the first time on; saved only by what changes it. */
  async function open(req: Request, res: Response): Promise<Session> {
    return getIronSession<SessionData>(req, res, {
      cookieName: COOKIE,
      password,
      ttl,
      cookieOptions: {
        path: '/board',
        httpOnly: true,
        sameSite: 'strict',
        secure: options.alwaysSecure || req.secure,
      },
    });
  }

  /** Who is logged in. @throws TurnupError `TURNUP_STORE_UNAVAILABLE` when it cannot be known whether still. */
  async function operatorOf(session: Session): Promise<OperatorPrincipal | null> {
    const { id, name, stamp } = session;
    const operator = name === undefined ? undefined : operators.get(name);
    if (!operator || !id || !stamp || !sameSecret(stamp, stampOf(operator))) return null;
    // A sealed cookie knows nothing of a logout elsewhere: without this a copy of it would stay good.
    const ended = await options.redis.exists(options.keys.endedSession(id)).catch((error: unknown) => {
      throw new TurnupError('TURNUP_STORE_UNAVAILABLE', { cause: error });
    });
    return ended === 0 ? { kind: 'operator', name: operator.name, role: operator.role } : null;
  }

  async function formToken(session: Session): Promise<string> {
    if (!session.csrf) {
      session.csrf = random();
      await session.save();
    }
    return session.csrf;
  }

  /** A new token and id, so that nothing known from before the login is of use after it. */
  async function signIn(session: Session, operator: OperatorConfig): Promise<void> {
    Object.assign(session, { csrf: random(), id: random(), name: operator.name, stamp: stampOf(operator) });
    await session.save();
  }

  async function signOut(session: Session): Promise<void> {
    if (session.id) await options.redis.set(options.keys.endedSession(session.id), '1', 'EX', ttl);
    session.destroy();
  }

  return { open, operatorOf, formToken, signIn, signOut };
}
