/** From the root of the order, as in `Fault.path`. */
export type Path = readonly (string | number)[];

const MAX_NAME = 128;

/** A member name fit for a path: hostile names would otherwise be copied into every fault beneath them. */
export function shortName(name: string): string {
  const whole = name.toWellFormed();
  return whole.length > MAX_NAME ? `${whole.slice(0, MAX_NAME).toWellFormed()}…` : whole;
}

/** As an answer of the API names it: `subscribers.0.number`. */
export function formatPath(path: Path): string {
  return path.join('.');
}
