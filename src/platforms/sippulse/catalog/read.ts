import type { Json } from '../../port.ts';

/** Passwords and PINs never leave, whatever the platform puts them into: `password`, `voiceMailPassword`, `pinCode`. */
const SECRET = /pass(?!erted)|pin(?:code)?$/i;

/** An answer as plain data: without secrets, without the marks of the SOAP reader. */
export function plain(value: unknown): Json {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([name, member]) => member !== undefined && name !== 'attributes' && !SECRET.test(name))
        .map(([name, member]) => [name, plain(member)]),
    );
  }
  return value as Json;
}
