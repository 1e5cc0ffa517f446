import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** A small tree of the same shape in which every line breaks one rule. */
const FILES: Record<string, string> = {
  'src/errors/index.ts': "export class E {}\nexport type { R } from '../redis/index.ts';",
  'src/redis/index.ts': 'export interface R { a: 1 }',
  'src/http-client/index.ts': "import type { R } from '../redis/index.ts';\nexport type H = R;",
  'src/secrets/index.ts': "export type { R } from '../redis/index.ts';",
  'src/observability/index.ts': "export type { R } from '../redis/index.ts';",
  'src/orders/index.ts': "export type { P } from '../platforms/port.ts';",
  'src/targets/index.ts': "export type { O } from '../orders/other.ts';",
  'src/orders/other.ts': 'export type O = 1;',
  'src/ledger/index.ts': "export type { P } from '../platforms/port.ts';",
  'src/audits/index.ts': "export type { T } from '../targets/types.ts';",
  'src/targets/types.ts': 'export type T = 1;',
  'src/intake/index.ts': "export type { L } from '../ledger/other.ts';",
  'src/ledger/other.ts': 'export type L = 1;',
  'src/config/index.ts': "export type { O } from '../orders/other.ts';",
  'src/platforms/port.ts': "export type { R as P } from '../redis/index.ts';",
  'src/platforms/one/index.ts': "export { two } from '../two/index.ts';",
  'src/platforms/two/index.ts': "import type { O } from '../../orders/other.ts';\nexport const two: O = 1;",
  'src/simulators/index.ts': "export { E } from '../errors/index.ts';",
  'src/api/index.ts': "export const late = () => import('../simulators/index.ts');",
  'src/cli/main.ts': "export * from '../api/circle-a.ts';",
  'src/api/circle-a.ts': "import { b } from './circle-b.ts';\nexport const a = () => b;",
  'src/api/circle-b.ts': "import { a } from './circle-a.ts';\nexport const b = () => a;",
  'src/api/dev.ts': "export { test } from 'vitest';\nexport * from './nowhere.ts';",
  'flows/index.ts': "export { two } from '../src/platforms/two/index.ts';",
  'workers/index.ts':
    "export { a } from '../src/api/circle-a.ts';\nexport * from '../src/cli/main.ts';\nexport * from '../test/x.ts';",
  'test/x.ts': 'export const x = 1;',
  'package.json': JSON.stringify({ name: 'x', type: 'module', devDependencies: { vitest: '*' } }),
};

const ROOT = resolve(import.meta.dirname, '../..');
let tree: string;
let broken: string[];

interface Cruise {
  summary: { violations: { rule: { name: string }; from: string; to: string }[] };
}

beforeAll(async () => {
  tree = mkdtempSync(join(tmpdir(), 'turnup-directions-'));
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  }
  mkdirSync(join(tree, 'node_modules/vitest'), { recursive: true });
  writeFileSync(join(tree, 'node_modules/vitest/package.json'), JSON.stringify({ name: 'vitest', main: 'index.js' }));
  writeFileSync(join(tree, 'node_modules/vitest/index.js'), '');
  const { summary } = await cruise();
  broken = summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
});
afterAll(() => rmSync(tree, { recursive: true, force: true }));

function cruise(): Promise<Cruise> {
  const program = join(ROOT, 'node_modules/.bin/depcruise');
  const args = [
    program,
    '--config',
    join(ROOT, '.dependency-cruiser.mjs'),
    '--output-type',
    'json',
    'src',
    'flows',
    'workers',
  ];
  return new Promise((done, fail) => {
    execFile(process.execPath, args, { cwd: tree, maxBuffer: 1 << 24 }, (_error, stdout, stderr) => {
      try {
        done(JSON.parse(stdout) as Cruise);
      } catch {
        fail(new Error(stderr));
      }
    });
  });
}

test.each([
  'src-errors-imports-only-what-it-may: src/errors/index.ts → src/redis/index.ts',
  'src-http-client-imports-only-what-it-may: src/http-client/index.ts → src/redis/index.ts',
  'src-secrets-imports-only-what-it-may: src/secrets/index.ts → src/redis/index.ts',
  'src-observability-imports-only-what-it-may: src/observability/index.ts → src/redis/index.ts',
  'src-orders-imports-only-what-it-may: src/orders/index.ts → src/platforms/port.ts',
  'src-targets-imports-only-what-it-may: src/targets/index.ts → src/orders/other.ts',
  'src-config-imports-only-what-it-may: src/config/index.ts → src/orders/other.ts',
  'src-ledger-imports-only-what-it-may: src/ledger/index.ts → src/platforms/port.ts',
  'src-audits-imports-only-what-it-may: src/audits/index.ts → src/targets/types.ts',
  'src-intake-imports-only-what-it-may: src/intake/index.ts → src/ledger/other.ts',
  'the-port-imports-only-errors: src/platforms/port.ts → src/redis/index.ts',
  'a-platform-imports-only-the-port-errors-and-the-http-client: src/platforms/one/index.ts → src/platforms/two/index.ts',
  'a-platform-imports-only-the-port-errors-and-the-http-client: src/platforms/two/index.ts → src/orders/other.ts',
  'src-simulators-imports-only-what-it-may: src/simulators/index.ts → src/errors/index.ts',
  'simulators-are-started-by-the-command-line-and-tests-only: src/api/index.ts → src/simulators/index.ts',
  'src-api-imports-only-what-it-may: src/api/index.ts → src/simulators/index.ts',
  'no-circles: src/api/circle-a.ts → src/api/circle-b.ts',
  'everything-is-found: src/api/dev.ts → ./nowhere.ts',
  'the-product-needs-no-development-package: src/api/dev.ts → node_modules/vitest/index.js',
  'flows-imports-only-what-it-may: flows/index.ts → src/platforms/two/index.ts',
  'the-engine-knows-no-platform: flows/index.ts → src/platforms/two/index.ts',
  'platforms-are-known-by-the-registry-only: flows/index.ts → src/platforms/two/index.ts',
  'workers-do-not-import-the-api: workers/index.ts → src/api/circle-a.ts',
  'the-command-line-is-the-top: workers/index.ts → src/cli/main.ts',
  'the-product-does-not-import-tests: workers/index.ts → test/x.ts',
])('the gate sees %s', (violation) => {
  expect(broken).toContain(violation);
});
