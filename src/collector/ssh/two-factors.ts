import { createPublicKey } from 'node:crypto';
import ssh2, { type AnyAuthMethod, type ParsedKey } from 'ssh2';
import type { CollectionConfig } from '../../config/index.ts';
import { TurnupError } from '../../errors/index.ts';

const LEAST_BITS = 2048;

type Login = Pick<CollectionConfig, 'name' | 'username' | 'password' | 'privateKey' | 'passphrase'>;

function badKey(source: Login, detail: string): TurnupError {
  const fault = { path: ['collections', source.name, 'privateKey'], message: detail };
  return new TurnupError('TURNUP_CONFIG_INVALID', {
    detail: `collections.${source.name}.privateKey ${detail}`,
    faults: [fault],
  });
}

/** A passphrase is turned into a key by plain JavaScript, and slowly: all else waits for it, so once is enough. */
const readKeys = new WeakMap<Login, ParsedKey>();

/**
 * The private key of a source.
 * @throws TurnupError `TURNUP_CONFIG_INVALID` when it cannot be read or is none that was agreed on
 */
export function readKey(source: Login): ParsedKey {
  const known = readKeys.get(source);
  if (known) return known;
  const parsed = ssh2.utils.parseKey(source.privateKey, source.passphrase ?? undefined);
  const [key] = Array.isArray(parsed) ? parsed : [parsed];
  if (key === undefined || key instanceof Error)
    throw badKey(source, `cannot be read: ${key?.message ?? 'it is empty'}`);
  if (!key.isPrivateKey()) throw badKey(source, 'is no private key');
  if (key.type !== 'ssh-rsa') throw badKey(source, `must be an RSA key, not ${key.type}`);
  const bits = createPublicKey(key.getPublicPEM()).asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < LEAST_BITS) throw badKey(source, `must have ${LEAST_BITS} bits or more, it has ${bits}`);
  readKeys.set(source, key);
  return key;
}

/**
 * A key that makes no signature with SHA-1: ssh2 falls back to that for a server that does not say what it takes.
 * `refused` is told when it would have.
 */
function withoutSha1(key: ParsedKey, refused: () => void): ParsedKey {
  const sign = key.sign.bind(key);
  return Object.create(key, {
    sign: {
      value: (data: Buffer, algorithm?: string): Buffer => {
        if (algorithm !== 'sha1') return sign(data, algorithm);
        refused();
        // ssh2 takes an error that is returned; thrown, it would end the process.
        return new Error('no signature with SHA-1') as unknown as Buffer;
      },
    },
  }) as ParsedKey;
}

export type Factor = 'publickey' | 'password';

type Next = (method: AnyAuthMethod | false) => void;

/**
 * Both factors, in the order in which the server asks for them, each once, and never a second guess: a login that is
 * locked is locked for all systems of its owner.
 */
export function createTwoFactors(source: Login) {
  const used: Factor[] = [];
  let asked: readonly string[] = [];
  let isRefused = false;
  let wantsSha1 = false;
  const key = withoutSha1(readKey(source), () => (wantsSha1 = true));
  const { username, password } = source;

  return {
    used,
    handler(left: readonly string[] | null, partial: boolean | null, next: Next): void {
      // Asks what is wanted, and sends no secret.
      if (left === null) return next({ type: 'none', username });
      asked = left;
      isRefused = used.length > 0 && partial !== true;
      const method = (['publickey', 'password'] as const).find((one) => left.includes(one) && !used.includes(one));
      if (isRefused || wantsSha1 || method === undefined) return next(false);
      used.push(method);
      return next(method === 'publickey' ? { type: method, username, key } : { type: method, username, password });
    },
    /** Why the login came to nothing. */
    explain(cause: unknown): TurnupError {
      if (wantsSha1) {
        const detail =
          'the server takes signatures of the key with SHA-1 (ssh-rsa) only; rsa-sha2-256 or rsa-sha2-512 is needed';
        return new TurnupError('TURNUP_SOURCE_TOO_WEAK', { detail, cause });
      }
      const wants = asked.join(', ') || 'nothing';
      if (isRefused) {
        const detail = `the server refused the ${used.at(-1) === 'publickey' ? 'key' : 'password'}; it takes ${wants}`;
        return new TurnupError('TURNUP_SOURCE_LOGIN_REFUSED', { detail, cause });
      }
      const after = used.length === 0 ? '' : ` after ${used.join(', ')}`;
      const detail = `two factors were agreed, publickey and password; the server asks for ${wants}${after}`;
      return new TurnupError('TURNUP_SOURCE_TOO_WEAK', { detail, cause });
    },
    /** The server ended the connection while it was asked to let us in. What was sent counts as a guess there. */
    explainEnd(cause: unknown): TurnupError {
      const detail = `the server ended the connection after ${used.join(' and ')} was sent`;
      return new TurnupError('TURNUP_SOURCE_LOGIN_REFUSED', { detail, cause });
    },
    /**
     * To be called once the server has let us in.
     * @throws TurnupError `TURNUP_SOURCE_TOO_WEAK` when it did so for less than both
     */
    requireBoth(): void {
      if (used.length === 2) return;
      const detail = `two factors were agreed, publickey and password; the server was content with ${used.join() || 'none'}`;
      throw new TurnupError('TURNUP_SOURCE_TOO_WEAK', { detail });
    },
  };
}
