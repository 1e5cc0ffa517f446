import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TurnupError, type Fault } from '../../src/errors/index.ts';
import { parseConfig, type Config } from '../../src/config/index.ts';
import { createWorld, toyPlatform } from '../engine/toy.ts';

const SECRET = 'mysql://reader:database-password@db/calls';
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'turnup-native-'));
  await writeFile(join(folder, 'calls-url'), `${SECRET}\n`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const parse = (calls: string, env: NodeJS.ProcessEnv = {}): Config =>
  parseConfig(
    `targets:\n  lab:\n    platform: toy\n    url: https://lab.example.com\n    auth: { username: u, password: p }\n    calls: ${calls}\n`,
    { file: join(folder, 'turnup.yaml'), cwd: folder, env, platforms: [toyPlatform(createWorld())] },
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

describe("a platform's own settings", () => {
  it.each([
    ['as text', `{ url: '${SECRET}' }`],
    ['from the environment', '{ url: { env: CALLS_URL } }'],
    ['from a file beside the configuration', '{ url: { file: calls-url } }'],
  ])('may hold a secret %s', (_, calls) => {
    const { targets } = parse(calls, { CALLS_URL: SECRET });
    expect(targets.get('lab')?.settings.native).toEqual({ calls: { url: SECRET } });
  });

  it('name what is missing, by path and line, and nothing besides', () => {
    expect(faultsOf('{ url: { env: CALLS_URL } }')).toEqual([
      {
        path: ['targets', 'lab', 'calls', 'url'],
        message: 'the environment variable CALLS_URL is not set (line 6)',
      },
    ]);
    expect(faultsOf('{ url: { file: none } }')).toMatchObject([
      { path: ['targets', 'lab', 'calls', 'url'], message: expect.stringContaining('cannot read') },
    ]);
  });

  it('are still what the platform checks', () => {
    expect(faultsOf('{ url: { env: A, file: B } }')).toMatchObject([{ path: ['targets', 'lab', 'calls', 'url'] }]);
    expect(faultsOf('{ address: { env: A } }', { A: 'a' })).not.toEqual([]);
  });

  it('I8 are hidden from whoever prints the configuration', () => {
    const config = parse('{ url: { file: calls-url } }');
    const shown = inspect(config, { depth: 10 }) + JSON.stringify([...config.targets.values()]);
    expect(shown).toContain('[hidden]');
    expect(shown).not.toContain('database-password');
  });
});
