import { SECRET } from './stand-ins.ts';

/*
 * Secrets of the order never come here: stand-ins take their place. These are what a target shows of its own, e.g. the
 * PIN that an undo would bring back.
 */
const SECRET_NAME = /password|(?:pass|pin|pincode)$/i;

const isShown = (value: unknown): boolean => (typeof value === 'string' && value !== '') || typeof value === 'number';

/** A body with `***` for every member, and every operation of a JSON Patch, that is a secret by its name. */
export function redactBody(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redactBody);
  if (typeof value !== 'object' || value === null) return value;
  const { path } = value as { path?: unknown };
  const isSecretPatch = typeof path === 'string' && SECRET_NAME.test(path);
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const isSecret = SECRET_NAME.test(name) || (isSecretPatch && name === 'value');
      return [name, isSecret && isShown(member) ? SECRET : redactBody(member)];
    }),
  );
}
