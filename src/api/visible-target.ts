import { TurnupError } from '../errors/index.ts';
import type { Target, Targets } from '../targets/targets.ts';
import type { Principal } from './auth/principal.ts';

export function isVisible(principal: Principal, name: string): boolean {
  return principal.kind === 'operator' || principal.targets.includes(name);
}

/** @throws TurnupError `TURNUP_NOT_FOUND`, also for a target that is not the client's */
export function visibleTarget(targets: Pick<Targets, 'get'>, principal: Principal, name: string): Target {
  const target = isVisible(principal, name) ? targets.get(name) : undefined;
  if (!target) throw new TurnupError('TURNUP_NOT_FOUND', { detail: 'there is no such target' });
  return target;
}
