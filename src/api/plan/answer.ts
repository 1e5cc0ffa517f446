import type { Request, Response } from 'express';
import { rehearseOrder } from '../../../flows/rehearsal/rehearse.ts';
import type { PlanView } from '../../../flows/rehearsal/view.ts';
import { TurnupError, type Fault } from '../../errors/index.ts';
import type { CheckedOrder } from '../intake-check.ts';
import { withDomains } from '../../intake/domains.ts';
import { readingTarget, type ReadingDeps } from '../reading-target.ts';
import { planMermaid } from './mermaid.ts';
import { planSvg } from './svg.ts';

/** What is asked for with `dryRun=true`. */
export interface PlanWish {
  /** Look what the target has of it. */
  readonly asksTarget: boolean;
}

/**
 * What the query says of a plan; null where an order is to be placed.
 *
 * @throws TurnupError `TURNUP_INVALID_REQUEST`
 */
export function readPlanWish({ query: { dryRun, check } }: Pick<Request, 'query'>): PlanWish | null {
  const faults: Fault[] = [];
  if (dryRun !== undefined && dryRun !== 'true' && dryRun !== 'false') {
    faults.push({ path: ['dryRun'], message: 'must be true or false' });
  }
  if (check !== undefined && check !== 'target') faults.push({ path: ['check'], message: 'must be target' });
  else if (check !== undefined && dryRun !== 'true') faults.push({ path: ['check'], message: 'needs dryRun=true' });
  if (faults.length > 0) throw new TurnupError('TURNUP_INVALID_REQUEST', { faults });
  return dryRun === 'true' ? { asksTarget: check === 'target' } : null;
}

/** By the types a caller may accept; the first is for those who do not say. */
const DRAWINGS: readonly (readonly [type: string, draw: (plan: PlanView) => string])[] = [
  ['application/json', (plan) => JSON.stringify(plan)],
  ['text/vnd.mermaid', planMermaid],
  ['image/svg+xml', planSvg],
];

/** Answers the plan of an order: nothing is stored, and the target is asked only where that is wished. */
export async function answerPlan(
  deps: ReadingDeps,
  { order, target }: CheckedOrder,
  { asksTarget }: PlanWish,
  req: Request,
  res: Response,
): Promise<void> {
  const { platform, settings } = target;
  const input = { platform, settings, order: withDomains(order) };
  const plan = asksTarget
    ? await readingTarget(deps, target, 'plan', (client) => rehearseOrder({ ...input, target: client }))
    : await rehearseOrder(input);
  const accepted = req.accepts(DRAWINGS.map(([type]) => type));
  const [type, draw] = DRAWINGS.find(([known]) => known === accepted) ?? DRAWINGS[0]!;
  res.vary('Accept').type(type).send(draw(plan));
}
