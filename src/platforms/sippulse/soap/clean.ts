import type { Args } from '../types.ts';

/** Sent as an empty element, where a service asks for a text that there is none of. */
export const EMPTY_TEXT = Symbol('empty text');

/**
 * A call's arguments as npm `soap` may have them: it writes `null` as `xsi:nil`, which these types do not allow, and an
 * empty text as an empty element, which a number cannot be (sippulse.md, "npm soap"). Lists keep their order.
 */
export function stripEmpty(value: unknown): unknown {
  if (value === EMPTY_TEXT) return '';
  if (Array.isArray(value)) return value.map(stripEmpty).filter((element) => !isEmpty(element));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, member]) => [name, stripEmpty(member)] as const)
      .filter(([name, member]) => !isEmpty(member) || (value as Args)[name] === EMPTY_TEXT),
  );
}

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === '';

/** What was read, to be sent back as it is: an empty text is not the same as none where all is replaced. */
export function asFound(item: Args): Args {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, value === '' ? EMPTY_TEXT : value]));
}

/**
 * An answer without XML attributes, which npm soap keeps beside the members: a server may write types and namespaces into
 * any element, and they must not go back with the next update.
 */
export function withoutAttributes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutAttributes);
  if (typeof value !== 'object' || value === null) return value;
  if (Object.hasOwn(value, '$value')) return (value as Args)['$value'];
  const members = Object.entries(value).filter(([name]) => name !== 'attributes');
  if (members.length === 0) return null;
  return Object.fromEntries(members.map(([name, member]) => [name, withoutAttributes(member)]));
}
