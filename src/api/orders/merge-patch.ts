const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * RFC 7396: members of the patch replace those of the target, `null` removes them. Gives a new value. A member named
 * `__proto__` stays an ordinary one, for the order's own checks to refuse.
 */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else merged.set(name, mergePatch(merged.get(name), value));
  }
  return Object.fromEntries(merged);
}

/** Lists whose elements have an id. */
const KEYED_LISTS = ['subscribers', 'operations'];

/**
 * As `mergePatch`, and besides: a list whose elements have an id may be patched by an object, member by id, which RFC
 * 7396 has no use for. Who mends one number of a subscriber need not repeat all of it, nor know what is not shown.
 * An id that the list does not have becomes a new element.
 */
export function mergeOrderPatch(posted: Record<string, unknown>, patch: Record<string, unknown>) {
  const byId = KEYED_LISTS.filter((name) => isObject(patch[name]) && Array.isArray(posted[name]));
  const lists = byId.map((name) => [
    name,
    patchElements(posted[name] as { id: string }[], patch[name] as Record<string, unknown>),
  ]);
  return mergePatch(posted, { ...patch, ...Object.fromEntries(lists) }) as Record<string, unknown>;
}

function patchElements(elements: readonly { id: string }[], patch: Record<string, unknown>): unknown[] {
  const patches = new Map(Object.entries(patch));
  const kept = elements.filter(({ id }) => patches.get(id) !== null);
  const known = new Set(elements.map(({ id }) => id));
  const added = [...patches].filter(([id, value]) => !known.has(id) && value !== null);
  return [
    ...kept.map((element) => (patches.has(element.id) ? mergePatch(element, patches.get(element.id)) : element)),
    ...added.map(([id, value]) => (isObject(value) ? { id, ...value } : value)),
  ];
}
