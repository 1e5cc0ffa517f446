import type { PlannedStep, SubscriberName, SubscriberOrder } from '../port.ts';

export type Planned = readonly [kind: string, title: string, stepClass?: PlannedStep['class']];

/** A step of a subscriber or a move. */
export interface ItemStep {
  readonly item: string;
  readonly planned: Planned;
}

export const nameOf = ({ username, domain }: SubscriberName): string => `${username}@${domain}`;

/** Those of a list that an order gives reason for. */
export const reasonFor = (all: readonly (Planned | false)[]): Planned[] =>
  all.filter((planned): planned is Planned => planned !== false);

export const titled = (subscriber: SubscriberOrder, kinds: readonly Planned[]): ItemStep[] =>
  kinds.map(([kind, title, stepClass]) => ({
    item: subscriber.id,
    planned: [kind, `${title} ${nameOf(subscriber)}`, stepClass],
  }));

export function plannedStep(
  item: string | null,
  [kind, title, stepClass = 'compensatable']: Planned,
  needs: readonly string[],
  line?: string,
): PlannedStep {
  const id = item === null ? kind : `${item}.${kind}`;
  return { id, kind, item, needs, class: stepClass, title, ...(line !== undefined && { line }) };
}

/** Steps one after the other. */
export function inLine(steps: readonly ItemStep[], trunk: readonly string[], line?: string): PlannedStep[] {
  let needs = trunk;
  return steps.map(({ item, planned }) => {
    const step = plannedStep(item, planned, needs, line);
    needs = [step.id];
    return step;
  });
}
