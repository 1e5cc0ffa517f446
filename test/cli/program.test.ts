import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { turnup } from './support.ts';

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'turnup-cli-'));
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

/** Pretends that the program was started by an old Node. */
const OLD = (node: string) => [
  '--import',
  `data:text/javascript,${encodeURIComponent(
    `if (!process.env.HANDED_OVER) { process.env.HANDED_OVER = '1'; Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${node}' } }); }`,
  )}`,
];

describe('the program', () => {
  it('tells its commands, with examples and exit codes', async () => {
    const { code, stdout } = await turnup(['--help']);
    expect(code).toBe(0);
    for (const word of [
      'serve',
      'api',
      'worker',
      'demo',
      'simulate',
      'order',
      'redis',
      'doctor',
      'Exit codes',
      'Examples',
    ]) {
      expect(stdout).toContain(word);
    }
  });

  it.each([['serve'], ['order submit'], ['order skip'], ['redis install'], ['simulate']])(
    'tells about %s',
    async (command) => {
      const { code, stdout } = await turnup([...command.split(' '), '--help']);
      expect(code).toBe(0);
      expect(stdout).toContain(`turnup ${command}`);
    },
  );

  it.each([
    ['no command', [], /Usage: turnup/],
    ['an unknown command', ['srve'], /unknown command 'srve'[^]*Did you mean serve/],
    ['an unknown option', ['serve', '--fast'], /unknown option '--fast'/],
    ['a missing argument', ['order', 'show'], /missing required argument 'id'/],
    ['a missing reason', ['order', 'cancel', 'x'], /required option '--reason/],
    ['no token', ['order', 'list', '--url', 'http://127.0.0.1:9', '--config', 'empty.yaml'], /no token/],
    ['a URL that is none', ['order', 'list', '--url', 'x', '--token', 'y'], /is no URL/],
    [
      'a file that is not there',
      ['order', 'submit', 'none.json', '--url', 'http://127.0.0.1:9', '--token', 'y'],
      /cannot read none\.json/,
    ],
    ['a platform without a stand-in', ['simulate', 'fax'], /no stand-in for "fax"/],
    ['a port that is none', ['simulate', 'sipwise', '--port', '65536'], /"65536" is no port/],
  ])('ends with 2 for %s', async (_, args, message) => {
    await writeFile(join(cwd, 'empty.yaml'), '');
    const { code, stderr, stdout } = await turnup(args, { cwd });
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('    at ');
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it.each([['serve'], ['api'], ['worker'], ['doctor']])(
    '%s names every fault of the configuration',
    async (command) => {
      await writeFile(
        join(cwd, 'bad.yaml'),
        'http: { port: x }\nfax: {}\noperators: [{ name: ops, password: { env: OPS_PW } }]\n',
      );
      const { code, stdout, stderr } = await turnup([command, '--config', 'bad.yaml'], { cwd });
      expect(code).toBe(1);
      const said = stdout + stderr;
      expect(said).toContain('http.port: must be a number (line 1)');
      expect(said).toContain('fax: is not a known setting (line 2)');
      expect(said).toContain('the environment variable OPS_PW is not set (line 3)');
      expect(said).not.toContain('    at ');
    },
  );

  it('says where it looked for the configuration, and shows the place in the code when asked', async () => {
    const { code, stderr } = await turnup(['serve'], { cwd });
    expect(code).toBe(1);
    expect(stderr).toMatch(/cannot read .*turnup\.yaml \(ENOENT\); name another file with --config or TURNUP_CONFIG/);
    expect((await turnup(['serve', '--verbose'], { cwd })).stderr).toContain('    at ');
  });

  it.each([['api'], ['worker']])('%s refuses to start without a Redis URL, and says why', async (command) => {
    await writeFile(join(cwd, 'plain.yaml'), '');
    const { code, stderr } = await turnup([command, '--config', 'plain.yaml'], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain('TURNUP_REDIS_MISSING');
    expect(stderr).toContain('a URL is needed');
    expect(stderr).toContain('turnup serve');
  });

  it('never replaces a Redis that is away by an embedded one', async () => {
    const env = { REDIS_URL: 'redis://:redis-secret@127.0.0.1:1/0', TURNUP_KEY: Buffer.alloc(32).toString('base64') };
    await writeFile(join(cwd, 'keys.yaml'), 'secretKeys: [{ id: k1, key: { env: TURNUP_KEY } }]');
    const ends = await Promise.all(
      ['serve', 'worker'].map((command) => turnup([command, '--config', 'keys.yaml'], { cwd, env })),
    );
    for (const { code, stdout, stderr } of ends) {
      expect(code).toBe(1);
      expect(stderr).toContain('redis://127.0.0.1:1/0 does not answer');
      expect(stdout + stderr).not.toContain('redis-secret');
    }
  });

  it('says that nobody answers', async () => {
    const { code, stderr } = await turnup([
      'order',
      'show',
      'x',
      '--url',
      'http://127.0.0.1:65000',
      '--token',
      'secret-token',
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/cannot be reached: http:\/\/127\.0\.0\.1:65000 \(ECONNREFUSED\)/);
    expect(stderr).not.toContain('secret-token');
  });
});

describe('on an old Node', () => {
  it('hands over to the packaged one: arguments, input, output, exit code', async () => {
    const { code, stdout } = await turnup(['--version'], { node: OLD('20.1.0') });
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(code).toBe(0);
    expect((await turnup(['srve'], { node: OLD('20.1.0') })).code).toBe(2);
  });

  it('says what is missing when there is none', async () => {
    const node = [
      ...OLD('20.1.0'),
      '--import',
      `data:text/javascript,Object.defineProperty(process, 'arch', { value: 'sparc' })`,
    ];
    const { code, stderr } = await turnup(['--version'], { node });
    expect(stderr).toContain('needs Node 24');
    expect(code).toBe(1);
  });
});
