import type { JsonObject, OrderContent, PlannedStep } from '../port.ts';
import { operationsAround } from './references.ts';
import type { OperationSpec } from './spec.ts';

/** The step of an operation, or one that belongs to it. */
export interface OperationStep {
  readonly kind: string;
  readonly title: string;
  readonly class: PlannedStep['class'];
  /** Operations of the order without whose objects there is none of this one. */
  within?(args: JsonObject): readonly string[];
}

/**
 * One after the other, in the order's own sequence: a later operation may be about what an earlier one makes.
 * @param stepsOf what an operation becomes; none for one that is not offered, which is a fault at the door
 * @param needs steps that come before all of them
 */
export function planOperations(
  { operations }: Pick<OrderContent, 'operations'>,
  stepsOf: (service: string, operation: string) => readonly OperationStep[],
  needs: readonly string[] = [],
): PlannedStep[] {
  const steps: PlannedStep[] = [];
  const stepIdOf = (operation: string): string[] =>
    steps
      .filter((step) => step.item === operation)
      .slice(0, 1)
      .map(({ id }) => id);
  for (const { id: item, service, operation, args } of operations) {
    for (const { kind, title, class: stepClass, within } of stepsOf(service, operation)) {
      const before = steps.at(-1);
      const around = within?.(args).flatMap(stepIdOf) ?? [];
      steps.push({
        id: `${item}.${kind}`,
        kind,
        item,
        line: 'operations',
        needs: before ? [before.id] : needs,
        title: `${title}: ${subjectOf(args)}`,
        class: stepClass,
        ...(around.length > 0 && { within: around }),
      });
    }
  }
  return steps;
}

export const stepOf = <Client>(kind: string, spec: OperationSpec<Client>): OperationStep => ({
  kind,
  title: spec.title,
  class: spec.class,
  within: (args) => operationsAround(spec, args),
});

/** What tells a person which one it is; never a secret, and short. */
const SUBJECTS = [
  'username',
  'aliasUsername',
  'resellerName',
  'accountManager',
  'name',
  'description',
  'number',
  'prefix',
  'domain',
  'ip',
  'office',
  'zone',
  'entity',
  'id',
];

function subjectOf(args: JsonObject): string {
  const objects = [args, ...Object.values(args).flatMap(within)].filter(isObject);
  const found = SUBJECTS.flatMap((member) => objects.map((object) => object[member]));
  const subject = found.find((value) => typeof value === 'string' || typeof value === 'number');
  return subject === undefined ? '' : String(subject).slice(0, 64);
}

/** An argument and what lies directly in it: the key of an object may be one of its own. */
const within = (value: unknown): unknown[] => (isObject(value) ? [value, ...Object.values(value)] : []);

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null;
