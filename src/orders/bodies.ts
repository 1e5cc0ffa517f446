import type { StoredStep } from './plan.ts';

type Item = { readonly id: string };

/** What an order has beside what is common to all of its steps. */
export interface ItemLists {
  readonly subscribers: readonly Item[];
  readonly operations: readonly Item[];
}

const fieldOf = (item: string | null): string => `body:${item}`;
const isField = (name: string): boolean => name.startsWith('body:');

/**
 * Fields of the record: what is common to all steps under `body`, each subscriber and operation under its own, so that
 * a step reads what it needs and nothing else. Their ids differ from one another.
 */
export function bodyFields(order: ItemLists): string[] {
  const { subscribers, operations, ...common } = order;
  return [
    'body',
    JSON.stringify(common),
    ...[...subscribers, ...operations].flatMap((item) => [fieldOf(item.id), JSON.stringify(item)]),
  ];
}

const isOperation = (item: object): boolean => 'service' in item;

/** Which lists of its order one item makes up: subscribers and operations are told apart by their members. */
export function listsOf<S extends object, O extends object>(item: S | O): { subscribers: S[]; operations: O[] } {
  return isOperation(item)
    ? { subscribers: [], operations: [item as O] }
    : { subscribers: [item as S], operations: [] };
}

export interface StoredItems {
  subscribers: Record<string, unknown>[];
  operations: Record<string, unknown>[];
}

/** In the order in which they were posted: a hash keeps none of its fields, the plan does. */
export function readItems(record: Readonly<Record<string, string>>, plan: readonly StoredStep[]): StoredItems {
  const fields = new Set([...plan.map((step) => fieldOf(step.item)), ...Object.keys(record).filter(isField)]);
  const items = [...fields].flatMap((field) => {
    const body = record[field];
    return body === undefined ? [] : [JSON.parse(body) as Record<string, unknown>];
  });
  return {
    subscribers: items.filter((item) => !isOperation(item)),
    operations: items.filter(isOperation),
  };
}
