import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/index.ts';
import { TurnupError } from '../../src/errors/index.ts';

const KEY = '-----BEGIN RSA PRIVATE KEY-----\nkey\n-----END RSA PRIVATE KEY-----';

const source = (more: object = {}) => ({
  host: 'sftp.example.net',
  sourceAddresses: ['192.0.2.10'],
  username: 'olo',
  password: 'the-password',
  privateKey: KEY,
  passphrase: 'the-passphrase',
  hostKeys: [`SHA256:${'a'.repeat(43)}`],
  folder: '/out',
  schedule: { every: '5m' },
  retentionDays: 30,
  ...more,
});

const options = { file: '/etc/turnup/turnup.yaml', env: { TURNUP_DATA: '/data' }, platforms: [] };
const parse = (collections: object) => parseConfig(JSON.stringify({ collections }), options);
const read = (more: object = {}) => parse({ cdr: source(more) }).collections.get('cdr')!;

function faultsOf(collections: object): string[] {
  try {
    parse(collections);
    return [];
  } catch (error) {
    if (!(error instanceof TurnupError)) throw error;
    return error.faults.map(({ path, message }) => `${path.join('.')} ${message}`.replace(/ \(line \d+\)$/, ''));
  }
}

const faults = (more: object): string[] => faultsOf({ cdr: source(more) });

describe('collections', () => {
  it('have safe defaults', () => {
    expect(read()).toMatchObject({
      name: 'cdr',
      port: 22,
      localAddress: null,
      algorithms: {
        keyExchange: ['curve25519-sha256', 'curve25519-sha256@libssh.org'],
        hostKey: ['rsa-sha2-512', 'rsa-sha2-256'],
        ciphers: ['aes256-gcm@openssh.com', 'aes256-ctr'],
        macs: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com'],
      },
      connections: 1,
      depth: 0,
      files: ['*'],
      checksum: null,
      settleSeconds: 10,
      schedule: { every: '5m' },
      into: '/data/collections/cdr',
      deleteAtSource: false,
      csv: null,
    });
    expect(parseConfig('{}', options).collections.size).toBe(0);
  });

  it('take relative folders from that of the file', () => {
    expect(read({ into: 'cdr' }).into).toBe('/etc/turnup/cdr');
    expect(read({ into: '/var/cdr' }).into).toBe('/var/cdr');
  });

  it('hide their secrets from whoever prints them', () => {
    const config = parse({ cdr: source() });
    for (const text of [inspect(config, { depth: 9 }), JSON.stringify([...config.collections.values()])]) {
      expect(text).not.toMatch(/the-pass(word|phrase)|BEGIN RSA/);
      expect(text).toContain('[hidden]');
    }
  });

  it.for([
    [{ algorithms: { ciphers: ['aes128-ctr'] } }, 'cdr.algorithms.ciphers.0 must be one of aes256-gcm@openssh.com'],
    [{ algorithms: { macs: ['hmac-sha2-256'] } }, 'cdr.algorithms.macs.0 must be one of hmac-sha2-256-etm'],
    [{ algorithms: { keyExchange: ['diffie-hellman-group14-sha256'] } }, 'cdr.algorithms.keyExchange.0 must be one of'],
    [{ algorithms: { hostKey: ['ssh-rsa'] } }, 'cdr.algorithms.hostKey.0 must be one of rsa-sha2-512, rsa-sha2-256'],
    [{ sourceAddresses: ['1.1.1.1', '1.1.1.2', '1.1.1.3', '1.1.1.4'] }, 'cdr.sourceAddresses must be 3 at most'],
    [{ sourceAddresses: ['everywhere'] }, 'cdr.sourceAddresses.0 must be an IP address'],
    [{ sourceAddresses: [] }, 'cdr.sourceAddresses'],
    [{ localAddress: '192.0.2.11' }, 'cdr.localAddress must be one of sourceAddresses'],
    [{ hostKeys: ['MD5:00:11'] }, 'cdr.hostKeys.0 must be "SHA256:" and 43 characters'],
    [{ hostKeys: [] }, 'cdr.hostKeys'],
    [{ retentionDays: undefined }, 'cdr.retentionDays is required'],
    [{ password: undefined }, 'cdr.password is required'],
    [{ privateKey: undefined }, 'cdr.privateKey is required'],
    [{ privateKey: '/nowhere/key' }, 'cdr.privateKey cannot read /nowhere/key (ENOENT)'],
    [{ folder: '/out/../../etc' }, 'cdr.folder must not hold ".."'],
    [{ files: ['a/b'] }, 'cdr.files.0 must be a file name'],
    [{ files: ['*a*b*c*d*e'] }, 'cdr.files.0 may have 4 of "*" at most'],
    [{ schedule: {} }, 'cdr.schedule must have either "cron" or "every"'],
    [{ schedule: { every: '1m', cron: '* * * * *' } }, 'cdr.schedule must have either "cron" or "every"'],
    [{ schedule: { cron: 'now' } }, 'cdr.schedule.cron must have five fields'],
    [{ schedule: { cron: '* * * * *', timezone: 'Rome' } }, 'cdr.schedule.timezone must be the name of a time zone'],
    [{ checksum: { suffix: 'sha256' } }, 'cdr.checksum.suffix must be such as ".sha256"'],
    [{ parser: 'csv' }, 'cdr.csv is required with "parser: csv"'],
    [{ csv: { fields: { a: { column: 1 } } } }, 'cdr.csv is only for "parser: csv"'],
    [{ parser: 'csv', csv: { fields: {} } }, 'cdr.csv.fields needs at least one'],
    [
      { parser: 'csv', csv: { header: false, fields: { a: { column: 'name' } } } },
      'cdr.csv.fields.a.column must be a place from 1 on',
    ],
    [{ parser: 'csv', csv: { fields: { a: { column: 1, as: 'phone' } } } }, 'cdr.csv.fields.a.as must be one of text'],
    [{ key: 'x' }, 'cdr.key is not a known setting'],
  ] as const)('refuse %o', ([more, message]) => {
    const found = faults(more);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`collections.${message}`);
  });

  it('tell all that is wrong at once', () => {
    expect(faults({ host: undefined, port: 0, retentionDays: 0 })).toHaveLength(3);
  });

  it('must not share a folder, nor disagree about a server', () => {
    expect(faultsOf({ a: source({ into: '/x' }), b: source({ into: '/x', connections: 2 }) })).toEqual([
      'collections.b.into is the same as that of a',
      'collections.b.connections must be as for a, which has the same server',
    ]);
    expect(faultsOf({ a: source(), b: source({ host: 'other.example.net', connections: 2 }) })).toEqual([]);
  });

  it('warn of a cipher that is better not named', () => {
    const ciphers = ['aes256-cbc'];
    expect(parse({ cdr: source({ algorithms: { ciphers } }) }).warnings).toEqual([
      'collections.cdr allows aes256-cbc: name it only where the server has no other cipher.',
    ]);
  });
});
