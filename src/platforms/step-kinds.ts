/* A part of the port: which kind of step a planned one is. */

interface Kinds<K> {
  readonly steps: { readonly [kind: string]: K };
  readonly stepsOf?: { readonly [action: string]: { readonly [kind: string]: K } | undefined };
}

/** What a step of an order of that action is; undefined where the platform has no such step. */
export function stepKind<K>({ steps, stepsOf }: Kinds<K>, action: string, kind: string): K | undefined {
  const own = stepsOf && Object.hasOwn(stepsOf, action) ? stepsOf[action] : undefined;
  if (own && Object.hasOwn(own, kind)) return own[kind];
  return Object.hasOwn(steps, kind) ? steps[kind] : undefined;
}

/** Names of all kinds of steps, whatever the action. */
export function stepKindNames({ steps, stepsOf }: Kinds<unknown>): string[] {
  const all = [steps, ...Object.values(stepsOf ?? {})];
  return [...new Set(all.flatMap((kinds) => Object.keys(kinds ?? {})))];
}
