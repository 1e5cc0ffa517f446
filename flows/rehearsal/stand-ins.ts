/**
 * Stand-ins for what a plan cannot know or must not tell: ids that only the target gives, and secrets. They are numbers,
 * since that is what steps expect of ids; of 16 digits, so that no telephone number is one (E.164 ends at 15) and none is
 * lost in a double.
 */
const FIRST = 9_007_199_254_000_000;
const PATTERN = /9007199254\d{6}/g;

export const SECRET = '***';

export interface StandIns {
  /** A new number that is told as `{name}`; a name that is taken gets a number behind it. */
  numberFor(name: string): number;
  /** A new number that is told as `***`. */
  secret(): number;
  /** The value with names in the place of stand-ins. Undefined members are gone. */
  tell(value: unknown): unknown;
}

export function createStandIns(): StandIns {
  const told: string[] = [];
  const uses = new Map<string, number>();
  const add = (text: string): number => FIRST + told.push(text) - 1;
  const lookUp = (standIn: number): string | undefined => told[standIn - FIRST];

  function tell(value: unknown): unknown {
    if (typeof value === 'number') return lookUp(value) ?? value;
    if (typeof value === 'string') return value.replaceAll(PATTERN, (digits) => lookUp(Number(digits)) ?? digits);
    if (Array.isArray(value)) return value.map(tell);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .map(([name, member]) => [tell(name), tell(member)]),
    );
  }

  return {
    numberFor(name) {
      const times = (uses.get(name) ?? 0) + 1;
      uses.set(name, times);
      return add(`{${name}${times === 1 ? '' : `-${times}`}}`);
    },
    secret: () => add(SECRET),
    tell,
  };
}
