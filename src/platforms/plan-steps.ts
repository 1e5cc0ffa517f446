/* How the plans of platforms are put together. */

import type { PlannedStep, SubscriberName, SubscriberOrder } from './port.ts';

export type Planned = readonly [kind: string, title: string, stepClass?: PlannedStep['class']];

/** A step of a subscriber, an operation or a move. */
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

/** Of several steps with no way back the first is the pivot: after it there is only forward. */
export function pivotFirst(steps: readonly ItemStep[]): ItemStep[] {
  const pivot = steps.findIndex(({ planned }) => planned[2] === 'pivot');
  return steps.map(({ item, planned: [kind, title, stepClass] }, at) => ({
    item,
    planned: [kind, title, at > pivot && stepClass === 'pivot' ? 'retriable' : stepClass],
  }));
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
