import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseConfig } from '../../src/config/index.ts';
import type { Platform } from '../../src/platforms/port.ts';
import { PLATFORMS } from '../../src/platforms/registry.ts';
import { DEFAULT_PREFIX } from '../../src/redis/keys.ts';
import { example, faultsOf, parse, SECRETS } from './support.ts';

type Settings = Record<string, unknown>;

const targets = {
  vienna: { platform: 'sipwise', url: 'https://ngcp.example.com', auth: { username: 'a', password: 'b' } },
};

/** Every map of settings in a value, with its path: the places where a setting may be written. */
function places(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (Array.isArray(value)) return value.flatMap((item, i) => places(item, [...path, i]));
  if (typeof value !== 'object' || value === null) return [];
  const here = path.join('.') === 'targets' ? [] : [path];
  return [...here, ...Object.entries(value).flatMap(([key, item]) => places(item, [...path, key]))];
}

function at(root: unknown, path: readonly (string | number)[]): Settings {
  return path.reduce((value, key) => (value as Settings)[key], root) as Settings;
}

describe('configuration', () => {
  it('reads every section', () => {
    const config = parse(example());
    expect(config.clients).toMatchObject([{ name: 'crm', targets: ['vienna'] }]);
    expect(config.operators.map(({ name, role, token }) => [name, role, token === null])).toEqual([
      ['ops', 'operator', false],
      ['eye', 'viewer', true],
    ]);
    const vienna = config.targets.get('vienna');
    expect(vienna?.platform.name).toBe('sipwise');
    expect(vienna?.settings).toMatchObject({ name: 'vienna', concurrency: 4, native: { resellerId: 1 } });
    expect(vienna?.settings.auth.password).toBe('platform-password');
    expect(config.secretKeys[0]?.key).toEqual(Buffer.alloc(32, 7));
  });

  it('fills in defaults', () => {
    const config = parse({ targets });
    expect(config).toMatchObject({
      http: { host: '127.0.0.1', port: 3000, publicUrl: null, trustProxy: false },
      redis: { url: null, prefix: DEFAULT_PREFIX, durability: 'auto' },
      limits: { requestsPerMinute: 6000, bodyBytes: 1_048_576, subscribersPerOrder: 500 },
      retention: { settledHours: 24, archiveDays: 30, idempotencyDays: 30 },
      clients: [],
      secretKeys: [],
    });
    expect(config.targets.get('vienna')).toMatchObject({
      rate: null,
      settings: {
        concurrency: 8,
        tls: { verify: true },
        timeouts: { connectMs: 10_000, readMs: 30_000, writeMs: 60_000 },
      },
    });
  });

  it('an empty file is a configuration', () => {
    expect(parse('').targets.size).toBe(0);
    expect(parse('# http: { port: 1 }\n').http.port).toBe(3000);
  });

  it('names every unknown setting, wherever it stands', () => {
    const anywhere = fc.constantFrom(...places(example()));
    const key = fc.stringMatching(/^[a-z_][A-Za-z0-9_-]{0,12}$/).filter((text) => text !== '__proto__');
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(anywhere, key), { minLength: 1, maxLength: 4 }), (additions) => {
        const root = example();
        const added = additions.filter(([path, name]) => {
          const place = at(root, path);
          if (name in place) return false;
          place[name] = 1;
          return true;
        });
        // A setting of the schema that the example leaves out is refused for its value, under the same path.
        const faults = faultsOf(root);
        for (const [path, name] of added) {
          const named = [...path, name].join('.');
          expect(faults.some((fault) => fault.startsWith(`${named}:`))).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('names an unknown setting also where the schema of a platform would drop it', () => {
    const loose: Platform = { ...PLATFORMS[0]!, name: 'loose', settings: z.object({ depth: z.int().default(3) }) };
    const text = (more: object) =>
      JSON.stringify({ targets: { vienna: { ...targets.vienna, platform: 'loose', ...more } } });
    const options = { file: 'turnup.yaml', env: {}, platforms: [loose] };
    expect(parseConfig(text({}), options).targets.get('vienna')?.settings.native).toEqual({ depth: 3 });
    expect(() => parseConfig(text({ width: 1 }), options)).toThrow(
      expect.objectContaining({
        faults: [{ path: ['targets', 'vienna', 'width'], message: expect.stringContaining('not a known setting') }],
      }),
    );
  });

  it('tells every fault at once, with its line', () => {
    const text = [
      'http: { port: 70000, hots: x }',
      'log: { level: loud }',
      'clients:',
      '  - name: crm',
      '    token: short',
      '    targets: [nowhere]',
      'targets:',
      '  vienna:',
      '    platform: fax',
      '    url: ftp://x',
      '  Vienna: {}',
    ].join('\n');
    const faults = faultsOf(text);
    expect(faults).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^http\.port: .*\(line 1\)$/),
        'http.hots: is not a known setting (line 1)',
        expect.stringMatching(/^log\.level: .*\(line 2\)$/),
        'clients.0.token: must have at least 16 characters (line 5)',
        'clients.0.targets.0: there is no target "nowhere" under targets (line 6)',
        expect.stringMatching(/^targets\.vienna\.platform: must be one of .*sipwise.*\(line 9\)$/),
        'targets.vienna.url: must be a URL that starts with http:// or https:// (line 10)',
        'targets.vienna.auth: is required (line 8)',
        expect.stringMatching(/^targets\.Vienna: the name must be .*\(line 11\)$/),
      ]),
    );
  });

  it.each([
    ['clients', 'names must differ', 'clients.1.name'],
    ['operators', 'names must differ', 'operators.2.name'],
    ['secretKeys', 'names must differ', 'secretKeys.1.id'],
  ])('refuses two of the same name in %s', (section, message, path) => {
    const root = example();
    const list = root[section] as Settings[];
    list.push({ ...list[0] });
    expect(faultsOf(root).find((fault) => fault.startsWith(`${path}:`))).toContain(message);
  });

  it('refuses a token that two share, also when they take it from different places', () => {
    const root = example();
    at(root, ['operators', 0])['token'] = { env: 'SHARED' };
    expect(faultsOf(root, { SHARED: 'client-token-0123456789' })).toEqual([
      expect.stringContaining('operators.0.token: is the same as clients.0.token'),
    ]);
  });

  it('needs keys with a Redis URL, and only then', () => {
    expect(faultsOf({ redis: { url: 'redis://127.0.0.1' } })).toEqual([
      expect.stringContaining('secretKeys: is required'),
    ]);
    expect(faultsOf({}, { REDIS_URL: 'redis://127.0.0.1' })).toEqual([
      expect.stringContaining('secretKeys: is required'),
    ]);
    expect(faultsOf({})).toEqual([]);
  });

  it('takes REDIS_URL only when redis.url is absent, and names it in a fault', () => {
    const { redis, ...more } = example();
    expect(parse(more, { REDIS_URL: 'redis://elsewhere:1' }).redis.url).toBe('redis://elsewhere:1');
    expect(parse({ ...more, redis }, { REDIS_URL: 'redis://elsewhere:1' }).redis.url).toContain('127.0.0.1');
    expect(faultsOf(more, { REDIS_URL: 'http://x' })).toEqual([expect.stringContaining('REDIS_URL: must be a URL')]);
  });

  it.each([
    ['redis+sentinel://:pw@a.example.com:26379,b.example.com/turnup', true],
    ['rediss+sentinel://a:1/turnup/1?sentinelPassword=pw', true],
    ['rediss://a:6379/0', true],
    ['redis+sentinel://a:1', false],
    ['http://a', false],
  ])('takes a Redis by address or by its sentinels: %s', (url, fits) => {
    const { redis: _, ...more } = example();
    expect(faultsOf({ ...more, redis: { url } })).toEqual(fits ? [] : [expect.stringContaining('must be a URL')]);
  });

  it('I8 shows no secret, however it is printed', () => {
    const config = parse(example());
    const shown = [inspect(config, { depth: 9 }), JSON.stringify(config), JSON.stringify([...config.targets.values()])];
    for (const secret of SECRETS) for (const text of shown) expect(text).not.toContain(secret);
    expect(shown[0]).toContain('[hidden]');
  });

  it('I8 shows no secret in a fault', () => {
    const root = example();
    at(root, ['clients', 0])['token'] = 'tiny-secret';
    at(root, ['operators', 0])['password'] = 'tiny';
    at(root, ['secretKeys', 0])['key'] = 'not-a-real-key-but-secret';
    at(root, ['redis'])['url'] = 'http://user:web-secret@host';
    at(root, ['targets', 'vienna'])['url'] = 'https://user:url-secret@ngcp.example.com';
    const faults = faultsOf(root);
    expect(faults).toHaveLength(5);
    expect(faults.join('\n')).not.toMatch(/tiny|not-a-real|web-secret|url-secret/);
  });

  it('warns of what is open', () => {
    const root = example();
    root['http'] = { host: '0.0.0.0' };
    Object.assign(at(root, ['targets', 'vienna']), { url: 'http://ngcp.example.com', tls: { verify: false } });
    expect(parse(root).warnings).toEqual([
      expect.stringContaining('http.host'),
      expect.stringContaining('plain HTTP'),
      expect.stringContaining('tls.verify'),
    ]);
    expect(parse(example()).warnings).toEqual([]);
  });

  it.each([
    [{ NODE_ENV: 'production' }, 'x', true],
    [{}, 'production', true],
    [{}, 'staging', false],
  ])('knows production by NODE_ENV or the environment %j %s', (env, name, expected) => {
    expect(parse({ environment: { name } }, env).production).toBe(expected);
  });
});
