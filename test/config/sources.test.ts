import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig, parseConfig, withSecretKeys } from '../../src/config/index.ts';
import { faultsOf, KEY, parse } from './support.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'turnup-config-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const operator = (password: unknown) => ({ operators: [{ name: 'ops', password }] });

describe('secrets of the configuration', () => {
  it('are literals, of the environment or of a file', async () => {
    await writeFile(join(folder, 'secret'), 'from a file\r\n');
    expect(parse(operator('a literal')).operators[0]?.password).toBe('a literal');
    expect(parse(operator({ env: 'PW' }), { PW: 'from env' }).operators[0]?.password).toBe('from env');
    const text = JSON.stringify(operator({ file: 'secret' }));
    const config = parseConfig(text, { file: join(folder, 'turnup.yaml'), env: {} });
    expect(config.operators[0]?.password).toBe('from a file');
  });

  it.each([
    ['a variable that is not set', { env: 'NOPE' }, 'the environment variable NOPE is not set'],
    ['an empty variable', { env: 'EMPTY' }, 'the environment variable EMPTY is not set'],
    ['a missing file', { file: '/nowhere/secret' }, 'cannot read /nowhere/secret (ENOENT)'],
    ['a number', 1234567890, 'must be text (in quotes), { env: NAME } or { file: PATH }'],
    ['nothing', undefined, 'is required'],
    ['a short one', 'short', 'must have at least 8 characters'],
  ])('name %s', (_, source, message) => {
    const [fault] = faultsOf(operator(source), { EMPTY: '' });
    expect(fault).toContain(`operators.0.password: ${message}`);
  });

  it('reads certificates from the files that tls names', async () => {
    const pem = '-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----';
    await writeFile(join(folder, 'ca.pem'), `${pem}\n`);
    const target = (ca: unknown) => ({
      targets: {
        vienna: { platform: 'sipwise', url: 'https://x', auth: { username: 'a', password: 'b' }, tls: { ca } },
      },
    });
    const config = parseConfig(JSON.stringify(target('ca.pem')), { file: join(folder, 'turnup.yaml'), env: {} });
    expect(config.targets.get('vienna')?.settings.tls.ca).toBe(pem);
    expect(parse(target(pem)).targets.get('vienna')?.settings.tls.ca).toBe(pem);
    await writeFile(join(folder, 'no.pem'), 'hello');
    expect(faultsOf(target(join(folder, 'no.pem')))[0]).toContain('targets.vienna.tls.ca: is not a PEM file');
    expect(faultsOf(target('/nowhere.pem'))[0]).toContain('cannot read /nowhere.pem');
  });
});

describe('where the configuration is', () => {
  const write = (file: string, port: number) => writeFile(join(folder, file), `http: { port: ${port} }`);

  it('--config goes before TURNUP_CONFIG, and that before turnup.yaml', async () => {
    await Promise.all([write('a.yaml', 1), write('b.yaml', 2), write('turnup.yaml', 3)]);
    const env = { TURNUP_CONFIG: 'b.yaml' };
    expect((await loadConfig({ path: 'a.yaml', env, cwd: folder })).http.port).toBe(1);
    expect((await loadConfig({ env, cwd: folder })).http.port).toBe(2);
    expect((await loadConfig({ env: {}, cwd: folder })).http.port).toBe(3);
  });

  it('keeps its data below the working directory unless TURNUP_DATA says otherwise', async () => {
    await write('turnup.yaml', 3);
    expect((await loadConfig({ env: {}, cwd: folder })).dataDir).toBe(join(folder, '.turnup'));
    expect((await loadConfig({ env: { TURNUP_DATA: '/var/lib/turnup' }, cwd: folder })).dataDir).toBe(
      '/var/lib/turnup',
    );
  });

  it('says what it looked for', async () => {
    await expect(loadConfig({ path: 'none.yaml', env: {}, cwd: folder })).rejects.toThrow(
      /cannot read .*none\.yaml \(ENOENT\)/,
    );
    await writeFile(join(folder, 'big.yaml'), '#'.repeat(1_048_577));
    await expect(loadConfig({ path: 'big.yaml', env: {}, cwd: folder })).rejects.toThrow(/larger than 1 MiB/);
  });
});

describe('the key of an installation without one', () => {
  const config = async (data: string) =>
    parseConfig('{}', { file: 'x.yaml', env: { TURNUP_DATA: join(folder, data) } });

  it('is made once, for its owner only, and said aloud', async () => {
    const lines: string[] = [];
    const all = await Promise.all(
      [1, 2, 3, 4].map(async () => withSecretKeys(await config('keys'), (line) => void lines.push(line))),
    );
    const [first] = all;
    expect(first?.secretKeys[0]?.key).toHaveLength(32);
    for (const other of all) expect(other.secretKeys).toEqual(first?.secretKeys);
    expect(lines[0]).toContain('keys.json');
    const file = join(folder, 'keys', 'keys.json');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    for (const line of lines) expect(await readFile(file, 'utf8')).not.toContain(line);
  });

  it('is not made when keys are configured', async () => {
    const given = parse({ secretKeys: [{ id: 'k1', key: KEY }] });
    expect(await withSecretKeys(given, () => expect.unreachable())).toBe(given);
  });

  it('is refused when the file was broken', async () => {
    await withSecretKeys(await config('broken'), () => undefined);
    const file = join(folder, 'broken', 'keys.json');
    await chmod(file, 0o600);
    await writeFile(file, '[{"id":"k1","key":"c2hvcnQ="}]');
    await expect(withSecretKeys(await config('broken'), () => undefined)).rejects.toThrow(/does not hold keys/);
  });
});
