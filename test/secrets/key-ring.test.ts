import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeyRing, type RingKey } from '../../src/secrets/index.ts';

const key = (id: string): RingKey => ({ id, key: randomBytes(32) });
const codeOf = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
};

describe('key ring', () => {
  const old = key('k1');
  const fresh = key('k2');
  const ring = createKeyRing([old]);
  const rotated = createKeyRing([fresh, old]);

  it('opens what it sealed, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), fc.string(), (plain, aad) => {
        const sealed = ring.seal(plain, aad);
        expect(sealed).toMatch(/^v1\.k1\.[A-Za-z0-9_-]+$/);
        expect(ring.open(sealed, aad)).toBe(plain);
      }),
    );
    expect(ring.open(ring.seal(Buffer.from('bytes'), 'a'), 'a')).toBe('bytes');
  });

  it('never seals the same twice', () => {
    const sealed = new Set(Array.from({ length: 100 }, () => ring.seal('4711', 'order-1')));
    expect(sealed.size).toBe(100);
  });

  it('opens nothing that was altered, at any byte', () => {
    const sealed = ring.seal('a secret', 'order-1');
    const [version, id, body] = sealed.split('.') as [string, string, string];
    const bytes = Buffer.from(body, 'base64url');
    for (let i = 0; i < bytes.length; i++) {
      const altered = Buffer.from(bytes);
      altered[i]! ^= 1;
      expect(codeOf(() => ring.open(`${version}.${id}.${altered.toString('base64url')}`, 'order-1'))).toBe(
        'TURNUP_INTERNAL',
      );
    }
    expect(codeOf(() => ring.open(`${version}.${id}.${body.slice(0, 10)}`, 'order-1'))).toBe('TURNUP_INTERNAL');
  });

  it('opens nothing that belongs to another order', () => {
    const sealed = ring.seal('a secret', 'order-1');
    expect(codeOf(() => ring.open(sealed, 'order-2'))).toBe('TURNUP_INTERNAL');
  });

  it('says which key it lacks, and does not open with another under the same name', () => {
    const sealed = rotated.seal('a secret', 'o');
    expect(codeOf(() => ring.open(sealed, 'o'))).toBe('TURNUP_KEY_MISSING');
    expect(ring.knows(ring.keyIdOf(sealed))).toBe(false);
    expect(codeOf(() => createKeyRing([key('k1')]).open(ring.seal('x', 'o'), 'o'))).toBe('TURNUP_INTERNAL');
  });

  it.each(['', 'plain text', 'v1.k1', 'v2.k1.AAAA', 'v1.K1.AAAA', 'v1.k1.AAAA.BBBB'])('refuses %j', (text) => {
    expect(codeOf(() => ring.open(text, 'o'))).toBe('TURNUP_INTERNAL');
    expect(codeOf(() => ring.keyIdOf(text))).toBe('TURNUP_INTERNAL');
  });

  it('rotates: the first key seals, all open', () => {
    const before = ring.seal('kept', 'o');
    expect(rotated.currentKeyId).toBe('k2');
    expect(rotated.keyIdOf(rotated.seal('x', 'o'))).toBe('k2');
    expect(rotated.open(before, 'o')).toBe('kept');
  });

  it('knows equal values by their fingerprint, also after rotation', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        const fingerprint = ring.fingerprint(a);
        expect(ring.fingerprint(a)).toBe(fingerprint);
        expect(rotated.verifyFingerprint(fingerprint, a)).toBe(true);
        expect(rotated.verifyFingerprint(fingerprint, b)).toBe(a === b);
      }),
    );
  });

  it('gives no fingerprint that says anything without the key', () => {
    expect(createKeyRing([key('k1')]).fingerprint('4711')).not.toBe(ring.fingerprint('4711'));
    expect(createKeyRing([fresh]).verifyFingerprint(ring.fingerprint('4711'), '4711')).toBe(false);
    expect(ring.verifyFingerprint('nonsense', '4711')).toBe(false);
  });

  it.each([
    ['no key', []],
    ['a short key', [{ id: 'k1', key: randomBytes(16) }]],
    ['two of one name', [key('k1'), key('k1')]],
    ['a name with a dot', [key('k.1')]],
  ])('refuses %s', (_, keys) => {
    expect(codeOf(() => createKeyRing(keys))).toBe('TURNUP_CONFIG_INVALID');
  });
});
