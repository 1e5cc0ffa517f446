import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The first of `names` that can be run, looked for on PATH and then in `folders`. */
export function findProgram(names: readonly string[], folders: readonly string[] = []): string | null {
  const places = [...(process.env['PATH'] ?? '').split(delimiter), ...folders].filter(Boolean);
  for (const name of names) {
    for (const place of places) {
      const file = join(place, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // not here
      }
    }
  }
  return null;
}
