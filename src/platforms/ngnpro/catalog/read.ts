import { TurnupError } from '../../../errors/index.ts';
import { plain as plainWithout } from '../../plain.ts';
import type { Json } from '../../port.ts';
import { isObject } from '../operations/values.ts';

/** Passwords, digests of them, keys and tokens never leave: `password`, `private_key`, `authToken`. */
const SECRET = /pass|private_?key|token|secret|^pin$/i;

/** A property is a secret by its own name. */
function withoutSecretProperties(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecretProperties);
  if (!isObject(value)) return value;
  const { name } = value;
  const isSecret = typeof name === 'string' && SECRET.test(name) && 'value' in value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([member]) => !(isSecret && member === 'value'))
      .map(([member, one]) => [member, withoutSecretProperties(one)]),
  );
}

/** An answer as plain data, without secrets. */
export const plain = (value: unknown): Json => plainWithout(withoutSecretProperties(value), SECRET);

/** Lines of SIP and SDP in a trace by which somebody could log in or listen: digests, keys of SRTP. */
const SECRET_LINE = /^([^\S\r\n]*(?:proxy-)?authorization[^\S\r\n]*:|[^\S\r\n]*a=crypto:)[^\r\n]*/gim;

function withoutSecretLines(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll(SECRET_LINE, '$1 *****');
  if (Array.isArray(value)) return value.map(withoutSecretLines);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      /^(?:proxy-)?authorization$/i.test(name) ? '*****' : withoutSecretLines(one),
    ]),
  );
}

/**
 * What the platform tells as a JSON text, as plain data without secrets.
 * @throws TurnupError `TURNUP_TARGET_UNEXPECTED` for what is none
 */
export function fromJsonText(reply: unknown): Json {
  if (typeof reply !== 'string' || reply.trim() === '') return null;
  let value: unknown;
  try {
    value = JSON.parse(reply);
  } catch {
    throw new TurnupError('TURNUP_TARGET_UNEXPECTED', { detail: 'the platform tells no JSON' });
  }
  return plain(withoutSecretLines(value));
}
