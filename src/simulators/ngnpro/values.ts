export type Scalar = string | number | boolean;
export type Value = Scalar | Struct | readonly Value[];
/** A member that was left out, or sent as nil, is undefined. */
export interface Struct {
  readonly [member: string]: Value | undefined;
}

/** The string, empty when it was left out. */
export function text(given: Struct, member: string): string {
  const value = given[member];
  return typeof value === 'string' ? value : '';
}
/** The number, 0 when it was left out. */
export const number = (given: Struct, member: string): number => Number(given[member] ?? 0);
/** The flag, false when it was left out. */
export const flag = (given: Struct, member: string): boolean => given[member] === true;
/** The struct, empty when it was left out. */
export const struct = (given: Struct, member: string): Struct => (given[member] ?? {}) as Struct;
/** The list, empty when it was left out. */
export const structs = (given: Struct, member: string): readonly Struct[] => (given[member] ?? []) as readonly Struct[];
/** The list, empty when it was left out. */
export const texts = (given: Struct, member: string): readonly string[] => (given[member] ?? []) as readonly string[];
