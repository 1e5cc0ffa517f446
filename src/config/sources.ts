import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { Fault } from '../errors/index.ts';

/** From where a configuration file takes what it does not hold itself. */
export interface Sources {
  readonly env: NodeJS.ProcessEnv;
  /** Folder that relative paths of the file start from. */
  readonly folder: string;
}

const MAX_FILE_BYTES = 65_536;

const fromEnv = z.strictObject({ env: z.string().min(1) });
const fromFile = z.strictObject({ file: z.string().min(1) });
const source = z.union([z.string(), fromEnv, fromFile], {
  error: ({ input }) =>
    input === undefined ? 'is required' : 'must be text (in quotes), { env: NAME } or { file: PATH }',
});

type Source = z.infer<typeof source>;
type Read = { readonly value: string } | { readonly fault: string };

function readText(path: string, folder: string): Read {
  const file = resolve(folder, path);
  try {
    if (statSync(file).size > MAX_FILE_BYTES) return { fault: `${file} is larger than ${MAX_FILE_BYTES} bytes` };
    // Files written by editors and secret stores end in a newline that is no part of the secret.
    return { value: readFileSync(file, 'utf8').replace(/\r?\n$/, '') };
  } catch (error) {
    return { fault: `cannot read ${file} (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'})` };
  }
}

function read(from: Source, sources: Sources): Read {
  if (typeof from === 'string') return { value: from };
  if ('file' in from) return readText(from.file, sources.folder);
  const value = sources.env[from.env];
  // A variable that is set but empty is nearly always a deployment that lost its secret.
  return value ? { value } : { fault: `the environment variable ${from.env} is not set` };
}

/** A text that may be written as it is, or be taken from the environment or a file. What is read is then `checked`. */
export function secretText<T extends z.ZodType<unknown, string>>(sources: Sources, checked: T) {
  return source
    .transform((from, ctx) => {
      const found = read(from, sources);
      if ('value' in found) return found.value;
      ctx.addIssue({ code: 'custom', message: found.fault });
      return z.NEVER;
    })
    .pipe(checked)
    .meta({ reads: 'text, `{ env: NAME }` or `{ file: PATH }`' });
}

/** PEM text. Written as the path of a file (the usual way), as the PEM itself, or taken from the environment. */
export function pemText(sources: Sources) {
  return source
    .transform((from, ctx) => {
      const isPath = typeof from === 'string' && !from.includes('-----BEGIN ');
      const found = isPath ? readText(from, sources.folder) : read(from, sources);
      if ('fault' in found) ctx.addIssue({ code: 'custom', message: found.fault });
      else if (!found.value.includes('-----BEGIN ')) ctx.addIssue({ code: 'custom', message: 'is not a PEM file' });
      else return found.value;
      return z.NEVER;
    })
    .meta({ reads: 'path, PEM text, `{ env: NAME }` or `{ file: PATH }`' });
}

/** Deeper settings than this no platform has. */
const DEEPEST = 8;

/**
 * A platform's own settings with every `{ env }` and `{ file }` in them read: platforms know nothing of where a secret
 * comes from, so any text of theirs may be one.
 */
export function readTexts(value: unknown, sources: Sources): { value: unknown; faults: Fault[] } {
  const faults: Fault[] = [];
  function walk(part: unknown, path: Fault['path']): unknown {
    if (typeof part !== 'object' || part === null || path.length > DEEPEST) return part;
    if (Array.isArray(part)) return part.map((item: unknown, at) => walk(item, [...path, at]));
    const from = source.safeParse(part);
    if (!from.success) {
      return Object.fromEntries(Object.entries(part).map(([name, member]) => [name, walk(member, [...path, name])]));
    }
    const found = read(from.data, sources);
    if ('value' in found) return found.value;
    faults.push({ path, message: found.fault });
    return undefined;
  }
  return { value: walk(value, []), faults };
}
