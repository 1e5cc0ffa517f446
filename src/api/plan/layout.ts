/** Where a step is drawn: rows by what must be done before, columns by what goes on from what. */
export interface Place {
  readonly row: number;
  readonly column: number;
}

/**
 * A step stands below all it needs. The first that goes on from a step stands beneath it, each further one in a column
 * of its own, so that every chain is a straight line.
 *
 * @param steps in dependency order
 */
export function placesOf(
  steps: readonly { readonly id: string; readonly needs: readonly string[] }[],
): Map<string, Place> {
  const places = new Map<string, Place>();
  const goneOn = new Set<string>();
  let columns = 0;
  for (const { id, needs } of steps) {
    const before = needs.flatMap((need) => places.get(need) ?? []);
    const row = before.length === 0 ? 0 : Math.max(...before.map((place) => place.row)) + 1;
    const [first] = needs;
    const above = first === undefined || goneOn.has(first) ? undefined : places.get(first);
    for (const need of needs) goneOn.add(need);
    places.set(id, { row, column: above?.column ?? columns++ });
  }
  return places;
}
