import type { Condition, Test } from '../profile/model.ts';
import { readAt } from '../profile/pointer.ts';

/** An answer of the target, read. */
export interface WireAnswer {
  readonly status: number;
  /** Undefined where it is no document. */
  readonly document: unknown;
  readonly text: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

const isThere = (value: unknown): boolean => value !== undefined && value !== null;

const isEmpty = (value: unknown): boolean =>
  value === null || value === '' || (Array.isArray(value) && value.length === 0);

function passes(value: unknown, test: Test): boolean {
  switch (test.kind) {
    case 'equals':
      return value === test.value;
    // Of an answer that does not say, nobody knows what it is.
    case 'not':
      return isThere(value) && value !== test.value;
    case 'in':
      return test.values.some((one) => one === value);
    case 'present':
      return isThere(value) === test.is;
    case 'empty':
    default:
      return isEmpty(value);
  }
}

export function matches(
  { statuses, test }: Condition,
  { status, document }: Pick<WireAnswer, 'status' | 'document'>,
): boolean {
  if (statuses !== null && !statuses.includes(status)) return false;
  if (test === null) return true;
  return document !== undefined && passes(readAt(document, test.at), test.is);
}

export const matchesAny = (
  conditions: readonly Condition[],
  answer: Pick<WireAnswer, 'status' | 'document'>,
): boolean => conditions.some((condition) => matches(condition, answer));
