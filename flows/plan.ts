import type { OrderContent, PlannedStep, Platform } from '../src/platforms/port.ts';
import type { StoredStep } from '../src/orders/plan.ts';

/** Steps that run one after the other: the customer's own (null), those of each subscriber or operation, or as planned. */
export function lineNameOf(step: Pick<PlannedStep, 'item' | 'line'>): string | null {
  return step.item === null ? null : (step.line ?? step.item);
}

/**
 * The steps of an order in the order they run, pure. `after` puts the customer's own steps into one line and each
 * further line behind it, since a BullMQ flow is a tree (DESIGN §4).
 *
 * @throws {Error} when a platform plans a step before one it needs, or lets it need one of another line: a fault of
 * the platform's code.
 */
export function planOrder(platform: Platform, order: OrderContent): StoredStep[] {
  const planned = platform.plan(order);
  const known = new Set<string>();
  for (const step of planned) {
    const early = step.needs.filter((need) => !known.has(need));
    if (early.length > 0 || known.has(step.id))
      throw new Error(`step ${step.id} is planned before ${early.join(', ')}`);
    known.add(step.id);
  }
  const { trunk: customerSteps, branches } = linesOf(planned);
  const trunk = inLine(customerSteps, null);
  const root = customerSteps.at(-1)?.id ?? null;
  const plan = [...trunk, ...branches.flatMap((line) => inLine(line, root))];
  const byId = indexOf(plan);
  for (const step of plan) {
    const before = idsBefore(byId, step);
    const other = step.needs.filter((need) => !before.includes(need));
    if (other.length > 0) throw new Error(`step ${step.id} needs ${other.join(', ')} of another line`);
  }
  return plan;
}

/** The customer's own steps, and the lines behind them. Either may be empty. */
export function linesOf<T extends PlannedStep>(steps: readonly T[]): { trunk: T[]; branches: T[][] } {
  const lines = Map.groupBy(steps, lineNameOf);
  return {
    trunk: lines.get(null) ?? [],
    branches: [...lines].flatMap(([name, line]) => (name === null ? [] : [line])),
  };
}

function inLine(steps: readonly PlannedStep[], first: string | null): StoredStep[] {
  return steps.map((step, at) => ({ ...step, after: at === 0 ? first : steps[at - 1]!.id }));
}

/** Ids of all steps that run before this one, nearest first. */
export function ancestors(plan: readonly StoredStep[], step: StoredStep): string[] {
  return idsBefore(indexOf(plan), step);
}

const indexOf = (plan: readonly StoredStep[]) => new Map(plan.map((step) => [step.id, step]));

function idsBefore(plan: ReadonlyMap<string, StoredStep>, step: StoredStep): string[] {
  const found: string[] = [];
  for (let at = step.after; at !== null; at = plan.get(at)?.after ?? null) found.push(at);
  return found;
}
