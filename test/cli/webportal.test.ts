import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { portalProfile, startSimulator, type Simulator } from '../../src/simulators/index.ts';
import { startTurnup, turnup } from './support.ts';

let folder: string;
let portal: Simulator;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'turnup-portal-cli-'));
  portal = await startSimulator({ platform: 'webportal', webportal: { profile: portalProfile('outcome') } });
  await writeFile(join(folder, 'good.yaml'), portalProfile('outcome'));
  await writeFile(
    join(folder, 'bad.yaml'),
    portalProfile('outcome').replace('keys: {', 'keys: { colour: red,').replace('as: upper', 'as: shout'),
  );
  await writeFile(
    join(folder, 'part.yaml'),
    portalProfile('status').replace(/ {2}office\.create:[\s\S]*?repeat: unsafe\n/, ''),
  );
  const config = (password: string) =>
    `targets:\n  rome:\n    platform: webportal\n    url: ${portal.url}\n    auth: { username: portal, password: ${password} }\n    domain: sip.example.com\n    profile: { file: good.yaml }\n`;
  await writeFile(join(folder, 'turnup.yaml'), config('portal-password'));
  await writeFile(join(folder, 'wrong.yaml'), config('nope'));
});
afterAll(async () => {
  await portal.close();
  await rm(folder, { recursive: true, force: true });
});

describe('turnup webportal check', () => {
  it('prints what a profile makes of a sample order, and calls nothing', async () => {
    const { code, stdout } = await turnup(['webportal', 'check', 'good.yaml'], { cwd: folder });
    expect(code).toBe(0);
    expect(stdout).toContain("no faults: Turnup's simulator, always 200 with an outcome and tickets (not TIM's)");
    expect(stdout).toContain('verified against none');
    expect(stdout).toMatch(/user\.find: POST \/api\/users/);
    expect(stdout).toMatch(/s1\.subscriber {2}after s1\.office\n +POST \/api\/users\n.*"sipPassword":"\*\*\*"/);
    expect(stdout).toMatch(/undo: POST \/api\/companies/);
    expect(portal.calls()).toEqual([]);
  });

  it('names every fault, and fails', async () => {
    const { code, stdout } = await turnup(['webportal', 'check', 'bad.yaml'], { cwd: folder });
    expect(code).toBe(1);
    expect(stdout).toMatch(/keys\.colour: is not known here \(line \d+ of the profile\)/);
    expect(stdout).toMatch(/fields\.company\.city\.as: must be one of text/);
  });

  it('says what orders a profile in the making would refuse', async () => {
    const { code, stdout } = await turnup(['webportal', 'check', 'part.yaml', '--json'], { cwd: folder });
    expect(code).toBe(0);
    const { profile } = JSON.parse(stdout) as { profile: { unmapped: string[]; refused: { message: string }[] } };
    expect(profile.unmapped).toContain('office.create');
    expect(profile.refused[0]?.message).toContain('needs office.create');
  });

  it('tells a file that is not there', async () => {
    expect(await turnup(['webportal', 'check', 'none.yaml'], { cwd: folder })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('cannot read none.yaml'),
    });
  });
});

describe('turnup webportal probe', () => {
  it('tries reads only, and warns of a profile that nobody verified', async () => {
    portal.reset();
    const { code, stdout } = await turnup(['webportal', 'probe', '--json'], { cwd: folder });
    const checks = JSON.parse(stdout) as { about: string; verdict: string; detail: string }[];
    expect(code).toBe(0);
    expect(checks.map(({ about, verdict }) => `${verdict} ${about}`)).toEqual([
      'warning target rome',
      'good target rome, profile',
      'good target rome, dashboard.get',
      'good target rome, company.find',
      'good target rome, user.find',
      'good target rome, antifraud.get',
    ]);
    expect(new Set(portal.calls().map(({ operation }) => operation))).toEqual(
      new Set(['login', 'dashboard.get', 'company.find', 'user.find', 'antifraud.get']),
    );
  });

  it('fails where the login is refused, and tries it once', async () => {
    portal.reset();
    const { code, stdout } = await turnup(['webportal', 'probe', 'rome', '--config', 'wrong.yaml'], { cwd: folder });
    expect(code).toBe(1);
    expect(stdout).toContain('refuses the login');
    expect(stdout).not.toContain('nope');
    expect(portal.calls()).toHaveLength(1);
  });

  it('knows only configured portals', async () => {
    expect(await turnup(['webportal', 'probe', 'milan'], { cwd: folder })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there are: rome'),
    });
  });
});

describe('turnup simulate webportal', () => {
  it('takes the calls of a profile', async () => {
    const child = startTurnup(['simulate', 'webportal', '--profile', 'good.yaml'], { cwd: folder });
    const url = await new Promise<string>((done) => {
      let text = '';
      child.stdout!.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        const [, found] = /stand-in at (\S+)\n/.exec(text) ?? [];
        if (found !== undefined) done(found);
      });
    });
    const answer = await fetch(`${url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect(await answer.json()).toMatchObject({ outcome: 'LOGIN' });
    const ended = new Promise((done) => child.once('close', done));
    child.kill('SIGTERM');
    await ended;
  });

  it('refuses what is no profile, and a profile for another platform', async () => {
    await writeFile(join(folder, 'list.yaml'), '- a\n');
    expect(await turnup(['simulate', 'webportal', '--profile', 'list.yaml'], { cwd: folder })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no wire profile'),
    });
    expect(await turnup(['simulate', 'sipwise', '--profile', 'good.yaml'], { cwd: folder })).toMatchObject({ code: 2 });
  });
});
