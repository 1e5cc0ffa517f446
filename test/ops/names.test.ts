import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { PLATFORMS } from '../../src/platforms/registry.ts';

const ROOT = resolve(import.meta.dirname, '../..');

// Also those that are not built yet: the engine must not prepare for one of them by name either.
const PLATFORM_NAMES = [...PLATFORMS.map(({ name }) => name), 'sipwise', 'ngcp', 'sippulse', 'ngnpro', 'webportal'];

function filesOf(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

test('no platform is named in flows/ or workers/, comments and file names included', () => {
  const named = new RegExp(PLATFORM_NAMES.join('|'), 'i');
  const files = [...filesOf('flows'), ...filesOf('workers')];
  expect(files.length).toBeGreaterThan(0);
  const found = files.flatMap((file) =>
    [file.slice(ROOT.length), ...readFileSync(file, 'utf8').split('\n')]
      .filter((line) => named.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  );
  expect(found).toEqual([]);
});
