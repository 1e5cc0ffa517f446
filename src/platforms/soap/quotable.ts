const LONGEST_TEXT = 500;
const STARS = '*****';

/**
 * A platform's own words as they may be journaled and shown: one line, not too long.
 * @param secrets values that must not be quoted
 */
export function quotable(text: string, secrets: readonly string[]): string {
  let line = text.replaceAll(/\s+/g, ' ').trim();
  for (const secret of secrets) if (secret !== '') line = line.replaceAll(secret, STARS);
  return line.length > LONGEST_TEXT ? `${line.slice(0, LONGEST_TEXT)}…` : line;
}

/** Every value of a call's arguments that is a secret by its name. */
export function secretsIn(value: unknown, names: RegExp): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    if (typeof member === 'object') return secretsIn(member, names);
    const isSecret = names.test(name) && (typeof member === 'string' || typeof member === 'number');
    return isSecret ? [String(member)] : [];
  });
}
