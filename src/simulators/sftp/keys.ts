import { createHash, generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import ssh2 from 'ssh2';

const generate = promisify(generateKeyPair);

export interface RsaKey {
  /** PEM. */
  readonly privateKey: string;
  /** As it goes over the wire (RFC 4253 §6.6). */
  readonly wire: Buffer;
  /** As `ssh-keygen -lf` prints it. */
  readonly fingerprint: string;
}

export async function makeRsaKey(): Promise<RsaKey> {
  const { privateKey } = await generate('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'pkcs1', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  const parsed = ssh2.utils.parseKey(privateKey);
  if (parsed instanceof Error) throw parsed;
  const wire = parsed.getPublicSSH();
  const digest = createHash('sha256').update(wire).digest('base64').replace(/=+$/, '');
  return { privateKey, wire, fingerprint: `SHA256:${digest}` };
}
