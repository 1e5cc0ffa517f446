import { z } from 'zod';
import type { Fault } from '../../../errors/index.ts';
import { characters } from '../native.ts';

export type Path = readonly (string | number)[];

export interface Faults {
  add(path: Path, message: string | null | undefined): void;
  readonly list: Fault[];
}

export function createFaults(): Faults {
  const list: Fault[] = [];
  return {
    list,
    add(path, message) {
      if (message) list.push({ path, message });
    },
  };
}

/** Every fault of a native object; unknown members one by one, so that each is named by its own path. */
export function addSchemaFaults(faults: Faults, path: Path, schema: z.ZodType, value: unknown): void {
  const result = schema.safeParse(value);
  for (const issue of result.error?.issues ?? []) {
    const at = [...path, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))];
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) faults.add([...at, key], 'is not a field that the platform takes here');
    } else {
      faults.add(at, issue.message);
    }
  }
}

const email = z.email();

/** The platform checks mail addresses itself, some of them only when the subscriber is made (sipwise-ngcp.md §8). */
export function emailFault(value: string): string | null {
  if (characters(value) > 255) return 'must have at most 255 characters';
  return email.safeParse(value).success ? null : 'must be a mail address of the form someuser@example.com';
}
