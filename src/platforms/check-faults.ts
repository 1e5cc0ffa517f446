import type { z } from 'zod';
import type { Fault } from '../errors/index.ts';

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

/**
 * Every fault of a native object; unknown members one by one, so that each is named by its own path.
 * @param what a platform calls a member: `field`
 */
export function addSchemaFaults(faults: Faults, path: Path, schema: z.ZodType, value: unknown, what: string): void {
  for (const issue of schema.safeParse(value).error?.issues ?? []) {
    const at = [...path, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))];
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) faults.add([...at, key], `is not a ${what} that the platform takes here`);
    } else faults.add(at, issue.message);
  }
}
