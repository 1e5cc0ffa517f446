import type { z } from 'zod';
import type { Fault } from '../../errors/index.ts';
import type { FaultCollector } from './faults.ts';
import type { Path } from './paths.ts';
import { orderShape } from './shape.ts';

type Issue = z.core.$ZodIssue;

const ARTICLES: Readonly<Record<string, string>> = {
  object: 'an object',
  record: 'an object',
  array: 'a list',
  int: 'a whole number',
};

const kindOf = (expected: string): string => ARTICLES[expected] ?? `a ${expected}`;

/** Our words for zod's issues. Of the input nothing is said but whether it is there: it may be a secret. */
function messageOf(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is required' : `must be ${kindOf(issue.expected)}`;
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.join(', ')}`;
    case 'too_small':
      return bound('at least', issue.origin, Number(issue.minimum));
    case 'too_big':
      return bound('at most', issue.origin, Number(issue.maximum));
    case 'invalid_key':
      return 'has a name that is not allowed';
    default:
      return undefined;
  }
}

function bound(words: string, origin: string, limit: number): string {
  if (origin === 'string')
    return limit === 1 && words === 'at least' ? 'must not be empty' : `must be ${words} ${limit} characters long`;
  if (origin === 'array') return `must have ${words} ${limit} ${limit === 1 ? 'element' : 'elements'}`;
  return `must be ${words} ${limit}`;
}

/** Adds every fault of the order's shape, except at members whose text is faulty already. */
export function checkShape(input: unknown, faults: FaultCollector): void {
  const result = orderShape.safeParse(input, { error: messageOf });
  if (result.success) return;
  const found = result.error.issues.flatMap((issue) => faultsOf(issue, []));
  const fresh = found.filter(({ path }) => !faults.covers(path));
  for (const { path, message } of fresh) faults.add(path, message);
}

function faultsOf(issue: Issue, base: Path): Fault[] {
  const path: Path = [...base, ...issue.path.filter((part) => typeof part !== 'symbol')];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...path, key], message: 'is not a member that an order has here' }));
  }
  if (issue.code === 'invalid_union') {
    // The branch whose type the input has tells what is wrong; the others only that it is of another type.
    const branch = issue.errors.find((issues) => !issues.some(isWrongType));
    if (branch) return branch.flatMap((inner) => faultsOf(inner, path));
    return [{ path, message: `must be ${issue.errors.flat().map(expectedOf).filter(Boolean).join(' or ')}` }];
  }
  return [{ path, message: issue.message }];
}

const isWrongType = (issue: Issue): boolean => issue.code === 'invalid_type' && issue.path.length === 0;

const expectedOf = (issue: Issue): string => (issue.code === 'invalid_type' ? kindOf(issue.expected) : '');
