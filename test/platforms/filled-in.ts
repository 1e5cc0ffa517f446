const NAMES = /\{[^{}]+\}/g;

/** The planned value with what the real one has in the place of names and stars. */
export function filledIn(
  planned: unknown,
  real: unknown,
  known: Map<string, string>,
  secrets: readonly string[],
): unknown {
  if (planned === '***') return secrets.includes(String(real)) ? real : '***';
  if (typeof planned === 'string') {
    const pattern = planned.replaceAll(/[\\^$.*+?()[\]|]/g, String.raw`\$&`).replaceAll(NAMES, '([^/]+?)');
    const names = planned.match(NAMES) ?? [];
    if (names.length === 0) return planned;
    const values = new RegExp(`^${pattern}$`, 'u').exec(String(real))?.slice(1) ?? [];
    // The same name always stands for the same thing.
    for (const [at, name] of names.entries()) if (!known.has(name) && values[at]) known.set(name, values[at]);
    const text = planned.replaceAll(NAMES, (name) => known.get(name) ?? name);
    return typeof real === 'number' && text === String(real) ? real : text;
  }
  if (Array.isArray(planned)) {
    return planned.map((one, at) => filledIn(one, (real as unknown[] | undefined)?.[at], known, secrets));
  }
  if (typeof planned !== 'object' || planned === null) return planned;
  const other = (typeof real === 'object' && real !== null ? real : {}) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(planned).map(([name, member]) => [name, filledIn(member, other[name], known, secrets)]),
  );
}
