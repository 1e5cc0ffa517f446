import { randomInt } from 'node:crypto';

/*
 * Letters and digits only, because a password travels through SIP digests, XML, JSON, URLs and provisioning sheets;
 * without 0 O 1 l I, because people type them into telephones.
 */
const LOWER = 'abcdefghijkmnopqrstuvwxyz';
const UPPER = 'ABCDEFGHJKLMNPQRSTUVWXYZ';
const DIGITS = '23456789';
const ALPHABET = LOWER + UPPER + DIGITS;
const PASSWORD_LENGTH = 24;

const pick = (alphabet: string): string => alphabet.charAt(randomInt(alphabet.length));
const draw = (alphabet: string, length: number): string => Array.from({ length }, () => pick(alphabet)).join('');

/**
 * A password of 24 characters, over 135 bits, with at least one small letter, one capital and one digit, as strength
 * rules of platforms want. Drawn again until it has them, which keeps every such password equally likely.
 */
export function generatePassword(): string {
  for (;;) {
    const password = draw(ALPHABET, PASSWORD_LENGTH);
    if (/[a-z]/.test(password) && /[A-Z]/.test(password) && /[2-9]/.test(password)) return password;
  }
}

const isTrivial = (pin: string): boolean =>
  /^(\d)\1*$/.test(pin) || '01234567890'.includes(pin) || '09876543210'.includes(pin);

/**
 * A PIN of `length` digits, none of those tried first: all the same, or counting up or down.
 * @throws RangeError below 4 digits
 */
export function generatePin(length = 6): string {
  if (length < 4) throw new RangeError('a PIN has at least 4 digits');
  for (;;) {
    const pin = draw('0123456789', length);
    if (!isTrivial(pin)) return pin;
  }
}
