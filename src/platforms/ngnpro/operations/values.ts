import type { Item } from './spec.ts';

/*
 * Comparing and changing objects of the platform. Absent, null, empty, 0 and false are the same to it: blanks are sent as
 * such, and come back so or not at all (ngnpro.md, "Rules worth coding").
 */

export const isObject = (value: unknown): value is Item =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const memberOf = (value: unknown, member: string): unknown => (isObject(value) ? value[member] : undefined);

export function isBlank(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === 0 || value === false) return true;
  return Array.isArray(value) && value.length === 0;
}

/** Whether what is found has all that is wanted. Lists are sets; of an object, members that are not wanted are left alone. */
export function satisfies(wanted: unknown, found: unknown): boolean {
  if (isBlank(wanted)) return isBlank(found);
  if (Array.isArray(wanted)) return Array.isArray(found) && sameSet(wanted, found);
  if (!isObject(wanted)) return !isBlank(found) && String(wanted) === String(found);
  const has = isObject(found) ? found : {};
  return Object.entries(wanted).every(([name, value]) => value === undefined || satisfies(value, has[name]));
}

function sameSet(wanted: readonly unknown[], found: readonly unknown[]): boolean {
  const rest = [...found];
  const isThere = (one: unknown): boolean => {
    const at = rest.findIndex((other) => satisfies(one, other));
    if (at >= 0) rest.splice(at, 1);
    return at >= 0;
  };
  return wanted.length === found.length && wanted.every(isThere);
}

export const isSame = (one: unknown, other: unknown): boolean => satisfies(one, other) && satisfies(other, one);

/** What the vendor's client sends for an account without a no-answer time (ngnpro.md, "Rules worth coding"). */
const BLANKS: Item = { timeout: 35 };

/** Members that are wanted otherwise than they are. */
export const differing = (wanted: Item, found: Item): string[] =>
  Object.keys(wanted).filter((member) => {
    const value = wanted[member] ?? BLANKS[member];
    return wanted[member] !== undefined && !satisfies(value, found[member]);
  });

/** What stands for nothing, in the place of a value: what is left out of an update is not sure to be cleared. */
function blankFor(member: string, value: unknown): unknown {
  if (member in BLANKS) return BLANKS[member];
  if (typeof value === 'number') return 0;
  if (typeof value === 'boolean') return false;
  if (Array.isArray(value)) return [];
  return typeof value === 'string' ? '' : undefined;
}

/** An object with other members; null clears one. */
export const changed = (found: Item, changes: Item): Item => ({
  ...found,
  ...Object.fromEntries(
    Object.entries(changes).map(([member, value]) => [member, value ?? blankFor(member, found[member])]),
  ),
});

/** Texts in it in lower case, as the vendor's client sends names of accounts, domains and mail addresses. */
export function lowered(value: unknown): unknown {
  if (typeof value === 'string') return value.toLowerCase();
  if (Array.isArray(value)) return value.map(lowered);
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, lowered(one)])) : value;
}

/** An object with these of its members in lower case. */
export const withLowered = (item: Item, members: readonly string[]): Item =>
  Object.fromEntries(
    Object.entries(item).map(([name, value]) => [name, members.includes(name) ? lowered(value) : value]),
  );
