import type { FaultCollector } from './faults.ts';
import type { Path } from './paths.ts';
import type { PostedOrder } from './shape.ts';

type DraftOf<T> = T extends readonly (infer E)[]
  ? (DraftOf<E> | undefined)[]
  : T extends object
    ? { [K in keyof T]?: DraftOf<T[K]> }
    : T;

/** A posted order without its faulty members: whatever is there has the right shape. Lists keep their indexes. */
export type OrderDraft = DraftOf<PostedOrder>;
export type SubscriberDraft = NonNullable<NonNullable<OrderDraft['subscribers']>[number]>;
export type MoveDraft = NonNullable<NonNullable<OrderDraft['moves']>[number]>;
export type OperationDraft = NonNullable<NonNullable<OrderDraft['operations']>[number]>;

/** @param input an order whose every wrong member is among `faults`; not changed. */
export function toDraft(input: object, faults: FaultCollector): OrderDraft {
  return prune(input, [], faults) as OrderDraft;
}

function prune(value: unknown, path: Path, faults: FaultCollector): unknown {
  if (typeof value !== 'object' || value === null || !faults.touches(path)) return value;
  if (Array.isArray(value)) {
    return value.map((item, index) => {
      const at = [...path, index];
      return faults.is(at) ? undefined : prune(item, at, faults);
    });
  }
  const kept: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    const at = [...path, name];
    if (!faults.is(at)) kept[name] = prune(member, at, faults);
  }
  return kept;
}
