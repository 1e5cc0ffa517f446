import type { z } from 'zod';
import type { Fault } from '../errors/index.ts';

type Path = readonly (string | number)[];

function pathOf(issue: z.core.$ZodIssue): Path {
  return issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
}

/** zod's issues as faults: one for each unknown setting, and the reason inside where a name is not allowed. */
export function faultsOf(issues: readonly z.core.$ZodIssue[]): Fault[] {
  return issues.flatMap((issue): Fault[] => {
    const path = pathOf(issue);
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path: [...path, key], message: 'is not a known setting' }));
    }
    if (issue.code === 'invalid_key')
      return [{ path, message: `the name ${issue.issues[0]?.message ?? 'is not allowed'}` }];
    if (issue.code === 'invalid_type') return [{ path, message: typeFault(issue.expected, issue.message) }];
    return [{ path, message: issue.message }];
  });
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'text (in quotes)',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of settings',
  record: 'a map of settings',
};

function typeFault(expected: string, message: string): string {
  if (message.endsWith('received undefined')) return 'is required';
  return `must be ${TYPE_NAMES[expected] ?? expected}`;
}
