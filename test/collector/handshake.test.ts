import { describe, expect, it } from 'vitest';
import { terrapinFault } from '../../src/collector/ssh/handshake.ts';

describe('CBC with encrypt-then-MAC', () => {
  it.for([
    ['aes256-cbc', 'aes256-cbc'],
    ['aes256-cbc', 'aes256-ctr'],
    ['aes256-ctr', 'aes256-cbc'],
  ] as const)('is refused without strict key exchange: %s out, %s in', ([out, into]) => {
    expect(terrapinFault([out, into], false)).toContain('the server chose aes256-cbc');
    expect(terrapinFault([out, into], true)).toBeNull();
  });

  it('is nothing that other ciphers need', () => {
    expect(terrapinFault(['aes256-ctr', 'aes256-gcm@openssh.com'], false)).toBeNull();
  });
});
