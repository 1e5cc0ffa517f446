import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { turnup } from './support.ts';

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'turnup-explain-'));
  const text = `
redis: { url: 'redis://127.0.0.1:1' }
secretKeys: [{ id: k1, key: '${Buffer.alloc(32, 7).toString('base64')}' }]
targets:
  vienna:
    platform: sipwise
    url: https://ngcp.example.com
    auth: { username: a, password: b }
    resellerId: 1
    faults:
      - { status: 422, text: 'already exist', step: subscriber, class: transient, hint: Wait for the nightly job. }
`;
  await writeFile(join(cwd, 'lab.yaml'), text);
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

const explain = (...args: string[]) => turnup(['explain', ...args], { cwd });
const TAKEN = "Number '4319876' already exists.";

describe('turnup explain', () => {
  it('tells the row, the class, what follows and the hint', async () => {
    const { code, stdout } = await explain('sipwise', '422', TAKEN);
    expect(code).toBe(0);
    for (const part of [
      '422, text /^Numbers?',
      'TURNUP_NUMBER_TAKEN',
      'conflict',
      'not tried again',
      'Free the number',
    ])
      expect(stdout).toContain(part);
    expect(stdout).not.toContain('faults[');
  });

  it('tells that a rule of the configuration decides, for the step it is about', async () => {
    const subscriber = await explain('vienna', '422', TAKEN, '--step', 'subscriber', '--config', 'lab.yaml');
    expect(subscriber.stdout).toContain('targets.vienna.faults[0]): decides');
    expect(subscriber.stdout).toContain('Wait for the nightly job.');
    expect(subscriber.stdout).toMatch(/class\s+transient\n.*tried 4 times, 0\.5 s apart at first, 15 s at most/);
    const contact = await explain('vienna', '422', TAKEN, '--step', 'contact', '--config', 'lab.yaml');
    expect(contact.stdout).toMatch(/class\s+conflict/);
  });

  it('prints JSON, and tells a read from a write', async () => {
    const write = JSON.parse((await explain('sipwise', '504', '--json')).stdout) as unknown;
    expect(write).toMatchObject({ class: 'ambiguous', code: 'TURNUP_OUTCOME_UNKNOWN', forward: { attempts: 8 } });
    const read = JSON.parse((await explain('sipwise', '504', '--json', '--read')).stdout) as unknown;
    expect(read).toMatchObject({ class: 'transient', rule: null, undo: { attempts: 10 } });
  });

  it.each([
    [['sipwise', '503'], 'Opens the breaker'],
    [['sipwise', '401'], 'Opens the breaker at once'],
    [['sipwise', '429'], 'as long as it asks'],
    [['sipwise', '502'], 'looks first whether the work was done'],
  ])('says of %j that Turnup "%s"', async (args, text) => {
    expect((await explain(...args)).stdout).toContain(text);
  });

  it.each([
    [['nowhere', '500', '--config', 'lab.yaml'], /no target "nowhere"; there are: vienna, sipwise/],
    [['sipwise', 'x'], /"x" is no HTTP status/],
    [['sipwise', '500', 'text', '--step', 'x'], /no step "x"; it has: contact/],
  ])('%j is told with what there is', async (args, message) => {
    const { code, stderr } = await explain(...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});
