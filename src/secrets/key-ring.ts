import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { TurnupError } from '../errors/index.ts';

/** A configured key. `key` has 32 bytes. */
export interface RingKey {
  readonly id: string;
  readonly key: Buffer;
}

/** Seals what must not be read at rest (I8). Every key opens, the first one seals. */
export interface KeyRing {
  readonly currentKeyId: string;
  /**
   * AES-256-GCM, as `v1.<key id>.<base64url of iv, tag and ciphertext>`. `aad` is not part of the result but must be
   * given again to open it: with the order's id in it, a sealed value moved to another order does not open.
   */
  seal(plain: string | Buffer, aad: string): string;
  /**
   * The sealed text.
   * @throws TurnupError `TURNUP_KEY_MISSING` when the ring lacks the key, `TURNUP_INTERNAL` when the value was altered,
   * belongs elsewhere or is not one of ours
   */
  open(sealed: string, aad: string): string;
  knows(keyId: string): boolean;
  /** @throws TurnupError `TURNUP_INTERNAL` when `sealed` is not one of ours */
  keyIdOf(sealed: string): string;
  /**
   * A keyed digest (HMAC-SHA256) that tells equal values apart from others without letting anybody without the key
   * guess the value. `v1.<key id>.<base64url>`; compare with `verifyFingerprint`, which goes by the key named in it, so
   * that fingerprints outlive rotation.
   */
  fingerprint(value: string): string;
  /** False also when the ring no longer has the key: what cannot be proven the same is not. */
  verifyFingerprint(fingerprint: string, value: string): boolean;
}

const VERSION = 'v1';
const KEY_BYTES = 32;
// 96 random bits: NIST SP 800-38D allows 2^32 values under one key; rotate keys well before four billion of them.
const IV_BYTES = 12;
const TAG_BYTES = 16;
const KEY_ID = /^[a-z0-9][a-z0-9-]{0,63}$/;

interface Derived {
  readonly id: string;
  readonly sealing: Buffer;
  readonly fingerprinting: Buffer;
}

/** One use a key: what a fingerprint might give away says nothing about the sealing key. */
function derive({ id, key }: RingKey): Derived {
  const forUse = (use: string): Buffer =>
    Buffer.from(hkdfSync('sha256', key, '', `turnup ${use} ${VERSION}`, KEY_BYTES));
  return { id, sealing: forUse('seal'), fingerprinting: forUse('fingerprint') };
}

interface Parts {
  readonly keyId: string;
  readonly body: string;
}

function split(text: string): Parts | null {
  const [version, keyId, body, ...rest] = text.split('.');
  if (version !== VERSION || !keyId || !body || rest.length > 0 || !KEY_ID.test(keyId)) return null;
  return { keyId, body };
}

function partsOf(sealed: string): Parts {
  const parts = split(sealed);
  if (!parts) throw new TurnupError('TURNUP_INTERNAL', { detail: 'a sealed value is not readable' });
  return parts;
}

function checkKeys(keys: readonly RingKey[]): void {
  const ids = new Set(keys.map((key) => key.id));
  const fits = keys.every(({ id, key }) => KEY_ID.test(id) && key.length === KEY_BYTES);
  if (keys.length > 0 && ids.size === keys.length && fits) return;
  const detail = 'secretKeys must hold at least one key of 32 bytes, each under an id of its own';
  throw new TurnupError('TURNUP_CONFIG_INVALID', { detail });
}

/** @throws TurnupError `TURNUP_CONFIG_INVALID` when there is no key, one is not 32 bytes, or two share an id */
export function createKeyRing(keys: readonly RingKey[]): KeyRing {
  checkKeys(keys);
  const ring = new Map(keys.map((key) => [key.id, derive(key)]));
  const current = [...ring.values()][0]!;

  const digest = (key: Derived, value: string): Buffer =>
    createHmac('sha256', key.fingerprinting).update(value).digest();

  return {
    currentKeyId: current.id,

    seal(plain, aad) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', current.sealing, iv, { authTagLength: TAG_BYTES });
      cipher.setAAD(Buffer.from(aad));
      const head = typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain);
      const ciphertext = Buffer.concat([head, cipher.final()]);
      return `${VERSION}.${current.id}.${Buffer.concat([iv, cipher.getAuthTag(), ciphertext]).toString('base64url')}`;
    },

    open(sealed, aad) {
      const { keyId, body } = partsOf(sealed);
      const key = ring.get(keyId);
      if (!key) throw new TurnupError('TURNUP_KEY_MISSING', { detail: `key ${keyId}` });
      const bytes = Buffer.from(body, 'base64url');
      const start = IV_BYTES + TAG_BYTES;
      try {
        const iv = bytes.subarray(0, IV_BYTES);
        const decipher = createDecipheriv('aes-256-gcm', key.sealing, iv, { authTagLength: TAG_BYTES });
        decipher.setAAD(Buffer.from(aad));
        decipher.setAuthTag(bytes.subarray(IV_BYTES, start));
        return Buffer.concat([decipher.update(bytes.subarray(start)), decipher.final()]).toString('utf8');
      } catch {
        const detail = 'a sealed value was altered or belongs to another order';
        throw new TurnupError('TURNUP_INTERNAL', { detail });
      }
    },

    knows: (keyId) => ring.has(keyId),
    keyIdOf: (sealed) => partsOf(sealed).keyId,

    fingerprint: (value) => `${VERSION}.${current.id}.${digest(current, value).toString('base64url')}`,

    verifyFingerprint(fingerprint, value) {
      const parts = split(fingerprint);
      const key = parts && ring.get(parts.keyId);
      if (!key) return false;
      const given = Buffer.from(parts.body, 'base64url');
      const expected = digest(key, value);
      return given.length === expected.length && timingSafeEqual(given, expected);
    },
  };
}
