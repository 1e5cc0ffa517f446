import { createHmac } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import type { SimulatedAnswer, SimulatedRequest } from '../harness/platform.ts';
import { ACCOUNTS, type Account } from './accounts.ts';
import { errorPage, invalidUser, jsonError } from './refusal.ts';

export interface Authenticator {
  /** Null: a 401 is due. @throws Refusal 403 for a token that is none. */
  authenticate(authorization: string | undefined): Promise<Account> | Account | null;
  /** `POST /login_jwt` (sipwise-ngcp.md §1). */
  login(request: SimulatedRequest): Promise<SimulatedAnswer>;
}

/** Tokens are checked once, then remembered: they have no end here, and checking costs more than the call itself. */
const REMEMBERED = 10_000;

function byBasic(): ReadonlyMap<string, Account> {
  return new Map(
    ACCOUNTS.map((account) => [Buffer.from(`${account.login}:${account.password}`).toString('base64'), account]),
  );
}

/** Members that are no text count as not given. */
interface LoginInput {
  readonly username: string;
  readonly password: string;
  readonly jwt: string | null;
}

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

/** Null: not readable. */
function readLogin(request: SimulatedRequest): LoginInput | null {
  const text = request.body.toString('utf8');
  const form = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  try {
    const value: unknown = form ? Object.fromEntries(new URLSearchParams(text)) : JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    const { username, password, jwt } = value as Record<string, unknown>;
    return { username: textOf(username), password: textOf(password), jwt: jwt === undefined ? null : textOf(jwt) };
  } catch {
    return null;
  }
}

/** @param secret its key derives from it: a token of a stand-in with another is a bad token */
export function createAuthenticator(secret: Buffer): Authenticator {
  const key = createHmac('sha256', secret).update('tokens').digest();
  const basic = byBasic();
  const remembered = new Map<string, Account>();

  async function accountOf(token: string): Promise<Account> {
    const known = remembered.get(token);
    if (known) return known;
    const id = await jwtVerify(token, key, { algorithms: ['HS256'] }).then(
      ({ payload }) => payload['id'],
      () => null,
    );
    const account = ACCOUNTS.find((candidate) => candidate.id === id);
    if (!account) throw invalidUser();
    if (remembered.size >= REMEMBERED) remembered.clear();
    remembered.set(token, account);
    return account;
  }

  /** Without a lifetime configured there is neither `expires` nor an end. */
  async function tokenFor(account: Account): Promise<SimulatedAnswer> {
    const jwt = await new SignJWT({ id: account.id, username: account.login })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .sign(key);
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: `${JSON.stringify({ jwt, id: account.id })}\n`,
    };
  }

  return {
    authenticate(authorization) {
      if (authorization === undefined) return null;
      if (authorization.startsWith('Basic ')) return basic.get(authorization.slice(6).trim()) ?? null;
      if (!authorization.startsWith('Bearer ')) return null;
      const token = authorization.slice(7).trim();
      return token === '' ? null : accountOf(token);
    },
    async login(request) {
      const input = readLogin(request);
      if (!input) return errorPage();
      if (input.jwt !== null) {
        const account = await accountOf(input.jwt).catch(() => null);
        return account ? tokenFor(account) : jsonError(403, 'Forbidden!');
      }
      const { username, password } = input;
      if (username === '' || password === '') return jsonError(422, 'No username or password given');
      const account = ACCOUNTS.find((candidate) => candidate.login === username && candidate.password === password);
      return account ? tokenFor(account) : jsonError(403, 'User not found');
    },
  };
}
