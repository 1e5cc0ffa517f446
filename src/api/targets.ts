import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { Motor } from '../../flows/motor.ts';
import type { Logger } from '../observability/index.ts';
import type { Capabilities } from '../platforms/port.ts';
import { capabilitiesOf } from './capabilities.ts';
import { parseJsonStrict } from '../orders/model/index.ts';
import type { BreakerChange, BreakerView } from '../targets/breaker.ts';
import type { Target, Targets } from '../targets/targets.ts';
import { actorOf, principalOf, requireOperator } from './auth/principal.ts';
import { bytesOf } from './http/body.ts';
import { checked } from './orders/query.ts';
import { isVisible, visibleTarget } from './visible-target.ts';

export interface TargetView {
  name: string;
  platform: string;
  /** `operations`: what an order may carry. `catalog`: what `GET …/catalog/{what}` reads. */
  capabilities: Capabilities;
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

async function view({ targets, motor }: TargetDeps, target: Target): Promise<TargetView> {
  const { name, platform } = target;
  const [breaker, breakerChanges, throttledUntil, queue] = await Promise.all([
    targets.breaker(name),
    targets.breakerChanges(name, CHANGES_SHOWN),
    targets.throttledUntil(name),
    motor.queues.target(name).getJobCounts(...COUNTED),
  ]);
  return {
    name,
    platform: platform.name,
    capabilities: capabilitiesOf(target),
    breaker,
    breakerChanges,
    throttledUntil,
    queue,
  };
}

export function listTargets(deps: TargetDeps): RequestHandler {
  return async (_req, res) => {
    const principal = principalOf(res);
    const names = deps.targets.names().filter((name) => isVisible(principal, name));
    const items = await Promise.all(names.map((name) => view(deps, visibleTarget(deps.targets, principal, name))));
    res.json({ items, next: null });
  };
}

export function readTarget(deps: TargetDeps): RequestHandler {
  return async (req, res) => {
    res.json(await view(deps, visibleTarget(deps.targets, principalOf(res), String(req.params['name']))));
  };
}

/** Opens a breaker until a person closes it, or closes it at once. */
export function setBreaker(deps: TargetDeps): RequestHandler {
  return async (req, res) => {
    const operator = requireOperator(principalOf(res), 'operator');
    const target = visibleTarget(deps.targets, operator, String(req.params['name']));
    const { state, reason } = checked(breakerOrder, parseJsonStrict(bytesOf(req)));
    const by = actorOf(operator);
    deps.log.warn({ target: target.name, by, state, reason }, 'breaker set by hand');
    if (state === 'open') await deps.targets.openBreaker(target.name, by, reason);
    else await deps.targets.closeBreaker(target.name, by, reason);
    res.json(await view(deps, target));
  };
}
