import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { PLATFORMS } from '../../src/platforms/registry.ts';

const ROOT = resolve(import.meta.dirname, '../..');

// Parts of names as they are also written apart: the engine must not prepare for one of them by any spelling.
const NAMES = [
  ...PLATFORMS.map(({ name }) => [name]),
  ['sip', 'wise'],
  ['ngcp'],
  ['sip', 'pulse'],
  ['ngn', 'pro'],
  ['ag', 'projects'],
  ['sip', 'thor'],
  ['web', 'portal'],
];
const NAMED = new RegExp(NAMES.map((parts) => parts.join(String.raw`[\s_.:-]*`)).join('|'), 'i');

function filesOf(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

test('no platform is named in flows/ or workers/, comments and file names included', () => {
  const files = [...filesOf('flows'), ...filesOf('workers')];
  expect(files.length).toBeGreaterThan(0);
  const found = files.flatMap((file) =>
    [file.slice(ROOT.length), ...readFileSync(file, 'utf8').split('\n')]
      .filter((line) => NAMED.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  );
  expect(found).toEqual([]);
});

test.each([
  ['every platform that there is', PLATFORMS.map(({ name }) => `if (target.platform.name === '${name}') return;`)],
  ['every platform that there is, in capitals', PLATFORMS.map(({ name }) => `// ${name.toUpperCase()} needs this`)],
  ['every platform by its title', PLATFORMS.map(({ title }) => `/** As ${title} wants it. */`)],
  [
    'names in other spellings',
    ['isSipPulse', 'ngn-pro', 'NGN_Pro', 'sip pulse', 'Sip:Wise', 'Web-Portal', 'SIP Thor', 'NGCP'],
  ],
])('the check sees %s', (_, lines) => {
  expect(lines.filter((line) => !NAMED.test(line))).toEqual([]);
});
