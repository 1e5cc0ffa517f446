import type { OrderContent, PlannedStep, SubscriberOrder } from '../port.ts';
import { customerNativeOf } from './native.ts';

export type Planned = readonly [kind: string, title: string, stepClass?: PlannedStep['class']];

export const nameOf = ({ username, domain }: Pick<SubscriberOrder, 'username' | 'domain'>): string =>
  `${username}@${domain}`;

/** Those of a list that an order gives reason for. */
export const reasonFor = (all: readonly (Planned | false)[]): Planned[] =>
  all.filter((planned): planned is Planned => planned !== false);

function plannedStep(
  item: string | null,
  [kind, title, stepClass = 'compensatable']: Planned,
  needs: readonly string[],
  line?: string,
): PlannedStep {
  const id = item === null ? kind : `${item}.${kind}`;
  return { id, kind, item, needs, class: stepClass, title, ...(line !== undefined && { line }) };
}

/** Steps one after the other. */
export function inLine(
  steps: readonly { readonly item: string; readonly planned: Planned }[],
  trunk: readonly string[],
  line?: string,
): PlannedStep[] {
  let needs = trunk;
  return steps.map(({ item, planned }) => {
    const step = plannedStep(item, planned, needs, line);
    needs = [step.id];
    return step;
  });
}

/**
 * A customer is no object of this platform: it is the `contractNumber` and billing data of its subscribers, so it has a
 * step only where the order asks for a reseller.
 */
export function planTrunk(order: OrderContent): PlannedStep[] {
  const { reseller } = customerNativeOf(order.customer.native);
  return reseller ? [plannedStep(null, ['reseller', `reseller ${reseller.name}`], [])] : [];
}
