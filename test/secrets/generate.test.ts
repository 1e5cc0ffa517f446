import { describe, expect, it } from 'vitest';
import { generatePassword, generatePin, sameSecret } from '../../src/secrets/index.ts';

describe('generated secrets', () => {
  const passwords = Array.from({ length: 2000 }, generatePassword);

  it('have letters of both cases and digits, and nothing that is mistaken or must be escaped', () => {
    for (const password of passwords) {
      expect(password).toMatch(/^[a-km-zA-HJ-NP-Z2-9]{24}$/);
      expect(password).toMatch(/[a-z]/);
      expect(password).toMatch(/[A-Z]/);
      expect(password).toMatch(/[2-9]/);
    }
    expect(new Set(passwords).size).toBe(passwords.length);
  });

  it('use every character about equally often', () => {
    const counts = new Map<string, number>();
    for (const character of passwords.join('')) counts.set(character, (counts.get(character) ?? 0) + 1);
    const mean = (passwords.length * 24) / 57;
    expect(counts.size).toBe(57);
    // Six standard deviations: one run in a hundred million fails without a bias.
    for (const count of counts.values()) expect(Math.abs(count - mean)).toBeLessThan(6 * Math.sqrt(mean) + mean * 0.02);
  });

  it('are PINs nobody tries first', () => {
    for (let i = 0; i < 3000; i++) {
      const pin = generatePin(4);
      expect(pin).toMatch(/^\d{4}$/);
      expect(['0000', '1111', '1234', '4321', '6789', '9876', '7890']).not.toContain(pin);
    }
    expect(generatePin()).toHaveLength(6);
    expect(() => generatePin(3)).toThrow(RangeError);
  });

  it('are compared whole', () => {
    expect(sameSecret('token', 'token')).toBe(true);
    expect(sameSecret('token', 'tokeN')).toBe(false);
    expect(sameSecret('token', 'token ')).toBe(false);
    expect(sameSecret('', '')).toBe(true);
  });
});
