import type { Json } from './port.ts';

/**
 * An answer as plain data, without the marks of the SOAP reader.
 * @param isSecret by a member's name: what it holds never leaves, whatever the platform puts into it
 */
export function plain(value: unknown, isSecret: RegExp): Json {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((one) => plain(one, isSecret));
  if (typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([name, member]) => member !== undefined && name !== 'attributes' && !isSecret.test(name))
        .map(([name, member]) => [name, plain(member, isSecret)]),
    );
  }
  return value as Json;
}
