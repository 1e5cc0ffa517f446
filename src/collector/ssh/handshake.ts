import type { CollectionConfig } from '../../config/index.ts';
import { TurnupError } from '../../errors/index.ts';

type Algorithms = CollectionConfig['algorithms'];

type What = 'key exchange' | 'host key' | 'cipher' | 'MAC';

/** ssh2 tells what each side offers only in lines for a person; a test against a real server keeps these in step. */
const REMOTE_LINES: readonly (readonly [RegExp, What])[] = [
  [/^Handshake: \(remote\) KEX method: (.*)$/, 'key exchange'],
  [/^Handshake: \(remote\) Host key format: (.*)$/, 'host key'],
  [/^Handshake: \(remote\) [CS]->[CS] cipher: (.*)$/, 'cipher'],
  [/^Handshake: \(remote\) [CS]->[CS] MAC: (.*)$/, 'MAC'],
];
const NO_MATCH: readonly (readonly [RegExp, What])[] = [
  [/no matching key exchange/i, 'key exchange'],
  [/no matching host key/i, 'host key'],
  [/no matching [CS]->[CS] cipher/i, 'cipher'],
  [/no matching [CS]->[CS] MAC/i, 'MAC'],
];
const STRICT_LINE = 'Handshake: strict KEX mode enabled';

/** Names by which the two sides make extensions known; they are nothing to choose. */
const IS_MARKER = /^(ext-info-[cs]|kex-strict-[cs]-v00@openssh\.com)$/;

function offeredBy(algorithms: Algorithms, what: What): readonly string[] {
  const offered: Readonly<Record<What, readonly string[]>> = {
    'key exchange': algorithms.keyExchange,
    'host key': algorithms.hostKey,
    cipher: algorithms.ciphers,
    MAC: algorithms.macs,
  };
  return offered[what];
}

/**
 * CBC with encrypt-then-MAC is open to Terrapin (CVE-2023-48795) unless both sides keep to strict key exchange, and
 * ssh2 goes on without it where the server has none.
 */
export function terrapinFault(ciphers: readonly string[], isStrict: boolean): string | null {
  const cbc = ciphers.find((cipher) => cipher.endsWith('-cbc'));
  if (cbc === undefined || isStrict) return null;
  return `the server chose ${cbc} and offers no strict key exchange (kex-strict-s-v00@openssh.com), without which it can be tampered with`;
}

/** Follows one handshake, so that a refusal can tell which side offers what. */
export function watchHandshake(algorithms: Algorithms) {
  const remote = new Map<What, readonly string[]>();
  let isStrict = false;
  return {
    isStrict: () => isStrict,
    /** A line that ssh2 says about its work. */
    hear(line: string): void {
      if (line === STRICT_LINE) isStrict = true;
      for (const [pattern, what] of REMOTE_LINES) {
        const offered = pattern
          .exec(line)?.[1]
          ?.split(',')
          .filter((name) => name !== '' && !IS_MARKER.test(name));
        if (offered) remote.set(what, offered);
      }
    },
    /** The error of a handshake without common ground; null for any other. */
    explain(error: unknown): TurnupError | null {
      const message = error instanceof Error ? error.message : '';
      const found = NO_MATCH.find(([pattern]) => pattern.test(message));
      if (!found) return null;
      const [, what] = found;
      const theirs = remote.get(what)?.join(', ').slice(0, 500) ?? 'something else';
      const detail = `no common ${what}: the server offers ${theirs}; this source allows ${offeredBy(algorithms, what).join(', ')}`;
      return new TurnupError('TURNUP_SOURCE_TOO_WEAK', { detail, cause: error });
    },
  };
}
