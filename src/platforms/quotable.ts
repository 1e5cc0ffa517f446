import { withoutSecrets } from '../errors/index.ts';

const LONGEST_TEXT = 500;

/**
 * A platform's own words as they may be journaled and shown: one line, not too long.
 * @param secrets values that must not be quoted
 */
export function quotable(text: string, secrets: readonly string[]): string {
  const line = withoutSecrets(text, secrets).replaceAll(/\s+/g, ' ').trim();
  return line.length > LONGEST_TEXT ? `${line.slice(0, LONGEST_TEXT)}…` : line;
}

/** No document that anybody understands is deeper; an answer may be anything. */
const DEEPEST = 32;

/** Every value of a call's arguments, or of an answer, that is a secret by its name. */
export function secretsIn(value: unknown, names: Pick<RegExp, 'test'>, depth = 0): string[] {
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    if (typeof member === 'object') return secretsIn(member, names, depth + 1);
    const isSecret = names.test(name) && (typeof member === 'string' || typeof member === 'number');
    return isSecret ? [String(member)] : [];
  });
}
