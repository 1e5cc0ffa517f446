import { inspect } from 'node:util';

const HIDDEN = '[hidden]';

/**
 * Makes a person's or a logger's look at `object` show `[hidden]` in place of `members`. It guards against accidents
 * (`console.log(config)`, an error with the configuration attached); a copy made by spreading is not guarded.
 */
export function redacted<T extends object>(object: T, members: readonly (keyof T & string)[]): T {
  const shown = (): object => {
    const copy: Record<string, unknown> = Object.fromEntries(Object.entries(object));
    for (const member of members) if (copy[member] !== undefined && copy[member] !== null) copy[member] = HIDDEN;
    return copy;
  };
  return Object.defineProperties(object, {
    toJSON: { value: shown },
    [inspect.custom]: { value: shown },
  });
}
