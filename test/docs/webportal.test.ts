import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseConfig } from '../../src/config/index.ts';
import { webportal } from '../../src/platforms/webportal/index.ts';
import { portalProfile, PORTAL_PROFILES } from '../../src/simulators/index.ts';

const page = (name: string) => readFile(new URL(`../../docs/targets/${name}.md`, import.meta.url), 'utf8');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'turnup-portal-docs-'));
  await writeFile(join(folder, 'wpti.yaml'), portalProfile('outcome'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the page of portal targets', () => {
  it('has a configuration that is accepted', async () => {
    const [, text = ''] = /```yaml\n([\s\S]*?)```/.exec(await page('webportal')) ?? [];
    const { targets } = parseConfig(text, {
      file: join(folder, 'turnup.yaml'),
      cwd: folder,
      env: { PORTAL_PASSWORD: 'x' },
    });
    expect(targets.get('rome')?.settings.native).toMatchObject({ domain: 'sip.example.com', office: 'Main office' });
  });

  it('names every kind of login, every step and every part of a profile', async () => {
    const text = await page('webportal');
    const { properties } = webportal.wireProfile!.jsonSchema() as { properties: Record<string, unknown> };
    const parts = Object.keys(properties).filter((name) => !['$schema', 'schema', 'basePath'].includes(name));
    const logins = ['basic', 'bearer', 'header', 'client-certificate', 'oauth-client-credentials', 'login-session'];
    for (const name of [...parts, ...logins, ...Object.keys(webportal.steps)]) expect(text).toContain(`\`${name}\``);
  });
});

describe('what Turnup says of TIM', () => {
  it('is what to ask, not what is so: no address, no host, no path of a portal', async () => {
    const texts = [await page('webportal'), await page('webportal-questions'), ...PORTAL_PROFILES.map(portalProfile)];
    for (const text of texts)
      expect(text).not.toMatch(/\b10\.\d+\.\d+\.\d+|\/syd\/|wholesale\.telecomitalia|telecomitalia\.(?:it|com)/i);
  });

  it('has a place in the profile for every question about calls', async () => {
    const rows = (await page('webportal-questions'))
      .split('\n')
      .filter((line) => line.startsWith('| ') && line.split('|').length === 4);
    expect(rows.length).toBeGreaterThan(30);
    for (const row of rows) expect(row.split('|')[2]!.trim()).not.toBe('');
  });

  it('leaves the profiles to the stand-in: none claims to be verified', () => {
    for (const name of PORTAL_PROFILES) {
      expect(parse(portalProfile(name))).toMatchObject({
        verifiedAgainst: 'none',
        title: expect.stringContaining("not TIM's"),
      });
    }
  });
});
