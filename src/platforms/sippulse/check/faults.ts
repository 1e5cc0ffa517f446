import type { z } from 'zod';
import type { Fault } from '../../../errors/index.ts';

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
  for (const issue of schema.safeParse(value).error?.issues ?? []) {
    const at = [...path, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))];
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) faults.add([...at, key], 'is not a member that the platform takes here');
    } else faults.add(at, issue.message);
  }
}

/** What is wrong with a text that is sent as an XML element and stored in a column of so many characters, or null. */
export function textFault(value: string, most: number): string | null {
  if (value.length > most) return `must have at most ${most} characters`;
  // Spaces around a text are lost in XML answers, so that it could not be told from what is there.
  if (value !== value.trim()) return 'must not begin or end with a space';
  return null;
}
