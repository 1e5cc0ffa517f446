import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openSession, type Session } from '../../src/collector/ssh/session.ts';
import { lookForSshd, startSshd, testKey, type SshdOptions, type TestSshd } from '../setup/sshd.ts';
import { readSource, sourceText, useSftpUser } from './support.ts';

describe.skipIf(!lookForSshd())('a session with a real OpenSSH', () => {
  const user = useSftpUser();
  const servers: TestSshd[] = [];
  const sessions: Session[] = [];

  afterEach(async () => {
    for (const session of sessions.splice(0)) session.end();
    await Promise.all(servers.splice(0).map((server) => server.stop()));
  });

  async function start(options: SshdOptions = {}): Promise<TestSshd> {
    const server = await startSshd(user, options);
    servers.push(server);
    return server;
  }

  async function open(server: Pick<TestSshd, 'host' | 'port' | 'hostKey'>, more: object = {}): Promise<Session> {
    const session = await openSession(readSource(sourceText(user, server, more)));
    sessions.push(session);
    return session;
  }

  it.for([
    ['aes256-gcm@openssh.com', 'hmac-sha2-256-etm@openssh.com', 'implicit'],
    ['aes256-ctr', 'hmac-sha2-256-etm@openssh.com', 'hmac-sha2-256-etm@openssh.com'],
    ['aes256-ctr', 'hmac-sha2-512-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com'],
    ['aes256-cbc', 'hmac-sha2-512-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com'],
  ] as const)('takes both factors with %s and %s', async ([cipher, mac, negotiated]) => {
    const server = await start({ settings: { Ciphers: cipher, MACs: mac } });
    const { facts } = await open(server, { algorithms: { ciphers: [cipher] } });
    expect(facts).toEqual({
      localAddress: '127.0.0.1',
      remoteAddress: '127.0.0.1',
      hostKey: server.hostKey,
      keyExchange: 'curve25519-sha256',
      hostKeyAlgorithm: expect.stringMatching(/^rsa-sha2-/),
      cipher,
      mac: negotiated,
      strictKeyExchange: true,
      factors: ['publickey', 'password'],
    });
    expect(server.log()).toMatch(/Partial publickey for [^]*Accepted password for/);
  });

  it('takes the factors in the order in which the server asks for them', async () => {
    const server = await start({ settings: { AuthenticationMethods: 'password,publickey' } });
    expect((await open(server)).facts.factors).toEqual(['password', 'publickey']);
  });

  it.for([
    ['PEM', undefined],
    ['OpenSSH', undefined],
    ['OpenSSH', 'a passphrase'],
  ] as const)('takes a key in the format of %s with the passphrase %s', async ([format, passphrase]) => {
    const server = await start();
    const name = `${format}-${passphrase ? 'sealed' : 'open'}`;
    const known = testKey(user.dir, name, { pem: format === 'PEM', ...(passphrase && { passphrase }) });
    writeFileSync(join(user.dir, 'authorized_keys'), readFileSync(join(user.dir, `${name}.pub`)), { flag: 'a' });
    const session = await open(server, { privateKey: known, passphrase });
    expect(session.facts.factors).toEqual(['publickey', 'password']);
  });

  const weak = [
    [
      'Ciphers',
      'aes128-ctr,3des-cbc',
      'no common cipher: the server offers aes128-ctr, 3des-cbc; this source allows aes256-gcm@openssh.com, aes256-ctr',
    ],
    [
      'Ciphers',
      'aes256-cbc',
      'no common cipher: the server offers aes256-cbc; this source allows aes256-gcm@openssh.com, aes256-ctr',
    ],
    [
      'KexAlgorithms',
      'diffie-hellman-group14-sha256',
      'no common key exchange: the server offers diffie-hellman-group14-sha256; this source allows curve25519-sha256, curve25519-sha256@libssh.org',
    ],
  ] as const;

  it.for(weak)('refuses a server with %s %s and tells which side offers what', async ([setting, value, detail]) => {
    const server = await start({ settings: { [setting]: value } });
    await expect(open(server)).rejects.toMatchObject({ code: 'TURNUP_SOURCE_TOO_WEAK', detail });
    expect(server.log()).not.toMatch(/(Accepted|Partial|Failed) (publickey|password)/);
  });

  it('refuses a MAC that is not encrypt-then-MAC', async () => {
    const server = await start({ settings: { Ciphers: 'aes256-ctr', MACs: 'hmac-sha2-256' } });
    const detail =
      'no common MAC: the server offers hmac-sha2-256; this source allows hmac-sha2-256-etm@openssh.com, hmac-sha2-512-etm@openssh.com';
    await expect(open(server)).rejects.toMatchObject({ code: 'TURNUP_SOURCE_TOO_WEAK', detail });
  });

  it('refuses a host key that is not RSA', async () => {
    const server = await start({ hostKeyType: 'ed25519', settings: { HostKeyAlgorithms: 'ssh-ed25519' } });
    await expect(open(server)).rejects.toMatchObject({
      code: 'TURNUP_SOURCE_TOO_WEAK',
      detail: 'no common host key: the server offers ssh-ed25519; this source allows rsa-sha2-512, rsa-sha2-256',
    });
  });

  it('refuses a host key that has changed, and sends it no secret', async () => {
    const known = await start();
    (await open(known)).end();
    await known.stop();
    const changed = await start({ port: known.port, isStrange: true });
    expect(changed.hostKey).not.toBe(known.hostKey);
    await expect(open(known)).rejects.toMatchObject({
      code: 'TURNUP_SOURCE_NOT_TRUSTED',
      detail: `the server shows ${changed.hostKey}; pinned is ${known.hostKey}`,
    });
    expect(changed.log()).not.toMatch(/(Accepted|Partial|Failed) (publickey|password)/);
  });

  it('takes any of the pinned host keys, for the time of a change', async () => {
    const server = await start();
    const session = await open(server, { hostKeys: [`SHA256:${'A'.repeat(43)}`, server.hostKey] });
    expect(session.facts.hostKey).toBe(server.hostKey);
  });

  it.for([
    ['publickey', 'two factors were agreed, publickey and password; the server was content with publickey'],
    ['password', 'two factors were agreed, publickey and password; the server was content with password'],
  ] as const)('refuses a server that is content with %s alone', async ([methods, detail]) => {
    const server = await start({ settings: { AuthenticationMethods: methods } });
    await expect(open(server)).rejects.toMatchObject({ code: 'TURNUP_SOURCE_TOO_WEAK', detail });
  });

  it('refuses a server that takes signatures with SHA-1 only', async () => {
    const server = await start({ settings: { PubkeyAcceptedAlgorithms: 'ssh-rsa' } });
    await expect(open(server)).rejects.toMatchObject({ code: 'TURNUP_SOURCE_LOGIN_REFUSED' });
    expect(server.log()).not.toMatch(/(Accepted|Partial) publickey/);
  });

  it('tells a wrong key, and does not send the password after it', async () => {
    const server = await start();
    await expect(open(server, { privateKey: user.strangeKey, passphrase: undefined })).rejects.toMatchObject({
      code: 'TURNUP_SOURCE_LOGIN_REFUSED',
      class: 'auth',
      detail: 'the server refused the key; it takes publickey',
    });
    expect(server.log()).not.toMatch(/Failed password/);
  });

  it('tells a wrong password, after one try', async () => {
    const server = await start();
    await expect(open(server, { password: 'not-the-password' })).rejects.toMatchObject({
      code: 'TURNUP_SOURCE_LOGIN_REFUSED',
      class: 'auth',
      detail: 'the server refused the password; it takes password',
    });
    expect(server.log().match(/Failed password/g)).toHaveLength(1);
  });

  it('takes it for a refusal when the server ends the connection during the login', async () => {
    const server = await start({ settings: { MaxAuthTries: '1' } });
    await expect(open(server, { password: 'not-the-password' })).rejects.toMatchObject({
      code: 'TURNUP_SOURCE_LOGIN_REFUSED',
      detail: 'the server ended the connection after publickey and password was sent',
    });
  });

  it('opens no connection from an address that is not allowed', async () => {
    const server = await start();
    await expect(open(server, { sourceAddresses: ['192.0.2.1', '192.0.2.2'] })).rejects.toMatchObject({
      code: 'TURNUP_SOURCE_ADDRESS',
      detail: 'the way to 127.0.0.1 leaves from 127.0.0.1; allowed are 192.0.2.1, 192.0.2.2',
    });
    await expect(open(server, { sourceAddresses: ['192.0.2.1'], localAddress: '192.0.2.1' })).rejects.toMatchObject({
      code: 'TURNUP_SOURCE_ADDRESS',
      detail: '192.0.2.1 is not an address of this machine',
    });
    // The one with which the test waited for the server.
    expect(server.log().match(/Connection from/g)).toHaveLength(1);
  });

  it('connects from the address it is told to', async () => {
    const server = await start();
    const session = await open(server, { sourceAddresses: ['127.0.0.1', '127.0.0.7'], localAddress: '127.0.0.7' });
    expect(session.facts.localAddress).toBe('127.0.0.7');
    expect(server.log()).toContain('Connection from 127.0.0.7');
  });

  it('is an outage when nobody listens', async () => {
    await expect(open({ host: '127.0.0.1', port: 1, hostKey: `SHA256:${'A'.repeat(43)}` })).rejects.toMatchObject({
      code: 'TURNUP_SOURCE_UNREACHABLE',
      class: 'outage',
      detail: 'ECONNREFUSED',
    });
  });

  it.for([
    [{ bits: 1024 }, 'must have 2048 bits or more, it has 1024'],
    [{ type: 'ed25519' }, 'must be an RSA key, not ssh-ed25519'],
  ] as const)('refuses a key of %o before it connects', async ([kind, message]) => {
    const privateKey = testKey(user.dir, `key-${message.length}`, kind);
    const opened = open(
      { host: '127.0.0.1', port: 1, hostKey: `SHA256:${'A'.repeat(43)}` },
      { privateKey, passphrase: undefined },
    );
    await expect(opened).rejects.toMatchObject({
      code: 'TURNUP_CONFIG_INVALID',
      detail: `collections.cdr.privateKey ${message}`,
    });
  });
});
