import type { Response } from 'express';
import type { OperatorRole } from '../../config/index.ts';
import { TurnupError } from '../../errors/index.ts';

export interface ClientPrincipal {
  readonly kind: 'client';
  readonly name: string;
  readonly targets: readonly string[];
  /** Whether it may read call records. */
  readonly calls: boolean;
}

export interface OperatorPrincipal {
  readonly kind: 'operator';
  readonly name: string;
  readonly role: OperatorRole;
}

/** Who is calling. */
export type Principal = ClientPrincipal | OperatorPrincipal;

const RANK: Readonly<Record<OperatorRole, number>> = { viewer: 0, operator: 1, admin: 2 };

export function hasRole(operator: OperatorPrincipal, least: OperatorRole): boolean {
  return RANK[operator.role] >= RANK[least];
}

export function setPrincipal(res: Response, principal: Principal): void {
  res.locals['principal'] = principal;
}

export function principalIn(res: Response): Principal | undefined {
  return res.locals['principal'] as Principal | undefined;
}

/** @throws TurnupError `TURNUP_UNAUTHENTICATED` where no middleware has put one. */
export function principalOf(res: Response): Principal {
  const principal = principalIn(res);
  if (!principal) throw new TurnupError('TURNUP_UNAUTHENTICATED');
  return principal;
}

/** As the journal names who did it. */
export function actorOf(principal: Principal): string {
  return `${principal.kind}:${principal.name}`;
}

/**
 * The `client` of the orders this caller places and owns. Names of clients hold no colon, so an operator who places an
 * order can never be taken for a client of the same name.
 */
export function ownerName(principal: Principal): string {
  return principal.kind === 'client' ? principal.name : `operator:${principal.name}`;
}

/** @throws TurnupError `TURNUP_FORBIDDEN` unless it is an operator of at least this role. */
export function requireOperator(principal: Principal, least: OperatorRole): OperatorPrincipal {
  if (principal.kind !== 'operator')
    throw new TurnupError('TURNUP_FORBIDDEN', { detail: 'only an operator may do this' });
  if (!hasRole(principal, least)) {
    throw new TurnupError('TURNUP_FORBIDDEN', {
      detail: `role "${least}" is needed, "${principal.name}" is "${principal.role}"`,
    });
  }
  return principal;
}

/** Clients, and operators who may act. @throws TurnupError `TURNUP_FORBIDDEN` for a viewer. */
export function requireActor(principal: Principal): void {
  if (principal.kind === 'operator') requireOperator(principal, 'operator');
}

/** Who called whom is told to nobody who need not know it. @throws TurnupError `TURNUP_FORBIDDEN` */
export function requireCallsRight(principal: Principal): void {
  if (principal.kind === 'operator') requireOperator(principal, 'operator');
  else if (!principal.calls) {
    throw new TurnupError('TURNUP_FORBIDDEN', { detail: 'the client is not configured with "calls: true"' });
  }
}
