import { z } from 'zod';
import type { Fault } from '../errors/index.ts';
import { secretText, type Sources } from './sources.ts';

type Path = readonly (string | number)[];

/*
 * What must hold between members. It looks at the file as it was read, not at what the schema made of it, so that its
 * faults are told together with those of the schema: nothing is taken for granted about the shape.
 */

function member(value: unknown, key: string | number): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string | number, unknown>)[key];
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function repeated(
  entries: readonly { readonly path: Path; readonly value: unknown }[],
  tell: (first: string) => string,
): Fault[] {
  const seen = new Map<unknown, string>();
  const faults: Fault[] = [];
  for (const { path, value } of entries) {
    if (typeof value !== 'string') continue;
    const first = seen.get(value);
    if (first === undefined) seen.set(value, path.join('.'));
    else faults.push({ path, message: tell(first) });
  }
  return faults;
}

function membersOf(root: unknown, section: string, key: string): { path: Path; value: unknown }[] {
  return list(member(root, section)).map((item, i) => ({ path: [section, i, key], value: member(item, key) }));
}

function unknownTargets(root: unknown): Fault[] {
  const targets = member(root, 'targets');
  const named = [
    ...list(member(root, 'clients')).flatMap((client, i) =>
      list(member(client, 'targets')).map((value, j) => ({ path: ['clients', i, 'targets', j], value })),
    ),
    ...membersOf(root, 'audits', 'target'),
  ];
  return named.flatMap(({ path, value }) =>
    typeof value !== 'string' || member(targets, value) !== undefined
      ? []
      : [{ path, message: `there is no target "${value}" under targets` }],
  );
}

/** A token tells who is asking, so no two may be the same. */
function sharedTokens(root: unknown, sources: Sources): Fault[] {
  const reader = secretText(sources, z.string());
  const tokens = [...membersOf(root, 'clients', 'token'), ...membersOf(root, 'operators', 'token')];
  const read = tokens.map(({ path, value }) => ({ path, value: reader.safeParse(value).data }));
  return repeated(read, (first) => `is the same as ${first}; every client and operator needs its own`);
}

/** @returns every fault between members of the file, none when it holds together. */
export function crossCheck(root: unknown, sources: Sources): Fault[] {
  const sameName = (first: string): string => `is the same as ${first}; names must differ`;
  return [
    ...repeated(membersOf(root, 'secretKeys', 'id'), sameName),
    ...repeated(membersOf(root, 'clients', 'name'), sameName),
    ...repeated(membersOf(root, 'operators', 'name'), sameName),
    ...sharedTokens(root, sources),
    ...unknownTargets(root),
  ];
}
