import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TurnupError, type Fault } from '../../src/errors/index.ts';
import { parseConfig, type Config } from '../../src/config/index.ts';
import { splitSecrets, parseOrder } from '../../src/orders/model/index.ts';
import { madeUpFor } from '../../src/intake/made-up.ts';
import { secretPaths } from '../../src/platforms/port.ts';
import { portalProfile } from '../../src/simulators/index.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'turnup-portal-'));
  await writeFile(join(folder, 'portal.yaml'), portalProfile('status'));
  await writeFile(join(folder, 'outcome.yaml'), portalProfile('outcome'));
  await writeFile(
    join(folder, 'broken.yaml'),
    portalProfile('status')
      .replace('keys: {', 'keys: { colour: red,')
      .replace("'/companies'", "'companies'")
      .replace('path: /companies\n', 'path: companies\n'),
  );
  await writeFile(
    join(folder, 'header.yaml'),
    portalProfile('status').replace(/^auth: .*$/m, 'auth: { kind: header, name: X-Key, secretRef: apiKey }'),
  );
  await writeFile(
    join(folder, 'verified.yaml'),
    portalProfile('status').replace('verifiedAgainst: none', 'verifiedAgainst: production'),
  );
  await writeFile(
    join(folder, 'certificate.yaml'),
    portalProfile('status').replace(/^auth: .*$/m, 'auth: { kind: client-certificate }'),
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const parse = (more: string, url = 'https://portal.example.com'): Config =>
  parseConfig(
    `targets:\n  rome:\n    platform: webportal\n    url: ${url}\n    auth: { username: u, password: p }\n${more}`,
    {
      file: join(folder, 'turnup.yaml'),
      cwd: folder,
      env: {},
    },
  );

function faultsOf(...args: Parameters<typeof parse>): readonly Fault[] {
  try {
    parse(...args);
  } catch (error) {
    if (error instanceof TurnupError) return error.faults;
    throw error;
  }
  return [];
}

describe('a portal in the configuration', () => {
  it('names its profile as a file beside the configuration', () => {
    const { targets, warnings } = parse('    profile: { file: portal.yaml }\n');
    expect(targets.get('rome')?.settings.native).toMatchObject({
      office: 'Main office',
      profile: { verifiedAgainst: 'none' },
    });
    expect(warnings).toEqual([
      expect.stringMatching(/^targets\.rome: profile "Turnup's simulator, JSON.*was verified against nothing/),
    ]);
  });

  it('is quiet about a profile that was verified in production', () => {
    expect(parse('    profile: { file: verified.yaml }\n').warnings).toEqual([]);
  });

  it('names every fault of its profile, by path and the profile’s own line', () => {
    const faults = faultsOf('    profile: { file: broken.yaml }\n');
    expect(faults.map(({ path }) => path.join('.'))).toEqual(
      expect.arrayContaining(['targets.rome.profile.keys.colour', 'targets.rome.profile.operations.company.find.path']),
    );
    expect(faults[0]?.message).toMatch(/\(line \d+ of the profile\)/);
  });

  it('wants the file, not its name', () => {
    expect(faultsOf('    profile: portal.yaml\n')).toMatchObject([
      { path: ['targets', 'rome', 'profile'], message: expect.stringContaining('{ file: PATH }') },
    ]);
    expect(faultsOf('')).toMatchObject([{ path: ['targets', 'rome', 'profile'] }]);
  });

  it('speaks https, unless it is on this machine', () => {
    const profile = '    profile: { file: portal.yaml }\n';
    expect(faultsOf(profile, 'http://portal.example.com')).toMatchObject([
      { path: ['targets', 'rome', 'url'], message: expect.stringContaining('https') },
    ]);
    for (const url of ['http://127.0.0.1:8080', 'http://localhost:1', 'http://[::1]:1'])
      expect(faultsOf(profile, url)).toEqual([]);
  });

  it('has what its profile logs in with', () => {
    const profile = '    profile: { file: header.yaml }\n';
    expect(faultsOf(profile)).toMatchObject([{ path: ['targets', 'rome', 'secrets', 'apiKey'] }]);
    const config = parse(`${profile}    secrets: { apiKey: key-123 }\n`);
    expect(inspect(config, { depth: 12 }) + JSON.stringify([...config.targets.values()])).not.toContain('key-123');
    expect(faultsOf('    profile: { file: certificate.yaml }\n')).toMatchObject([{ path: ['targets', 'rome', 'tls'] }]);
  });

  it('says the domain where the portal has no field for it', () => {
    expect(faultsOf('    profile: { file: outcome.yaml }\n')).toMatchObject([{ path: ['targets', 'rome', 'domain'] }]);
    expect(faultsOf('    profile: { file: outcome.yaml }\n    domain: sip.example.com\n')).toEqual([]);
  });

  it('I8 has its own secrets in orders, which are sealed like all others', () => {
    const { platform, settings } = parse('    profile: { file: portal.yaml }\n').targets.get('rome')!;
    const posted = {
      externalId: 'CRM-1',
      target: 'rome',
      customer: { externalId: 'C-1', contact: { company: 'A' } },
      subscribers: [
        {
          username: 'a',
          domain: 'b.example',
          number: '+390612345678',
          preferences: { pinCode: '4321', clir: true },
          native: { deviceSecret: 'hidden-device', deviceId: 'aa' },
        },
      ],
    };
    const parsed = parseOrder(posted, { now: new Date(), areaCodes: () => [], maxSubscribers: 5 });
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
    const { body, secrets } = splitSecrets(parsed.order, secretPaths(platform, settings));
    expect(JSON.stringify(body)).not.toMatch(/4321|hidden-device/);
    expect(Object.values(secrets).toSorted()).toEqual(['4321', 'hidden-device']);
  });

  it('makes up no password that the portal has no place for', async () => {
    await writeFile(join(folder, 'own.yaml'), portalProfile('status').replace(/ {4}password: .*\n/, ''));
    const posted = {
      externalId: 'CRM-1',
      target: 'rome',
      customer: { externalId: 'C-1' },
      subscribers: [{ username: 'a', domain: 'b.example', number: '+390612345678' }],
    };
    const parsed = parseOrder(posted, { now: new Date(), areaCodes: () => [], maxSubscribers: 5 });
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
    const madeUp = (profile: string) =>
      madeUpFor(parse(`    profile: { file: ${profile} }\n`).targets.get('rome')!, parsed.order);
    expect(madeUp('own.yaml')).toEqual({});
    expect(Object.keys(madeUp('portal.yaml'))).toEqual(['subscribers.s1.password']);
  });
});
