import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { Motor } from '../../flows/motor.ts';
import { TurnupError } from '../errors/index.ts';
import type { Logger } from '../observability/index.ts';
import { parseJsonStrict } from '../orders/model/index.ts';
import type { BreakerChange, BreakerView } from '../targets/breaker.ts';
import type { Target, Targets } from '../targets/targets.ts';
import { actorOf, principalOf, requireOperator, type Principal } from './auth/principal.ts';
import { bytesOf } from './http/body.ts';
import { checked } from './orders/query.ts';

export interface TargetView {
  name: string;
  platform: string;
  capabilities: { actions: readonly string[]; callForwardTypes: readonly string[] };
  breaker: BreakerView;
  /** Newest first. */
  breakerChanges: BreakerChange[];
  /** ISO 8601 UTC. */
  throttledUntil: string | null;
  /** Jobs by state. */
  queue: Record<string, number>;
}

export interface TargetDeps {
  readonly targets: Pick<
    Targets,
    'names' | 'get' | 'breaker' | 'breakerChanges' | 'throttledUntil' | 'openBreaker' | 'closeBreaker'
  >;
  readonly motor: Pick<Motor, 'queues'>;
  readonly log: Logger;
}

const breakerOrder = z.strictObject({
  state: z.enum(['open', 'closed']),
  reason: z.string().trim().min(1).max(500),
});

const CHANGES_SHOWN = 10;

const COUNTED = ['active', 'waiting', 'prioritized', 'waiting-children', 'delayed', 'failed', 'completed'] as const;

function isVisible(principal: Principal, name: string): boolean {
  return principal.kind === 'operator' || principal.targets.includes(name);
}

async function view({ targets, motor }: TargetDeps, target: Target): Promise<TargetView> {
  const { name, platform } = target;
  const [breaker, breakerChanges, throttledUntil, queue] = await Promise.all([
    targets.breaker(name),
    targets.breakerChanges(name, CHANGES_SHOWN),
    targets.throttledUntil(name),
    motor.queues.target(name).getJobCounts(...COUNTED),
  ]);
  const capabilities = { actions: platform.actions, callForwardTypes: platform.callForwardTypes };
  return { name, platform: platform.name, capabilities, breaker, breakerChanges, throttledUntil, queue };
}

/** @throws TurnupError `TURNUP_NOT_FOUND`, also for a target that is not the client's */
function visibleTarget(deps: TargetDeps, principal: Principal, name: string): Target {
  const target = isVisible(principal, name) ? deps.targets.get(name) : undefined;
  if (!target) throw new TurnupError('TURNUP_NOT_FOUND', { detail: 'there is no such target' });
  return target;
}

export function listTargets(deps: TargetDeps): RequestHandler {
  return async (_req, res) => {
    const principal = principalOf(res);
    const names = deps.targets.names().filter((name) => isVisible(principal, name));
    const items = await Promise.all(names.map((name) => view(deps, visibleTarget(deps, principal, name))));
    res.json({ items, next: null });
  };
}

export function readTarget(deps: TargetDeps): RequestHandler {
  return async (req, res) => {
    res.json(await view(deps, visibleTarget(deps, principalOf(res), String(req.params['name']))));
  };
}

/** Opens a breaker until a person closes it, or closes it at once. */
export function setBreaker(deps: TargetDeps): RequestHandler {
  return async (req, res) => {
    const operator = requireOperator(principalOf(res), 'operator');
    const target = visibleTarget(deps, operator, String(req.params['name']));
    const { state, reason } = checked(breakerOrder, parseJsonStrict(bytesOf(req)));
    const by = actorOf(operator);
    deps.log.warn({ target: target.name, by, state, reason }, 'breaker set by hand');
    if (state === 'open') await deps.targets.openBreaker(target.name, by, reason);
    else await deps.targets.closeBreaker(target.name, by, reason);
    res.json(await view(deps, target));
  };
}
