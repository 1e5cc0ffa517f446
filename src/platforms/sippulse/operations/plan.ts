import type { JsonObject, OrderContent, PlannedStep } from '../../port.ts';
import { RELOAD_AFTER } from './reloads.ts';
import { specOf } from './table.ts';

/**
 * One after the other, in the order's own sequence: a later operation may be about what an earlier one makes.
 * @param needs steps that come before all of them
 */
export function planOperations(
  { operations }: Pick<OrderContent, 'operations'>,
  needs: readonly string[] = [],
): PlannedStep[] {
  const steps: PlannedStep[] = [];
  const add = (item: string, kind: string, title: string, more: Pick<PlannedStep, 'class'>): void => {
    const before = steps.at(-1);
    steps.push({
      id: `${item}.${kind}`,
      kind,
      item,
      line: 'operations',
      needs: before ? [before.id] : needs,
      title,
      ...more,
    });
  };
  for (const { id, service, operation, args } of operations) {
    const spec = specOf(service, operation);
    // An operation that is not offered is a fault at the door; a draft with faults may still be planned.
    if (!spec) continue;
    add(id, spec.operation, `${spec.title}: ${subjectOf(args)}`, { class: spec.class });
    if (spec.reload) add(id, RELOAD_AFTER, `Reload after: ${spec.title}: ${subjectOf(args)}`, { class: 'retriable' });
  }
  return steps;
}

/** What tells a person which one it is; never a secret, and short. */
const SUBJECTS = ['username', 'aliasUsername', 'resellerName', 'accountManager', 'name', 'description', 'domain'];

function subjectOf(args: JsonObject): string {
  const objects = [args, ...Object.values(args)].filter(isObject);
  const found = SUBJECTS.flatMap((member) => objects.map((object) => object[member]));
  return found.find((value) => typeof value === 'string')?.slice(0, 64) ?? '';
}

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null;
