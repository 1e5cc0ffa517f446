import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { ClientConfig, OperatorConfig } from '../../config/index.ts';
import { TurnupError } from '../../errors/index.ts';
import { setPrincipal, type Principal } from './principal.ts';

const digest = (token: string) => createHash('sha256').update(token).digest();

const BEARER = /^Bearer +([\x21-\x7e]{1,512})$/i;

/** The token of an Authorization header, or null when there is none that could be one. */
export function bearerToken(header: string | undefined): string | null {
  return header === undefined ? null : (BEARER.exec(header)?.[1] ?? null);
}

/** Compares with every known token, however early one matches, so that time tells nothing about any of them. */
export function createTokenTable(
  clients: readonly ClientConfig[],
  operators: readonly OperatorConfig[],
): (token: string) => Principal | null {
  const table: { digest: Buffer; principal: Principal }[] = clients.map(({ name, token, targets, calls }) => ({
    digest: digest(token),
    principal: { kind: 'client', name, targets, calls },
  }));
  for (const { name, role, token } of operators) {
    if (token !== null) table.push({ digest: digest(token), principal: { kind: 'operator', name, role } });
  }
  return (token) => {
    const given = digest(token);
    let found: Principal | null = null;
    for (const entry of table) if (timingSafeEqual(entry.digest, given)) found = entry.principal;
    return found;
  };
}

export function createBearerAuth(lookUp: (token: string) => Principal | null): RequestHandler {
  return (req, res, next) => {
    const token = bearerToken(req.get('Authorization'));
    const principal = token === null ? null : lookUp(token);
    if (!principal) throw new TurnupError('TURNUP_UNAUTHENTICATED');
    setPrincipal(res, principal);
    next();
  };
}
