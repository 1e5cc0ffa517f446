import { describe, expect, it } from 'vitest';
import { terrapinFault } from '../../src/collector/ssh/handshake.ts';

const agreed = (out: string, into = out) => ({
  kex: 'curve25519-sha256',
  cs: { cipher: out, mac: 'hmac-sha2-256-etm@openssh.com' },
  sc: { cipher: into, mac: 'hmac-sha2-256-etm@openssh.com' },
});

describe('CBC with encrypt-then-MAC', () => {
  it.for([
    ['aes256-cbc', 'aes256-cbc'],
    ['aes256-cbc', 'aes256-ctr'],
    ['aes256-ctr', 'aes256-cbc'],
  ] as const)('is refused without strict key exchange: %s out, %s in', ([out, into]) => {
    expect(terrapinFault(agreed(out, into), false)).toContain('the server chose aes256-cbc');
    expect(terrapinFault(agreed(out, into), true)).toBeNull();
  });

  it('is nothing that other ciphers need', () => {
    expect(terrapinFault(agreed('aes256-ctr'), false)).toBeNull();
    expect(terrapinFault(agreed('aes256-gcm@openssh.com'), false)).toBeNull();
  });
});
