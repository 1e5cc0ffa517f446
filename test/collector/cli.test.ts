import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createKeys } from '../../src/redis/keys.ts';
import { turnup } from '../cli/support.ts';
import { startProcess, type Running } from '../e2e/support/process.ts';
import { useRedis } from '../setup/redis.ts';
import { freePort } from '../setup/redis-server.ts';
import { lookForSshd, startSshd, type TestSshd } from '../setup/sshd.ts';
import { clearOffers, offer, sourceText, useSftpUser } from './support.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

describe.skipIf(!lookForSshd())('turnup', { timeout: 120_000 }, () => {
  const user = useSftpUser();
  const redis = useRedis({ aof: true });
  const running: Running[] = [];
  let server: TestSshd;
  let port = 0;

  beforeAll(async () => {
    server = await startSshd(user);
    port = await freePort();
  });
  beforeEach(() => clearOffers(user));
  afterEach(async () => {
    await Promise.all(running.splice(0).map((one) => one.kill()));
  });
  afterAll(() => server?.stop());

  function writeConfig(more: object = {}): string {
    const file = join(user.dir, 'turnup.yaml');
    const cdr = sourceText(user, server, { schedule: { cron: '0 4 1 1 *' }, into: join(user.dir, 'into'), ...more });
    const config = {
      http: { port },
      redis: { url: redis.url },
      secretKeys: [{ id: 'k1', key: randomBytes(32).toString('base64') }],
      operators: [{ name: 'olga', password: 'olga-password', token: 'olga-token-0123456789', role: 'operator' }],
      collections: { cdr },
    };
    writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
    return file;
  }

  async function serve(more: object = {}): Promise<string> {
    const file = writeConfig(more);
    const args = [MAIN, 'serve', '--config', file];
    const one = startProcess({ name: 'serve', args, cwd: user.dir, env: { TURNUP_DATA: user.dir }, told: () => {} });
    running.push(one);
    await one.says('API started');
    return file;
  }

  const doctor = async (more: object = {}) => {
    const { stdout } = await turnup(['doctor', '--config', writeConfig(more), '--json']);
    const checks = JSON.parse(stdout) as { about: string; verdict: string; detail: string }[];
    return checks.filter(({ about }) => about.startsWith('collection '));
  };

  it('collect fetches what there is, tells how far it is and what it came to', async () => {
    const config = await serve();
    offer(user, 'old.csv', 'old', 1_700_000_000);
    offer(user, 'new.csv', randomBytes(2_000_000), 1_790_000_000);
    const first = await turnup(['collect', 'cdr', '--since', '2026-01-01', '--config', config]);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toContain('done: 1 fetched (1.9 MiB), 1 handed over');
    expect(first.stdout).toContain('from 127.0.0.1, aes256-gcm@openssh.com, implicit, publickey and password');

    const second = await turnup(['collect', 'cdr', '--json', '--config', config]);
    expect(JSON.parse(second.stdout)).toMatchObject({ outcome: 'done', counts: { fetched: 1 } });
    const wrong = await turnup(['collect', 'cdr', '--since', 'yesterday', '--config', config]);
    expect(wrong).toMatchObject({ code: 1 });
    expect(wrong.stderr).toContain('since: must be a date or a time in ISO 8601');
    expect((await turnup(['collect', 'nothing', '--config', config])).stderr).toContain('there is no such collection');
  });

  it('collect ends with 1 and says what to do when the source refuses', async () => {
    const config = await serve({ hostKeys: [`SHA256:${'A'.repeat(43)}`] });
    const { code, stdout } = await turnup(['collect', 'cdr', '--config', config]);
    expect(code).toBe(1);
    expect(stdout).toContain('failed: 0 fetched (0 B), 0 handed over');
    expect(stdout).toContain(`the server shows ${server.hostKey}; pinned is SHA256:AAAA`);
  });

  it('doctor shows address, algorithms, host key and both factors', async () => {
    offer(user, 'a.csv', 'a');
    expect(await doctor({ algorithms: { ciphers: ['aes256-cbc'] } })).toEqual([
      {
        about: 'collection cdr, address',
        verdict: 'good',
        detail: '127.0.0.1 is used; allowed are 127.0.0.1',
      },
      {
        about: 'collection cdr, algorithms',
        verdict: 'good',
        detail: 'curve25519-sha256, aes256-cbc, hmac-sha2-256-etm@openssh.com',
      },
      {
        about: 'collection cdr, host key',
        verdict: 'good',
        detail: expect.stringMatching(/^SHA256:.* \(rsa-sha2-512\), as pinned$/),
      },
      { about: 'collection cdr, factors', verdict: 'good', detail: 'publickey and password' },
      { about: 'collection cdr, folder', verdict: 'good', detail: `entries in ${user.files}: 1` },
    ]);
  });

  it('doctor ends with 1 for an address that is not allowed, and shows it', async () => {
    const config = writeConfig({ sourceAddresses: ['192.0.2.1'] });
    const { code, stdout } = await turnup(['doctor', '--config', config]);
    expect(code).toBe(1);
    expect(stdout).toContain('the way to 127.0.0.1 leaves from 127.0.0.1; allowed are 192.0.2.1');
    expect(stdout).not.toContain(user.password);
  });

  it('doctor tries no login of a source that is held', async () => {
    const keys = createKeys();
    await redis.client().hset(keys.collection('cdr'), 'held', '{}');
    const before = server.log();
    expect(await doctor()).toEqual([
      {
        about: 'collection cdr',
        verdict: 'bad',
        detail: 'it is held, so no login was tried: "turnup collect cdr" tries one',
      },
    ]);
    expect(server.log()).toBe(before);
  });

  it('doctor makes no second connection to a server that allows one', async () => {
    const leases = createKeys().collectionLeases(`127.0.0.1:${server.port}`);
    await redis.client().zadd(leases, Date.now() + 60_000, 'docs.somebody');
    expect(await doctor()).toEqual([
      {
        about: 'collection cdr',
        verdict: 'warning',
        detail: 'its server has as many connections as it allows, so none was made',
      },
    ]);
  });

  it('I8 prints no secret of a source', async () => {
    const config = writeConfig({ password: 'a-wrong-password-17' });
    const { stdout, stderr } = await turnup(['doctor', '--config', config, '--verbose']);
    expect(stdout).toContain('the server refused the password');
    expect(stdout + stderr).not.toContain('a-wrong-password-17');
    expect(stdout + stderr).not.toContain(user.passphrase);
  });
});
