import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { AnyAuthMethod, ParsedKey } from 'ssh2';
import { createTwoFactors } from '../../src/collector/ssh/two-factors.ts';

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  publicKeyEncoding: { type: 'pkcs1', format: 'pem' },
});

const login = { name: 'cdr', username: 'olo', password: 'a-password', privateKey, passphrase: null };

function begin() {
  const factors = createTwoFactors(login);
  const sent: unknown[] = [];
  return {
    factors,
    sent,
    /** What the server says it takes, and whether what was sent last was right so far. */
    answer(left: string[] | null, partial: boolean | null): AnyAuthMethod | false {
      let given: AnyAuthMethod | false = false;
      factors.handler(left, partial, (method) => (given = method));
      sent.push(given ? (given as { type: string }).type : false);
      return given;
    },
  };
}

describe('two factors', () => {
  it('are sent each once, in the order of the server, after asking without a secret', () => {
    const { answer, sent, factors } = begin();
    answer(null, null);
    answer(['publickey'], false);
    answer(['password'], true);
    expect(sent).toEqual(['none', 'publickey', 'password']);
    expect(() => factors.requireBoth()).not.toThrow();
  });

  it('are not followed by a second guess', () => {
    const { answer, sent, factors } = begin();
    answer(null, null);
    answer(['publickey', 'password'], false);
    answer(['publickey', 'password'], false);
    expect(sent).toEqual(['none', 'publickey', false]);
    expect(factors.explain(null)).toMatchObject({ code: 'TURNUP_SOURCE_LOGIN_REFUSED', class: 'auth' });
  });

  it('are not replaced by what the server asks for besides', () => {
    const { answer, sent, factors } = begin();
    answer(null, null);
    answer(['publickey'], false);
    answer(['keyboard-interactive'], true);
    expect(sent).toEqual(['none', 'publickey', false]);
    expect(factors.explain(null)).toMatchObject({
      code: 'TURNUP_SOURCE_TOO_WEAK',
      detail:
        'two factors were agreed, publickey and password; the server asks for keyboard-interactive after publickey',
    });
  });

  it('are never signed for with SHA-1, whatever the server takes', () => {
    const { answer, factors } = begin();
    answer(null, null);
    const { key } = answer(['publickey'], false) as { key: unknown } as { key: ParsedKey };
    expect(key.sign(Buffer.from('data'), 'sha256')).toBeInstanceOf(Buffer);
    expect(key.sign(Buffer.from('data'), 'sha1')).toBeInstanceOf(Error);
    expect(answer(['publickey', 'password'], false)).toBe(false);
    expect(factors.explain(null)).toMatchObject({
      code: 'TURNUP_SOURCE_TOO_WEAK',
      detail:
        'the server takes signatures of the key with SHA-1 (ssh-rsa) only; rsa-sha2-256 or rsa-sha2-512 is needed',
    });
  });

  it('show no secret in what is told', () => {
    const { factors } = begin();
    expect(JSON.stringify(factors.explain(null))).not.toContain('a-password');
  });
});
